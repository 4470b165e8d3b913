"""log Z of the frames of a film that a ladder steps over, from the rungs on either side."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own customary name)
from torch import Tensor

from rbm_core.errors import ShapeError
from rbm_core.likelihood.ladder import works
from rbm_core.machine.rbm import RBM

__all__ = ["FramesBetween"]


class FramesBetween:
    r"""Collects what frames between two rungs need, round by round, and estimates their log Z.

    With states of both rungs a and b taken as draws of one mixture, half of each,

    Z_t = mean e^{-F_t(v)} / (½ e^{-F_a(v)} / Z_a + ½ e^{-F_b(v)} / Z_b);

    for t = a and t = b this gives back Bennett's ratio.

    Source: Shirts & Chodera (2008), Journal of Chemical Physics 129, 124105, for two states.
    """

    def __init__(self, film: RBM, rungs: RBM, positions: Tensor) -> None:
        """Find the pair of rungs that each frame lies between.

        Args:
            film: Machines by age, replicas along one axis.
            rungs: Machines of the ladder, from `trajectory_ladder` of the film.
            positions: Where each rung stands in the film, shape (n_rungs,), as the ladder says.

        Raises:
            ShapeError: If film, rungs and positions do not belong together.
        """
        n_frames = len(film.weights)
        if len(positions) != len(rungs.weights) or float(positions[-1]) != n_frames - 1:
            raise ShapeError(
                f"{len(rungs.weights)} rungs, {len(positions)} positions and {n_frames} frames do "
                "not belong together; take all three from one trajectory_ladder"
            )
        ages = torch.arange(n_frames, dtype=positions.dtype)
        self._low = (torch.searchsorted(positions, ages, right=True) - 1).clamp_max(
            len(positions) - 2
        )
        self._film = film
        self._rungs = rungs
        self._offsets: list[Tensor] = []
        self._works: list[Tensor] = []

    def add(self, v: Tensor) -> None:
        """Take up the states of one round.

        Args:
            v: Visible states, shape (n_rungs, n_columns, n_visible).
        """
        base = RBM(*(p[self._low] for p in self._rungs.parameters()))
        sides = (v[self._low], v[self._low + 1])
        offsets = [(self._film.free_energy(s) - base.free_energy(s)).double() for s in sides]
        self._offsets.append(torch.stack(offsets, -1))  # (n_frames, n_columns, 2)
        self._works.append(torch.stack(works(self._rungs, v), -1))

    def log_partition(self, rungs: Tensor, without: Tensor) -> tuple[Tensor, Tensor]:
        """Estimate log Z of every frame.

        Args:
            rungs: log Z of each rung, shape (n_rungs,).
            without: The same with each column left out, shape (n_rungs, n_columns).

        Returns:
            log Z and its standard error by the jackknife over columns, each of shape (n_frames,).
        """
        offsets = torch.cat(self._offsets, -1)  # (n_frames, n_columns, n)
        low, high = self._low, self._low + 1
        step = (rungs[high] - rungs[low])[:, None, None]
        against = -torch.cat(self._works, -1)[low] - step  # log p_b / p_a of each state
        log_weight = -offsets - F.softplus(against)
        total = torch.logsumexp(log_weight, (1, 2))
        weight = (log_weight - total[:, None, None]).exp()
        of_column = weight.sum(-1)  # (n_frames, n_columns)
        from_high = (weight * torch.sigmoid(against)).sum((1, 2))[:, None]
        n_columns = offsets.shape[1]
        shift = (1 - from_high) * (without[low] - rungs[low, None])
        shift = shift + from_high * (without[high] - rungs[high, None])
        left_out = torch.log1p(-of_column) + shift  # up to a constant
        error = (left_out.var(1, correction=0) * (n_columns - 1)).sqrt()
        count = math.log(offsets.shape[1] * offsets.shape[2] / 2)
        return rungs[low] + total - count, error
