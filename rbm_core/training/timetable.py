"""What a run's schedules say at each update."""

from __future__ import annotations

import numpy as np

from rbm_core.training.config import TrainConfig
from rbm_core.training.schedules import Schedule
from rbm_core.training.small import Floats, Timed

__all__ = ["Timetable"]


class Timetable:
    """The schedules of a run, asked by update."""

    def __init__(self, config: TrainConfig, n_updates_per_epoch: int) -> None:
        """Read the schedules.

        Args:
            config: Holds them, by epoch.
            n_updates_per_epoch: Updates in an epoch.
        """
        self._rate, self._keep = config.learning_rate_schedule, config.momentum_schedule
        self._k = config.k_schedule
        self._n_updates_per_epoch = n_updates_per_epoch

    def rate(self, update: int) -> float:
        """Learning rate of the update after so many."""
        return self._at(self._rate, update)

    def keep(self, update: int) -> float:
        """Momentum of the update after so many."""
        return self._at(self._keep, update)

    def k(self, update: int) -> int:
        """Gibbs steps of the update after so many."""
        return max(1, round(self._at(self._k, update)))

    def timed(self, update: int, n_updates: int) -> Timed:
        """All three for some updates in a row.

        Args:
            update: Updates made before the first of them.
            n_updates: How many.
        """
        return Timed(
            rates=self._values(self._rate, update, n_updates),
            keeps=self._values(self._keep, update, n_updates),
            ks=np.maximum(1, self._values(self._k, update, n_updates).round()).astype(np.int64),
        )

    def _values(self, schedule: Schedule, update: int, n_updates: int) -> Floats:
        if len(schedule.knots) == 1:
            return np.full(n_updates, schedule.values[0])
        return np.array([self._at(schedule, u) for u in range(update, update + n_updates)])

    def _at(self, schedule: Schedule, update: int) -> float:
        return schedule.at(update / self._n_updates_per_epoch)
