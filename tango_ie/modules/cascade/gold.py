"""The gold of a batch for both taggers of a cascade.

Legend: W words of the batch, M subjects, C cells of entities, G cells of objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.cascade.subjects import Subjects
from tango_ie.modules.cascade.targets import SentenceTargets
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class CascadeGold(TensorBatch):
    """True cells, each once; words and subjects count through the batch.

    Shapes:
        entity_cells (C, 2) int: word, column; object_cells (G, 3) int: subject, word, column
    """

    entity_cells: Tensor
    subjects: Subjects
    object_cells: Tensor

    @classmethod
    def of(cls, targets: Sequence[SentenceTargets], lengths: Sequence[int]) -> CascadeGold:
        """Put sentences of these lengths together."""
        counts = [len(one.subjects) for one in targets]
        words, subjects = _starts(lengths), _starts(counts)  # (B,) each
        zeros = np.zeros_like(words)
        ends = _together([one.subjects for one in targets], [words, words])  # (M, 2)
        return cls(
            _together([one.entity_cells for one in targets], [words, zeros]),
            Subjects.of(lengths, counts, *ends.unbind(1)),
            _together([one.object_cells for one in targets], [subjects, words, zeros]),
        )

    def one_subject_each(self) -> CascadeGold:
        """The same with one subject of each sentence, drawn at random, and its objects."""
        subjects, places = self.subjects.one_each()
        renumbered = torch.full_like(self.subjects.firsts, -1)
        renumbered[places] = torch.arange(len(places), device=places.device)
        owners = renumbered[self.object_cells[:, 0]]  # (G,)
        cells = torch.cat([owners.unsqueeze(1), self.object_cells[:, 1:]], dim=1)
        return CascadeGold(self.entity_cells, subjects, cells[owners >= 0])


def _starts(counts: Sequence[int]) -> NDArray[np.int64]:
    """Where the items of each sentence begin, (B,)."""
    numbers = np.array(counts, np.int64)
    starts: NDArray[np.int64] = numbers.cumsum() - numbers
    return starts


def _together(parts: Sequence[NDArray[np.int32]], offsets: Sequence[NDArray[np.int64]]) -> Tensor:
    """Rows of all sentences, with each sentence's offset (B,) added to each column."""
    rows = np.concatenate([np.zeros((0, len(offsets)), np.int32), *parts]).astype(np.int64)
    sentences = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    return torch.from_numpy(rows + np.stack([*offsets], axis=1)[sentences])
