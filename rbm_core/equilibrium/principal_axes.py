"""Principal axes of data, and the spread that independent units would have along them."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError, require_whole

__all__ = ["PrincipalAxes", "predicted_growth", "principal_axes"]


@dataclass(frozen=True, eq=False, kw_only=True)
class PrincipalAxes:
    """Directions of the data in falling order of their variance; all float64, on the CPU.

    Attributes:
        directions: Unit columns, shape (n_visible, n_axes).
        variances: Variance of the data along each, shape (n_axes,).
        independent: Variance along each that independent units of the same means would have,
            shape (n_axes,).
    """

    directions: Tensor
    variances: Tensor
    independent: Tensor


def principal_axes(data: Tensor, n_axes: int | None = None) -> PrincipalAxes:
    """Principal axes of the data.

    Args:
        data: Rows, shape (n_samples, n_visible), at least 2.
        n_axes: Leading axes; None takes all n_visible.

    Raises:
        ShapeError: If there are not two rows or more.
        ConfigError: If n_axes is out of range.
    """
    if data.ndim != 2 or len(data) < 2:
        raise ShapeError(
            f"data has shape {tuple(data.shape)}; it must be (n_samples, n_visible) "
            "with at least 2 samples"
        )
    n = data.shape[1] if n_axes is None else n_axes
    require_whole("n_axes", n, most=data.shape[1])
    rows = data.detach().cpu().double()
    mean = rows.mean(0)
    centred = rows - mean
    rising, vectors = torch.linalg.eigh(centred.T @ centred / len(rows))
    directions = vectors.flip(-1)[:, :n]
    return PrincipalAxes(
        directions=directions,
        variances=rising.flip(-1)[:n],
        independent=(mean * (1 - mean)) @ directions.square(),
    )


def predicted_growth(axes: PrincipalAxes, learning_rate: float) -> Tensor:
    r"""Rate at which each mode of small weights grows, d ln s_α / d update = lr (λ_α - λ⁰_α) / 4.

    λ_α is the variance of the data along axis α, λ⁰_α the independent one. It holds for zero hidden
    biases while the machine is still independent, long before its susceptibility departs from 1.

    Args:
        axes: Of the training data.
        learning_rate: Step size of the run, above 0.

    Returns:
        Growth per update, shape (n_axes,), float64; negative for modes that shrink.

    Raises:
        ConfigError: If the rate is not above 0.

    Bias: The plain gradient's first mode is none of these, see `bulk_edge`: use the centred one.

    Source: Decelle, Fissore & Furtlehner (2017), arXiv 1708.02917, linear regime.
    """
    if not learning_rate > 0:
        raise ConfigError(f"learning_rate is {learning_rate}; it must be above 0")
    return learning_rate * (axes.variances - axes.independent) / 4
