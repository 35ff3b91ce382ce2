"""Pairs of the words of one sentence, for a batch of sentences of different lengths.

The words of a batch stand end to end, without padding; a pair is named by the places of its two
words there. Pairs are counted row by row: first all pairs whose head is the first word, and so on.

Legend: B batch, T words of a padded sentence, W words of the batch, P pairs, G gold cells.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.tensor_batch import TensorBatch


class Piece(NamedTuple):
    """Neighbouring rows of one sentence: numbers of rows and of columns, and its first word."""

    rows: int
    columns: int
    start: int


class PairSlice(NamedTuple):
    """The pairs of neighbouring rows.

    Args:
        first: the place of the first row's word; ``last`` is behind that of the last row.
        pieces: of its sentences, in order.

    Shapes:
        heads, tails (P,) int: places of words; diagonal (last − first,) int: which of the pairs
        are of a word with itself
    """

    first: int
    last: int
    pieces: tuple[Piece, ...]
    heads: Tensor
    tails: Tensor
    diagonal: Tensor


@dataclass
class PairLayout(TensorBatch):
    """Which words make pairs.

    Args:
        lengths: of the sentences, in words.

    Shapes:
        starts, sizes (W,) int: for each word where its sentence begins, and how long it is

    >>> layout = PairLayout.of([1, 2])
    >>> [(part.heads.tolist(), part.tails.tolist()) for part in layout.slices(4)]
    [([0, 1, 1], [0, 1, 2]), ([2, 2], [1, 2])]
    """

    lengths: tuple[int, ...]
    starts: Tensor
    sizes: Tensor

    @classmethod
    def of(cls, lengths: Sequence[int]) -> PairLayout:
        """The layout of sentences of these lengths, on the CPU."""
        counts = torch.tensor(lengths, dtype=torch.long)  # (B,)
        starts = (counts.cumsum(0) - counts).repeat_interleave(counts)  # (W,)
        return cls(tuple(lengths), starts, counts.repeat_interleave(counts))

    @property
    def num_words(self) -> int:
        """W."""
        return sum(self.lengths)

    def slices(self, pairs: int) -> Iterator[PairSlice]:
        """All pairs, in slices of whole rows: at most ``pairs``, or one row if that is longer."""
        sizes = np.repeat(np.array(self.lengths, np.int64), self.lengths)  # (W,)
        ends = sizes.cumsum()  # (W,)
        bounds = np.cumsum(np.array(self.lengths, np.int64))  # (B,)
        first = 0
        while first < len(sizes):
            before = int(ends[first] - sizes[first])
            last = max(int(np.searchsorted(ends, before + pairs, side="right")), first + 1)
            yield self._slice(first, last, int(ends[last - 1]) - before, bounds)
            first = last

    def _slice(self, first: int, last: int, pairs: int, bounds: NDArray[np.int64]) -> PairSlice:
        device = self.starts.device
        rows = torch.arange(first, last, device=device)
        sizes, starts = self.sizes[first:last], self.starts[first:last]
        # The number of pairs is known: a GPU need not be waited for.
        heads = rows.repeat_interleave(sizes, output_size=pairs)  # (P,)
        begins = sizes.cumsum(0) - sizes  # first pair of each row
        row = heads - first
        tails = torch.arange(pairs, device=device) - (begins - starts).index_select(0, row)
        return PairSlice(
            first, last, self._pieces(first, last, bounds), heads, tails, begins + rows - starts
        )

    def _pieces(self, first: int, last: int, bounds: NDArray[np.int64]) -> tuple[Piece, ...]:
        sentence = int(np.searchsorted(bounds, first, side="right"))
        pieces = []
        while first < last:
            end = min(int(bounds[sentence]), last)
            size = self.lengths[sentence]
            if end > first:  # a sentence may be empty
                pieces.append(Piece(end - first, size, int(bounds[sentence]) - size))
            first, sentence = end, sentence + 1
        return tuple(pieces)


@dataclass
class GoldCells(TensorBatch):
    """The cells of a batch's grid that are true, each once, in the order of their rows.

    Args:
        rows: their rows, where no GPU need be asked.

    Shapes:
        cells (G, 3) int: place of the head's word, of the tail's, label
    """

    cells: Tensor
    rows: tuple[int, ...]

    @classmethod
    def of(cls, cells: Sequence[NDArray[np.int32]], lengths: Sequence[int]) -> GoldCells:
        """Put the cells (G, 3) of sentences together; their words count from 0 in each."""
        counts = np.array(lengths, np.int64)
        starts = np.repeat(counts.cumsum() - counts, [len(own) for own in cells])  # (G,)
        together = np.concatenate([np.zeros((0, 3), np.int32), *cells]).astype(np.int64)  # (G, 3)
        together[:, :2] += starts[:, np.newaxis]
        together = np.unique(together, axis=0)
        return cls(torch.from_numpy(together), tuple(together[:, 0].tolist()))

    def within(self, part: PairSlice) -> tuple[Tensor, Tensor]:
        """Those of a slice: which of its pairs, and which label; (G',) int each."""
        chosen = slice(bisect_left(self.rows, part.first), bisect_left(self.rows, part.last))
        heads, tails, labels = self.cells[chosen].unbind(1)
        # The pair of a word with itself is known; the others of its row lie around it.
        return part.diagonal.index_select(0, heads - part.first) + tails - heads, labels
