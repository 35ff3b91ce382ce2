"""Random choices that come out alike on every version of Python.

Only ``random.Random.random()`` is used: its sequence for a given seed is guaranteed, that of
``choice``, ``sample`` and ``shuffle`` is not.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of random choices.

    Args:
        seed: any string; equal seeds give equal streams.

    >>> Draws("a").integer(1, 6) == Draws("a").integer(1, 6)
    True
    """

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def chance(self, probability: float) -> bool:
        """True with ``probability`` in [0, 1]."""
        return self._random.random() < probability

    def integer(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return low + int(self._random.random() * (high - low + 1))

    def pick(self, options: Sequence[T]) -> T:
        """One of the (at least one) ``options``, all equally likely."""
        return options[self.integer(0, len(options) - 1)]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order (Fisher-Yates)."""
        result = list(items)
        for last in range(len(result) - 1, 0, -1):
            other = self.integer(0, last)
            result[last], result[other] = result[other], result[last]
        return result
