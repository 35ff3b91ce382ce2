"""From rows of sub-words to sentences and words.

Legend: B batch, T words, R rows of sub-words, S sub-words per row, W windows of a sentence,
H hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tango_ie.modules.encoders.pooling import pool
from tango_ie.modules.encoders.subwords import SubwordBatch
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class SentenceRows(TensorBatch):
    """Which rows of sub-words (windows) belong to each sentence.

    Args:
        single: every sentence has one row.

    Shapes:
        rows (B, W) int: its rows, zero where there are no more; exists (B, W) bool
    """

    rows: Tensor
    exists: Tensor
    single: bool

    @classmethod
    def of(cls, windows: Sequence[int]) -> SentenceRows:
        """From the number of windows of each sentence."""
        counts = np.array(windows, np.int64)
        places = np.arange(counts.max(initial=1))  # (W,)
        exists = places < counts[:, np.newaxis]  # (B, W)
        rows = np.where(exists, (counts.cumsum() - counts)[:, np.newaxis] + places, 0)
        single = bool((counts == 1).all())
        return cls(torch.from_numpy(rows), torch.from_numpy(exists), single)


def to_words(hidden: Tensor, batch: SubwordBatch, encoder: TransformerEncoder) -> Tensor:
    """From sub-words (R, S, H) to words (B, T, H), in float32."""
    slots = batch.word_mask.numel()
    words = pool(hidden.flatten(0, 1), batch.cells, batch.slots, slots, encoder.pooling)
    return words.unflatten(0, batch.word_mask.shape).float()
