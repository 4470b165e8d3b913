"""Gibbs sampling: half-steps, steps and chains, with any visible units clamped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from rbm_core.errors import ConfigError
from rbm_core.generators import Generator, bernoulli, fill_uniform, uniform
from rbm_core.machine.products import affine, transposed
from rbm_core.machine.rbm import RBM

__all__ = [
    "GibbsInfo",
    "HalfStep",
    "clamp_mask",
    "gibbs_chain",
    "gibbs_step",
    "half_step_hidden",
    "half_step_visible",
    "noise",
]

# Weights from which packing bits is worth loading compiled code for.
PACKED_MIN = 4096


@dataclass(frozen=True, eq=False)
class HalfStep:
    """Everything that happened to one layer in half a Gibbs step.

    All shapes are (..., n_chains, n_units).

    Attributes:
        field: Input of each unit.
        probability: Logistic function of the field.
        uniform: The uniform number that decided each unit.
        outcome: 1.0 where uniform < probability, else 0.0; a clamped unit keeps its value.
    """

    field: Tensor
    probability: Tensor
    uniform: Tensor
    outcome: Tensor


@dataclass(frozen=True, eq=False)
class GibbsInfo:
    """What a Gibbs step passed through, diagnostics only.

    Attributes:
        h: Hidden states drawn, shape (..., n_chains, n_hidden).
        mean_v: Probabilities the new visible states were drawn from,
            shape (..., n_chains, n_visible); a clamped unit shows its value.
    """

    h: Tensor
    mean_v: Tensor


def clamp_mask(n_visible: int, clamped: Sequence[int]) -> Tensor:
    """Turn indices of clamped visible units into a mask.

    Args:
        n_visible: Number of visible units.
        clamped: Indices of the units to hold, each from 0 to n_visible - 1.

    Returns:
        Boolean mask, shape (n_visible,), true where a unit is held.

    Raises:
        ConfigError: If an index is out of range.
    """
    mask = torch.zeros(n_visible, dtype=torch.bool)
    for index in clamped:
        if not 0 <= index < n_visible:
            raise ConfigError(
                f"clamped unit {index} does not exist; units run from 0 to {n_visible - 1}"
            )
        mask[index] = True
    return mask


def half_step_hidden(
    rbm: RBM, v: Tensor, generator: Generator, *, coins: Tensor | None = None
) -> HalfStep:
    """Draw the hidden layer given the visible one, and tell how.

    Args:
        rbm: The machine.
        v: Visible states, shape (..., n_chains, n_visible).
        generator: Advanced in place unless `coins` is given.
        coins: Uniforms to use instead of drawn ones, shape (..., n_chains, n_hidden).
    """
    field = rbm.hidden_field(v)
    return _decide(field, generator, coins)


def half_step_visible(
    rbm: RBM,
    h: Tensor,
    generator: Generator,
    *,
    clamp: Tensor | None = None,
    held: Tensor | None = None,
    coins: Tensor | None = None,
) -> HalfStep:
    """Draw the visible layer given the hidden one, and tell how.

    Args:
        rbm: The machine.
        h: Hidden states, shape (..., n_chains, n_hidden).
        generator: Advanced in place unless `coins` is given.
        clamp: Boolean mask of held visible units, shape (n_visible,), or None.
        held: Values of the held units, shape (..., n_chains, n_visible); needed with `clamp`.
        coins: Uniforms to use instead of drawn ones, shape (..., n_chains, n_visible).

    Raises:
        ConfigError: If `clamp` comes without `held`.
    """
    step = _decide(rbm.visible_field(h), generator, coins)
    if clamp is None:
        return step
    if held is None:
        raise ConfigError("clamp came without held; give the values that the units shall keep")
    clamp = clamp.to(held.device)
    return HalfStep(
        step.field,
        torch.where(clamp, held, step.probability),
        step.uniform,
        torch.where(clamp, held, step.outcome),
    )


def gibbs_step(
    rbm: RBM, v: Tensor, generator: Generator, *, clamp: Tensor | None = None
) -> tuple[Tensor, GibbsInfo]:
    """One update v → h → v.

    It leaves p(v) unchanged; with units clamped, it leaves p(v given the clamped units) unchanged.

    Args:
        rbm: The machine.
        v: Visible states, shape (..., n_chains, n_visible).
        generator: Advanced in place.
        clamp: Boolean mask of visible units that keep their value, shape (n_visible,).

    Returns:
        The new visible states, shape (..., n_chains, n_visible), and the step's `GibbsInfo`.

    Example:
        >>> from rbm_core import gibbs_step, load_dataset, make_generator, preset
        >>> xor = load_dataset("xor")
        >>> rbm = preset("xor-ready").recipe.fresh_rbm(xor)
        >>> v, info = gibbs_step(rbm, xor.train, make_generator(0))
        >>> v.shape, info.h.shape
        (torch.Size([4, 3]), torch.Size([4, 4]))
    """
    h = rbm.sample_h_given_v(v, generator)
    mean_v = rbm.mean_v_given_h(h)
    if clamp is not None:
        # A probability of exactly 0 or 1 draws itself, so held units stay as they are.
        mean_v = torch.where(clamp.to(v.device), v, mean_v)
    return bernoulli(mean_v, generator), GibbsInfo(h, mean_v)


def gibbs_chain(
    rbm: RBM,
    v: Tensor,
    n_gibbs_steps: int,
    generator: Generator,
    *,
    clamp: Tensor | None = None,
) -> Iterator[Tensor]:
    """Run chains and give the visible states after each step.

    Args:
        rbm: The machine.
        v: Starting states, shape (..., n_chains, n_visible); not given again.
        n_gibbs_steps: How many steps to take.
        generator: Advanced in place as the iterator is drawn from.
        clamp: Boolean mask of visible units that keep their value, shape (n_visible,).

    Yields:
        Visible states after 1, 2, …, n_gibbs_steps steps, shape (..., n_chains, n_visible).
    """
    shape = (*rbm.replica_shape, *v.shape[-2:-1], rbm.n_visible)
    if v.ndim == rbm.weights.ndim <= 3 and tuple(v.shape) == shape:
        chain = _packed_chain if _suits_packing(rbm, v) else _buffered_chain
        yield from chain(rbm, v, n_gibbs_steps, generator, clamp)
        return
    for _ in range(n_gibbs_steps):
        v, _info = gibbs_step(rbm, v, generator, clamp=clamp)
        yield v


@torch.no_grad()
def _buffered_chain(
    rbm: RBM, v: Tensor, n_gibbs_steps: int, generator: Generator, clamp: Tensor | None
) -> Iterator[Tensor]:
    """The steps of `gibbs_step` with the same coins, without its allocations and checks."""
    weights_t = transposed(rbm.weights, v.shape[-2], n_gibbs_steps)
    mean_v = rbm.weights.new_empty(v.shape)
    h = rbm.weights.new_empty((*v.shape[:-1], rbm.n_hidden))
    mean_h = torch.empty_like(h)
    held = None if clamp is None else clamp.to(v.device)
    for _ in range(n_gibbs_steps):
        affine(rbm.hidden_bias, v, rbm.weights, out=mean_h).sigmoid_()
        fill_uniform(h, generator).lt_(mean_h)
        affine(rbm.visible_bias, h, weights_t, out=mean_v).sigmoid_()
        if held is not None:
            torch.where(held, v, mean_v, out=mean_v)
        v = fill_uniform(torch.empty_like(mean_v), generator).lt_(mean_v)
        yield v


def _suits_packing(rbm: RBM, v: Tensor) -> bool:
    """Whether the states are bits of one machine that is large enough to pack them."""
    weights = rbm.weights
    return (
        weights.ndim == 2
        and weights.numel() >= PACKED_MIN
        and weights.dtype == v.dtype == torch.float32
        and weights.device.type == v.device.type == "cpu"
        and bool(((v == 0) | (v == 1)).all())
    )


@torch.no_grad()
def _packed_chain(
    rbm: RBM, v: Tensor, n_gibbs_steps: int, generator: Generator, clamp: Tensor | None
) -> Iterator[Tensor]:
    """The steps of `gibbs_step` with the same coins, on packed bits."""
    # Loading compiled code takes a second, which small machines need not pay.
    from rbm_core.machine.packed import pack, unpack
    from rbm_core.machine.packed_machine import PackedLayer, PackedMachine, flat

    n_chains, n_visible = v.shape
    machine = PackedMachine(rbm)
    visible, hidden = PackedLayer(n_chains, n_visible), PackedLayer(n_chains, rbm.n_hidden)
    visible.words[:] = pack(v).reshape(-1)
    held = None if clamp is None else pack(clamp.expand_as(v)).reshape(-1)
    kept = None if held is None else visible.words & held
    for _ in range(n_gibbs_steps):
        machine.hidden_fields(visible.words, n_chains, hidden.fields)
        hidden.draw(hidden.fields, generator)
        machine.visible_fields(hidden.words, n_chains, visible.fields)
        visible.draw(visible.fields, generator)
        if held is not None and kept is not None:
            visible.words[:] = visible.words & ~held | kept
        v = torch.empty(n_chains, n_visible)
        unpack(visible.words, n_chains, n_visible, flat(v))
        yield v


def noise(rbm: RBM, n_chains: int, generator: Generator) -> Tensor:
    """Draw fair-coin visible states, the start of a chain from noise.

    Args:
        rbm: Gives the sizes, dtype and device.
        n_chains: Chains per machine.
        generator: Advanced in place.

    Returns:
        States, shape (..., n_chains, n_visible).
    """
    shape = (*rbm.replica_shape, n_chains, rbm.n_visible)
    return uniform(shape, generator, rbm.weights).lt_(0.5)


def _decide(field: Tensor, generator: Generator, coins: Tensor | None) -> HalfStep:
    probability = torch.sigmoid(field)
    drawn = uniform(field.shape, generator, field) if coins is None else coins
    return HalfStep(field, probability, drawn, (drawn < probability).to(field.dtype))
