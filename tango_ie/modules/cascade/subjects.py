"""The subjects of a batch, each of which reads all words of its sentence.

The words of a batch stand end to end, without padding, and so do its subjects. A subject and a word
of its sentence are a pair; there are no other pairs.

Legend: B batch, W words of the batch, M subjects, P pairs, H hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import torch
from torch import Tensor

from tango_ie.modules.tensor_batch import TensorBatch


class SubjectSlice(NamedTuple):
    """The pairs of neighbouring subjects.

    Shapes:
        subjects, words (P,) int
    """

    subjects: Tensor
    words: Tensor


@dataclass
class Subjects(TensorBatch):
    """Spans, in the order of their sentences.

    Args:
        lengths: words of each sentence.
        counts: subjects of each sentence.

    Shapes:
        firsts, lasts (M,) int: words of the batch, both inside the subject; starts, sizes (M,)
        int: where its sentence begins, and how long it is; siblings (M,) int: subjects of its
        sentence, itself counted

    >>> words = torch.tensor([1, 3, 4])
    >>> subjects = Subjects.of([2, 1, 3], [1, 0, 2], words, words)
    >>> [(part.subjects.tolist(), part.words.tolist()) for part in subjects.slices(5)]
    [([0, 0, 1, 1, 1], [0, 1, 3, 4, 5]), ([2, 2, 2], [3, 4, 5])]
    """

    lengths: tuple[int, ...]
    counts: tuple[int, ...]
    firsts: Tensor
    lasts: Tensor
    starts: Tensor
    sizes: Tensor
    siblings: Tensor

    @classmethod
    def of(
        cls, lengths: Sequence[int], counts: Sequence[int], firsts: Tensor, lasts: Tensor
    ) -> Subjects:
        """Subjects of sentences, on the device of ``firsts``.

        Shapes:
            firsts, lasts (M,) int: words of the batch
        """
        words, numbers = np.array(lengths, np.int64), np.array(counts, np.int64)  # (B,)
        columns = (words.cumsum() - words, words, numbers)
        repeated = (torch.from_numpy(np.repeat(one, numbers)) for one in columns)
        moved = (one.to(firsts.device) for one in repeated)
        return cls(tuple(lengths), tuple(counts), firsts, lasts, *moved)

    def __len__(self) -> int:
        """M."""
        return len(self.firsts)

    def slices(self, pairs: int) -> Iterator[SubjectSlice]:
        """All pairs, in slices of whole subjects: at most ``pairs``, or one longer subject."""
        sizes = np.repeat(np.array(self.lengths, np.int64), self.counts)  # (M,)
        ends = sizes.cumsum()
        first = 0
        while first < len(sizes):
            before = int(ends[first] - sizes[first])
            last = max(int(np.searchsorted(ends, before + pairs, side="right")), first + 1)
            yield self._slice(first, last, int(ends[last - 1]) - before)
            first = last

    def _slice(self, first: int, last: int, pairs: int) -> SubjectSlice:
        device = self.starts.device
        sizes, starts = self.sizes[first:last], self.starts[first:last]
        places = torch.arange(last - first, device=device)
        # The number of pairs is known: a GPU need not be waited for.
        rows = places.repeat_interleave(sizes, output_size=pairs)  # (P,)
        begins = sizes.cumsum(0) - sizes  # first pair of each subject
        words = torch.arange(pairs, device=device) - (begins - starts).index_select(0, rows)
        return SubjectSlice(rows + first, words)

    def one_each(self) -> tuple[Subjects, Tensor]:
        """One subject of each sentence that has any, drawn at random.

        Returns:
            the subjects drawn, and their places among all: (M',) int, in order.
        """
        counts = torch.tensor(self.counts, dtype=torch.long)  # (B,)
        drawn = (torch.rand(len(counts)) * counts).long()
        some = counts > 0
        places = (counts.cumsum(0) - counts + drawn)[some].to(self.firsts.device)
        ends = (self.firsts[places], self.lasts[places])
        return Subjects.of(self.lengths, some.long().tolist(), *ends), places

    def vectors(self, words: Tensor, which: Literal["mean", "ends"]) -> Tensor:
        """The mean of each subject's words, or of its first and its last word.

        Shapes:
            words (W, H); returns (M, H)
        """
        if which == "ends":
            return (words.index_select(0, self.firsts) + words.index_select(0, self.lasts)) / 2
        sizes = self.lasts - self.firsts + 1  # (M,)
        owners = torch.arange(len(self), device=words.device).repeat_interleave(sizes)  # (K,)
        begins = sizes.cumsum(0) - sizes
        places = torch.arange(len(owners), device=words.device) - (begins - self.firsts)[owners]
        sums = words.new_zeros(len(self), words.size(1))
        sums = sums.index_add(0, owners, words.index_select(0, places))
        return sums / sizes.unsqueeze(1)
