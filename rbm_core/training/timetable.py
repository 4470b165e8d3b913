"""What a run's schedules say at each update."""

from __future__ import annotations

from rbm_core.training.config import TrainConfig
from rbm_core.training.schedules import Schedule

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

    def _at(self, schedule: Schedule, update: int) -> float:
        return schedule.at(update / self._n_updates_per_epoch)
