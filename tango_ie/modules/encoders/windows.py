"""Overlapping windows over sentences that are longer than an encoder can read.

Legend: N windows, P sub-words of one sentence (without special tokens).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Windows(NamedTuple):
    """Where the windows of one sentence begin, and which sub-words each of them answers for.

    Shapes:
        starts (N,) int: first sub-word of each window
        owned (N,) int: how many sub-words get their vector from it; in order, they sum to P
    """

    starts: NDArray[np.int64]
    owned: NDArray[np.int64]


@lru_cache(maxsize=8192)
def plan_windows(num_pieces: int, capacity: int, overlap: int) -> Windows:
    """Cover ``num_pieces`` sub-words with windows of at most ``capacity``.

    Windows are spread evenly, so that all but the only one of a short sentence are full. Each
    sub-word belongs to the window in which it is most central (farthest from the nearer edge).

    Args:
        capacity: sub-words per window, at least one.
        overlap: sub-words that two neighbouring windows share at least, below ``capacity``.

    >>> plan_windows(10, capacity=6, overlap=2)
    Windows(starts=array([0, 4]), owned=array([5, 5]))
    """
    if num_pieces <= capacity:
        return _frozen(np.zeros(1, np.int64), np.array([num_pieces], np.int64))
    count = -(-(num_pieces - overlap) // (capacity - overlap))
    starts = np.arange(count) * (num_pieces - capacity) // (count - 1)  # (N,)
    borders = (starts[:-1] + starts[1:] + capacity) // 2  # (N - 1,) midway between two centres
    owned = np.diff(borders, prepend=0, append=num_pieces)  # (N,)
    return _frozen(starts, owned)


def _frozen(starts: NDArray[np.int64], owned: NDArray[np.int64]) -> Windows:
    # The cache hands the same arrays to every sentence of this length.
    starts.setflags(write=False)
    owned.setflags(write=False)
    return Windows(starts, owned)
