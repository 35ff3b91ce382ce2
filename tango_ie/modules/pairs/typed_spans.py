"""The given entities of a batch of sentences, as tensors.

The entities of a batch stand end to end, without padding.

Legend: B batch, T words of a padded sentence, N entities of the batch, P pairs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class TypedSpans(TensorBatch):
    """Where entities are, and of which types.

    Args:
        counts: entities of each sentence.

    Shapes:
        starts, ends (N,) int: places of the first word and behind the last, among B * T
        types (N,) int

    >>> none, two = np.zeros((0, 3), int), np.array([[0, 2, 1], [5, 6, 0]])
    >>> spans = TypedSpans.of([none, two], width=10)
    >>> [column.tolist() for column in spans.between(torch.tensor([1]), torch.tensor([0]))]
    [[12], [15]]
    """

    counts: tuple[int, ...]
    starts: Tensor
    ends: Tensor
    types: Tensor

    @classmethod
    def of(cls, spans: Sequence[NDArray[np.int64]], width: int) -> TypedSpans:
        """Put the entities of sentences together.

        Args:
            spans: of each sentence, (N, 3): first word, word behind the last, type.
            width: T.
        """
        counts = tuple(len(own) for own in spans)
        together = np.concatenate([np.zeros((0, 3), np.int64), *spans])  # (N, 3)
        together[:, :2] += width * np.repeat(np.arange(len(counts)), counts)[:, np.newaxis]
        return cls(counts, *(torch.from_numpy(column.copy()) for column in together.T))

    def between(self, heads: Tensor, tails: Tensor) -> tuple[Tensor, Tensor]:
        """Places of the first word between two entities, and behind the last; (P,) int each.

        Nothing is between entities that touch or overlap: there the first is not before the last.

        Shapes:
            heads, tails (P,) int: of one sentence
        """
        after = torch.minimum(self.ends[heads], self.ends[tails])
        return after, torch.maximum(self.starts[heads], self.starts[tails])
