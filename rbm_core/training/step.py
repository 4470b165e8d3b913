"""From a gradient to the next parameters: centring, decay, momentum, the step itself."""

from __future__ import annotations

import torch
from torch import Tensor

from rbm_core.training.config import TrainConfig
from rbm_core.training.kernels.kernel import Kernel
from rbm_core.training.state import TrainState

__all__ = ["CENTRING_RATE", "Step"]

# Centring offsets follow the data statistics with this rate (Melchior, Fischer & Wiskott, 2016,
# Journal of Machine Learning Research 17, section 4.2: 0.01).
CENTRING_RATE = 0.01


class Step:
    """Moves a kernel's machine along the kernel's gradient, in place.

    Attributes:
        velocity: Last step of each parameter.
        offset_v: Centring offset of the visible units.
        offset_h: Centring offset of the hidden units.
    """

    def __init__(
        self, kernel: Kernel, config: TrainConfig, state: TrainState, rate_factors: Tensor | None
    ) -> None:
        """Take over where a state left.

        Args:
            kernel: Holds the machine and its gradient.
            config: Gives centring, decay and momentum.
            state: Gives velocity and offsets; they are copied.
            rate_factors: Multiplies the learning rate of each replica, shape (n_replicas,).
        """
        self._kernel, self._config, self._rate_factors = kernel, config, rate_factors
        self._has_momentum = any(config.momentum_schedule.values)
        self.velocity = state.velocity.clone()
        self.offset_v = state.offset_v.clone()
        self.offset_h = state.offset_h.clone()

    def apply(self, rate: float | Tensor, keep: float | Tensor) -> None:
        """Make one update.

        Args:
            rate: Learning rate.
            keep: Share of the last step that is kept.
        """
        if self._config.gradient == "centred":
            self._centre()
        self._decay()
        kernel = self._kernel
        if self._rate_factors is not None:
            for slope in kernel.slopes:
                slope.mul_(self._rate_factors.view(-1, *[1] * (slope.ndim - 1)))
        if not self._has_momentum:
            for parameter, slope in zip(kernel.parameters, kernel.slopes, strict=True):
                _add_scaled(parameter, slope, rate)
            return
        for parameter, slope, velocity in zip(
            kernel.rbm.parameters(), kernel.gradient, self.velocity, strict=True
        ):
            _add_scaled(velocity.mul_(keep), slope, rate)
            parameter.add_(velocity)

    def _centre(self) -> None:
        """Turn the plain gradient into the centred one, in place.

        With offsets μ, λ: ∇W = ⟨(v-μ)(h-λ)⟩ data minus model, ∇b_v = plain - ∇W λ,
        ∇b_h = plain - ∇Wᵀ μ (Melchior, Fischer & Wiskott 2016, eqs. 21 to 23).
        """
        gradient = self._kernel.gradient
        mean_v, mean_h = self._kernel.data_means()
        self.offset_v.lerp_(mean_v, CENTRING_RATE)
        self.offset_h.lerp_(mean_h, CENTRING_RATE)
        mu = self.offset_v.to(gradient.weights)  # a kernel may hold gradients in double precision
        lam = self.offset_h.to(gradient.weights)
        gradient.weights.sub_(gradient.visible_bias.unsqueeze(-1) * lam.unsqueeze(-2))
        gradient.weights.sub_(mu.unsqueeze(-1) * gradient.hidden_bias.unsqueeze(-2))
        gradient.visible_bias.sub_((gradient.weights @ lam.unsqueeze(-1)).squeeze(-1))
        gradient.hidden_bias.sub_((mu.unsqueeze(-2) @ gradient.weights).squeeze(-2))

    def _decay(self) -> None:
        """Pull the weights, not the biases, towards zero, in place."""
        slope, weights = self._kernel.gradient.weights, self._kernel.rbm.weights
        if self._config.l2:
            slope.add_(weights, alpha=-self._config.l2)
        if self._config.l1:
            slope.add_(torch.sign(weights), alpha=-self._config.l1)


def _add_scaled(target: Tensor, step: Tensor, scale: float | Tensor) -> None:
    """Add scale times step in place; a tensor's scale may change under captured work."""
    if isinstance(scale, Tensor):
        target.add_(step * scale)
    else:
        target.add_(step, alpha=scale)
