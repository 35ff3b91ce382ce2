"""Highest values of ranges of rows, each found in two looks.

Legend: W rows, H columns, N ranges, K levels.
"""

from __future__ import annotations

import torch
from torch import Tensor


class RangeMaximum:
    """Columnwise maxima over any ranges of rows, without a loop over ranges.

    Level k of a table holds for each row the maximum over 2^k rows from there on. Any range is
    covered by two of these, which may overlap. The table has K · W · H numbers, K being the
    logarithm of the longest range, however many ranges are asked for.

    Args:
        rows: the values.
        longest: no range is longer.

    Shapes:
        rows (W, H) float; starts, ends (N,) int: ranges ``[start, end)``; returns (N, H), zeros for
        ranges without a row

    >>> rows = torch.tensor([[1.0], [5.0], [2.0]])
    >>> maxima = RangeMaximum(rows, longest=3)
    >>> maxima(torch.tensor([0, 2, 1]), torch.tensor([3, 3, 1])).flatten().tolist()
    [5.0, 2.0, 0.0]
    """

    def __init__(self, rows: Tensor, longest: int) -> None:
        levels, reach = [rows], 1
        while 2 * reach <= min(longest, len(rows)):
            below = levels[-1]
            levels.append(torch.maximum(below[:-reach], below[reach:]))
            reach *= 2
        self._num_rows = len(rows)
        self._num_levels = len(levels)
        self._table = torch.cat(levels) if len(levels) > 1 else rows

    def __call__(self, starts: Tensor, ends: Tensor) -> Tensor:
        if self._num_rows == 0:
            return self._table.new_zeros(len(starts), self._table.size(1))
        lengths = ends - starts  # (N,)
        reaches = 2 ** torch.arange(self._num_levels, device=starts.device)  # (K,)
        level = (torch.bucketize(lengths, reaches, right=True) - 1).clamp(min=0)  # (N,)
        reach = reaches.index_select(0, level)
        # Before level k lie k levels, of W, W - 1, W - 3, … rows.
        base = level * (self._num_rows + 1) - reach + 1
        first = (base + starts).clamp(max=len(self._table) - 1)  # an empty range may begin behind
        second = (base + ends - reach).clamp(min=0)
        maxima = torch.maximum(
            self._table.index_select(0, first), self._table.index_select(0, second)
        )  # (N, H)
        return maxima.masked_fill((lengths <= 0).unsqueeze(1), 0.0)
