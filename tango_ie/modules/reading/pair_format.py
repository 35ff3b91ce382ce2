"""How a tokenizer writes two texts in one row: ``[CLS] query [SEP] sentence [SEP]``.

Legend: Q queries, S sub-words of a row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass(frozen=True)
class PairFormat:
    """The special tokens around and between two texts, and the segment of each text.

    Args:
        before: ids before the first text.
        between: ids between the two; RoBERTa has two of them.
        after: ids behind the second text.
        segments: of the first text with all that stands before the second, and of the second.
    """

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    segments: tuple[int, int]
    pad_id: int

    @classmethod
    def of(cls, tokenizer: WordTokenizer) -> PairFormat:
        """What the tokenizer's own post-processor does."""
        backend = tokenizer.tokenizer.backend_tokenizer
        pair = backend.encode(["a"], ["a"], is_pretokenized=True, add_special_tokens=True)
        texts = pair.sequence_ids  # 0, 1, or None for special tokens
        first, second = texts.index(0), texts.index(1)
        end = len(texts) - texts[::-1].index(1)
        gap = second
        while texts[gap - 1] is None:
            gap -= 1
        return cls(
            tuple(pair.ids[:first]),
            tuple(pair.ids[gap:second]),
            tuple(pair.ids[end:]),
            (pair.type_ids[first], pair.type_ids[second]),
            tokenizer.pad_id,
        )

    @property
    def num_special(self) -> int:
        """Sub-words of a row that belong to neither text."""
        return len(self.before) + len(self.between) + len(self.after)


@dataclass
class QueryTable(TensorBatch):
    """The first part of the rows of each query: special tokens and query.

    Args:
        sizes: (Q,) int, stays on the CPU: sub-words of each first part.

    Shapes:
        ids (Q, S) int, zero behind a part's end
    """

    sizes: NDArray[np.int64]
    ids: Tensor

    @classmethod
    def of(
        cls, queries: Sequence[str], tokenizer: WordTokenizer, pair_format: PairFormat
    ) -> QueryTable:
        """Tokenise queries."""
        pieces = tokenizer.split([query.split() for query in queries])
        parts = [[*pair_format.before, *item.ids, *pair_format.between] for item in pieces]
        sizes = np.array([len(part) for part in parts], np.int64)
        ids = np.zeros((len(parts), sizes.max(initial=0)), np.int64)  # (Q, S)
        ids[np.arange(ids.shape[1]) < sizes[:, None]] = [one for part in parts for one in part]
        return cls(sizes, torch.from_numpy(ids))
