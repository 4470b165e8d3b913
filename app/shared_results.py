"""Results that all sessions share: computed once, however many ask at the same moment.

Two kinds of cache are used in the app and its pages. `functools.lru_cache` keeps what small
hashable values give, where computing it twice at once would do no harm. `SharedResults` keeps what
is large, slow or has to be one and the same object for everybody: it is found under a name, so
that nothing large is hashed, the oldest goes when there are too many, and who comes while it is
being made waits for it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["SharedResults"]

V = TypeVar("V")


@dataclass(eq=False)
class _Place(Generic[V]):
    """Where a result lies, or will: its lock is held while it is made, by nobody else's."""

    lock: Lock = field(default_factory=Lock)
    made: list[V] = field(default_factory=list)


class SharedResults(Generic[V]):
    """Results by name, the ones asked for last."""

    def __init__(self, n_kept: int, *, leave: Callable[[V], None] | None = None) -> None:
        """Begin empty.

        Args:
            n_kept: At most this many are kept; who still holds another keeps it.
            leave: Told of each result that is kept no longer.
        """
        self._n_kept = n_kept
        self._leave = leave
        self._lock = Lock()
        self._places: OrderedDict[Hashable, _Place[V]] = OrderedDict()

    def get(self, name: Hashable, make: Callable[[], V]) -> V:
        """Return the result of a name, made now if it is not there.

        Args:
            name: All that the result depends on.
            make: Makes it; what it raises is raised here, and the next call makes it anew.
        """
        with self._lock:
            place = self._places.setdefault(name, _Place())
            self._places.move_to_end(name)
            gone = [self._places.popitem(last=False)[1] for _ in self._too_many()]
        if self._leave is not None:
            for result in (result for left in gone for result in left.made):
                self._leave(result)
        with place.lock:
            if not place.made:
                place.made.append(make())
            return place.made[0]

    def known(self, name: Hashable) -> V | None:
        """Return the result of a name if it is there already.

        Args:
            name: All that the result depends on.
        """
        place = self._places.get(name)
        return place.made[0] if place is not None and place.made else None

    def _too_many(self) -> range:
        return range(len(self._places) - self._n_kept)
