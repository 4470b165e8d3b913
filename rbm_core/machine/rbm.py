"""The machine: parameters, energies and conditional laws of a binary RBM."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError, ShapeError
from rbm_core.generators import Generator, bernoulli, normal
from rbm_core.machine.parameters import Parameters
from rbm_core.machine.softplus import softplus

__all__ = ["RBM"]

# A pixel that is never on would get a bias of minus infinity; Hinton (2012) section 8.1 starts
# biases at the log odds of the data, so the odds are kept finite. On MNIST a floor of 0.01 costs
# 2.3 nats at the start, which slow learning hardly makes up for; this one costs 0.2.
MEAN_FLOOR = 0.001


@dataclass(frozen=True, eq=False)
class RBM:
    r"""A binary Restricted Boltzmann Machine, or an ensemble of them along leading axes.

    E(v, h) = -b_v·v - b_h·h - v W h,  p(v, h) = exp(-E(v, h)) / Z,  v and h in {0, 1}.

    Attributes:
        weights: W, shape (..., n_visible, n_hidden). Leading axes are replicas.
        visible_bias: b_v, shape (..., n_visible).
        hidden_bias: b_h, shape (..., n_hidden).

    Raises:
        ShapeError: If the three shapes do not belong together.

    Example:
        >>> rbm = RBM(torch.zeros(3, 2), torch.zeros(3), torch.zeros(2))
        >>> rbm.mean_h_given_v(torch.ones(5, 3)).shape
        torch.Size([5, 2])

    Source: Hinton (2012), A Practical Guide to Training Restricted Boltzmann Machines.
    """

    weights: Tensor
    visible_bias: Tensor
    hidden_bias: Tensor

    def __post_init__(self) -> None:
        """Check that the three tensors describe one machine."""
        shape = tuple(self.weights.shape)
        if (
            len(shape) < 2
            or tuple(self.visible_bias.shape) != shape[:-1]
            or tuple(self.hidden_bias.shape) != (*shape[:-2], shape[-1])
        ):
            raise ShapeError(
                f"weights {shape}, visible_bias {tuple(self.visible_bias.shape)} and hidden_bias "
                f"{tuple(self.hidden_bias.shape)} do not fit; they must be "
                "(..., n_visible, n_hidden), (..., n_visible) and (..., n_hidden)"
            )
        if 0 in shape:
            raise ShapeError(f"weights {shape} have an empty axis; every layer needs a unit")

    @classmethod
    def initialise(
        cls,
        n_visible: int,
        n_hidden: int,
        weight_std: float = 0.01,
        visible_mean: Tensor | None = None,
        *,
        generator: Generator,
        n_replicas: int | None = None,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> RBM:
        """Draw a fresh machine: W ~ N(0, weight_std²), hidden biases zero.

        Args:
            n_visible: Visible units, at least 1.
            n_hidden: Hidden units, at least 1.
            weight_std: Standard deviation of the weights, at least 0.
            visible_mean: Mean of the data per visible unit, shape (n_visible,); gives visible
                biases log(m / (1 - m)) with m kept within [0.001, 0.999]. None means zero biases.
            generator: Advanced in place.
            n_replicas: None for one machine, else the size of a leading replica axis.
            dtype: Floating type of the parameters.
            device: Device of the parameters.

        Raises:
            ConfigError: If a size or the deviation is out of range.
            ShapeError: If visible_mean is not (n_visible,).

        Source: Hinton (2012), section 8.
        """
        if n_visible < 1 or n_hidden < 1:
            raise ConfigError(
                f"n_visible is {n_visible} and n_hidden is {n_hidden}; both must be at least 1"
            )
        if not weight_std >= 0:
            raise ConfigError(f"weight_std is {weight_std}; it must be 0 or larger")
        lead = () if n_replicas is None else (n_replicas,)
        weights = normal((*lead, n_visible, n_hidden), generator, dtype=dtype, device=device)
        bias = torch.zeros(n_visible, dtype=dtype, device=device)
        if visible_mean is not None:
            if tuple(visible_mean.shape) != (n_visible,):
                raise ShapeError(
                    f"visible_mean has shape {tuple(visible_mean.shape)}; it must be ({n_visible},)"
                )
            mean = visible_mean.to(dtype=dtype, device=device)
            bias = torch.logit(mean.clamp(MEAN_FLOOR, 1 - MEAN_FLOOR))
        return cls(
            weights * weight_std,
            bias.expand(*lead, n_visible).clone(),
            torch.zeros(*lead, n_hidden, dtype=dtype, device=device),
        )

    @property
    def n_visible(self) -> int:
        """Number of visible units."""
        return self.weights.shape[-2]

    @property
    def n_hidden(self) -> int:
        """Number of hidden units."""
        return self.weights.shape[-1]

    @property
    def replica_shape(self) -> tuple[int, ...]:
        """Shape of the leading replica axes; () for one machine."""
        return tuple(self.weights.shape[:-2])

    def to(
        self, *, dtype: torch.dtype | None = None, device: torch.device | str | None = None
    ) -> RBM:
        """Return the same machine with another dtype or on another device."""
        here = self.weights
        dtype, device = dtype or here.dtype, torch.device(device or here.device)
        if (dtype, device) == (here.dtype, here.device):
            return self  # nothing of it can change
        return RBM(*(p.to(dtype=dtype, device=device) for p in self.parameters()))

    def clone(self) -> RBM:
        """Return an independent copy."""
        return RBM(*self.parameters().clone())

    def replica(self, index: int) -> RBM:
        """Return one machine of an ensemble, sharing its memory."""
        return RBM(*(p[index] for p in self.parameters()))

    def parameters(self) -> Parameters:
        """Return weights, visible bias and hidden bias."""
        return Parameters(self.weights, self.visible_bias, self.hidden_bias)

    def layers_swapped(self) -> RBM:
        """Return the machine with visible and hidden layers exchanged (W transposed)."""
        return RBM(self.weights.transpose(-1, -2), self.hidden_bias, self.visible_bias)

    def scaled(self, beta: float) -> RBM:
        """Return the machine at inverse temperature beta: every parameter times beta."""
        return RBM(*(p * beta for p in self.parameters()))

    def hidden_field(self, v: Tensor) -> Tensor:
        """Input of each hidden unit, v W + b_h.

        Args:
            v: Visible states, shape (..., n_chains, n_visible).

        Returns:
            Fields, shape (..., n_chains, n_hidden); their logistic function is `mean_h_given_v`.

        Raises:
            ShapeError: If the last axis of v is not n_visible.
        """
        _require_last_axis(v, self.n_visible, "v", "n_visible")
        return v @ self.weights + _per_chain(self.hidden_bias, v)

    def visible_field(self, h: Tensor) -> Tensor:
        """Input of each visible unit, h Wᵀ + b_v.

        Args:
            h: Hidden states, shape (..., n_chains, n_hidden).

        Returns:
            Fields, shape (..., n_chains, n_visible); their logistic function is `mean_v_given_h`.

        Raises:
            ShapeError: If the last axis of h is not n_hidden.
        """
        _require_last_axis(h, self.n_hidden, "h", "n_hidden")
        return h @ self.weights.transpose(-1, -2) + _per_chain(self.visible_bias, h)

    def energy(self, v: Tensor, h: Tensor) -> Tensor:
        r"""Energy of joint states, E(v, h) = -b_v·v - b_h·h - v W h.

        Args:
            v: Visible states in {0, 1}, shape (..., n_chains, n_visible).
            h: Hidden states in {0, 1}, shape (..., n_chains, n_hidden).

        Returns:
            Energies in nats, shape (..., n_chains).

        Raises:
            ShapeError: If the last axis of v or h does not fit.

        Source: Hinton (2012), eq. 1.
        """
        _require_last_axis(h, self.n_hidden, "h", "n_hidden")
        interaction = (self.hidden_field(v) * h).sum(-1)  # v W h + b_h·h
        return -interaction - (v * _per_chain(self.visible_bias, v)).sum(-1)

    def free_energy(self, v: Tensor) -> Tensor:
        r"""Free energy of visible states, the hidden layer summed out exactly.

        F(v) = -b_v·v - Σ_j softplus((v W + b_h)_j),  so  log p(v) = -F(v) - log Z.

        Args:
            v: Visible states in {0, 1}, shape (..., n_chains, n_visible).

        Returns:
            Free energies in nats, shape (..., n_chains).

        Raises:
            ShapeError: If the last axis of v is not n_visible.

        Source: Hinton (2012), eq. 25.

        Example:
            >>> import torch
            >>> from rbm_core import RBM
            >>> rbm = RBM(torch.zeros(3, 2), torch.zeros(3), torch.zeros(2))  # every state alike
            >>> rbm.free_energy(torch.tensor([[1.0, 1.0, 0.0]]))  # -2 ln 2
            tensor([-1.3863])
        """
        hidden_term = softplus(self.hidden_field(v)).sum(-1)
        return -hidden_term - (v * _per_chain(self.visible_bias, v)).sum(-1)

    def mean_h_given_v(self, v: Tensor) -> Tensor:
        """p(h_j = 1 given v) for each hidden unit.

        Args:
            v: Visible states, shape (..., n_chains, n_visible).

        Returns:
            Probabilities, shape (..., n_chains, n_hidden).
        """
        return torch.sigmoid(self.hidden_field(v))

    def mean_v_given_h(self, h: Tensor) -> Tensor:
        """p(v_i = 1 given h) for each visible unit.

        Args:
            h: Hidden states, shape (..., n_chains, n_hidden).

        Returns:
            Probabilities, shape (..., n_chains, n_visible).
        """
        return torch.sigmoid(self.visible_field(h))

    def sample_h_given_v(self, v: Tensor, generator: Generator) -> Tensor:
        """Draw hidden states from p(h given v).

        Args:
            v: Visible states, shape (..., n_chains, n_visible).
            generator: Advanced in place.

        Returns:
            Draws of 0.0 and 1.0, shape (..., n_chains, n_hidden).
        """
        return bernoulli(self.mean_h_given_v(v), generator)

    def sample_v_given_h(self, h: Tensor, generator: Generator) -> Tensor:
        """Draw visible states from p(v given h).

        Args:
            h: Hidden states, shape (..., n_chains, n_hidden).
            generator: Advanced in place.

        Returns:
            Draws of 0.0 and 1.0, shape (..., n_chains, n_visible).
        """
        return bernoulli(self.mean_v_given_h(h), generator)


def _per_chain(bias: Tensor, states: Tensor) -> Tensor:
    """Insert the chain axis into a bias, unless the states are one bare vector."""
    return bias if states.ndim == 1 else bias.unsqueeze(-2)


def _require_last_axis(states: Tensor, size: int, name: str, size_name: str) -> None:
    if states.ndim == 0 or states.shape[-1] != size:
        raise ShapeError(
            f"{name} has shape {tuple(states.shape)}; its last axis must be {size_name} = {size}"
        )
