"""Gold spans and words by type, and the spans that were found.

Legend: G gold spans, W gold words, N found spans.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class GoldCells(TensorBatch):
    """True cells in the order of their types, so that those of neighbouring types are a slice.

    Args:
        types: where no GPU need be asked.

    Shapes:
        cells (G, 3 or 4) int: sentence, type, word (or first and last word); each once

    >>> cells = GoldCells.of([np.array([[1, 0, 2], [0, 3, 3]])])
    >>> [column.tolist() for column in cells.within(1, 2)]
    [[0], [0], [0], [2]]
    """

    cells: Tensor
    types: tuple[int, ...]

    @classmethod
    def of(cls, cells: Sequence[NDArray[np.int32]]) -> GoldCells:
        """From the cells of sentences, (G, 2 or 3): type, then the words."""
        width = max((one.shape[1] for one in cells), default=2)
        rows = np.repeat(np.arange(len(cells)), [len(one) for one in cells])
        together = np.concatenate([np.zeros((0, width), np.int32), *cells]).astype(np.int64)
        together = np.unique(np.column_stack([together[:, 0], rows, together[:, 1:]]), axis=0)
        types = tuple(together[:, 0].tolist())
        together[:, [0, 1]] = together[:, [1, 0]]
        return cls(torch.from_numpy(together), types)

    def within(self, first: int, last: int) -> tuple[Tensor, ...]:
        """Those of some neighbouring types, as indices into their cells; types count from 0."""
        chosen = slice(bisect_left(self.types, first), bisect_left(self.types, last))
        sentences, types, *words = self.cells[chosen].unbind(1)
        return (sentences, types - first, *words)


def gold_cells(
    spans: Sequence[tuple[int, int, int]],
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The cells of one sentence: spans (type, first word, last word) and words (type, word).

    Args:
        spans: type, start and end of entities.

    >>> [cells.tolist() for cells in gold_cells([(4, 1, 3)])]
    [[[4, 1, 2]], [[4, 1], [4, 2]]]
    """
    found = np.array(spans, np.int32).reshape(-1, 3)
    sizes = found[:, 2] - found[:, 1]
    within = np.arange(sizes.sum()) - np.repeat(sizes.cumsum() - sizes, sizes)
    words = np.repeat(found[:, :2], sizes, axis=0)
    words[:, 1] += within.astype(np.int32)
    found[:, 2] -= 1
    return found, words
