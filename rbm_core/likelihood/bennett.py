"""Bennett's acceptance ratio: log Z between two machines from states of both."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.errors import ShapeError

__all__ = ["bennett", "bennett_without_each_column"]

# Newton's steps take six or so. Where one would leave the bracket it is halved instead, and sixty
# halvings bring any bracket below the spacing of double-precision numbers.
N_STEPS = 60
CLOSE = 1e-12


def bennett(works_lo: Tensor, works_hi: Tensor) -> Tensor:
    """Difference of log Z between two machines, from the works of states drawn from both.

    With w = F_hi - F_lo, Δ = log Z_hi - log Z_lo is the root of

    Σ_lo σ(-w - Δ) = Σ_hi σ(w + Δ),

    the estimate of least variance that such states allow.

    Args:
        works_lo: w of states from the lower machine, nats, shape (..., n).
        works_hi: w of as many states from the upper machine, shape (..., n).

    Returns:
        Δ in nats, shape (...), float64.

    Raises:
        ShapeError: If the shapes differ or there is no state.

    Bias: Of the order of its variance; it vanishes as n grows.

    Source: Bennett (1976), Journal of Computational Physics 22, 245, eq. 12a.
    """
    if works_lo.shape != works_hi.shape or works_lo.ndim < 1 or works_lo.shape[-1] < 1:
        raise ShapeError(
            f"works_lo has shape {tuple(works_lo.shape)} and works_hi {tuple(works_hi.shape)}; "
            "both must be the same (..., n) with n at least 1"
        )
    lo, hi = works_lo.double(), works_hi.double()
    # The root lies between the extremes of -w: there every term of one side is below ½, and
    # every term of the other above.
    low = -torch.maximum(lo.amax(-1), hi.amax(-1))
    high = -torch.minimum(lo.amin(-1), hi.amin(-1))
    delta = (low + high) / 2
    for _ in range(N_STEPS):
        excess, slope = _excess(lo, hi, delta)
        rising = excess.sum(-1) > 0
        low, high = torch.where(rising, delta, low), torch.where(rising, high, delta)
        newton = delta + excess.sum(-1) / slope.sum(-1)
        inside = (low <= newton) & (newton <= high)  # false for NaN
        following = torch.where(inside, newton, (low + high) / 2)
        moved = (following - delta).abs() > CLOSE * (1 + following.abs())
        delta = following
        if not bool(moved.any()):
            break
    return delta


def bennett_without_each_column(works_lo: Tensor, works_hi: Tensor, delta: Tensor) -> Tensor:
    """Bennett's root with each column of the states left out in turn, by a Newton step from it.

    Args:
        works_lo: Shape (..., n_columns, n).
        works_hi: Shape (..., n_columns, n).
        delta: `bennett` of all columns, shape (...).

    Returns:
        Roots, shape (..., n_columns).
    """
    lo, hi, root = works_lo.double(), works_hi.double(), delta[..., None, None]
    excess, slope = (terms.sum(-1) for terms in _excess(lo, hi, root[..., 0]))
    return delta[..., None] - excess / (slope.sum(-1, keepdim=True) - slope)


def _excess(lo: Tensor, hi: Tensor, delta: Tensor) -> tuple[Tensor, Tensor]:
    """Terms of Bennett's equation, left minus right, and how fast they fall as Δ rises."""
    shift = delta.unsqueeze(-1)
    below, above = torch.sigmoid(-lo - shift), torch.sigmoid(hi + shift)
    return below - above, below * (1 - below) + above * (1 - above)
