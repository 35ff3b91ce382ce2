"""Sentences as the second part of rows, in windows that leave room for a query.

Legend: B batch, T words, R windows, S sub-words of a window, P sub-words of a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.subwords import Layout, SubwordFeatures, collate_subwords
from tango_ie.modules.encoders.tokenisation import WordTokenizer
from tango_ie.modules.encoders.windows import plan_windows
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class SentenceRows(TensorBatch):
    """The second parts of rows: windows of sentences, each with what ends a row.

    What passes are planned with stays on the CPU: ``counts`` (B,) windows of each sentence;
    ``sizes`` (B,) sub-words of its longest window, special tokens included; ``num_words`` (B,).

    Shapes:
        ids (R, S) int; lengths (R,) int: sub-words of each window, special tokens included
        first_cells, last_cells (B, T) int: the flat cell of (R, S) with the first and the last
        sub-word of each word, 0 for padding; word_mask (B, T) bool
    """

    counts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    num_words: NDArray[np.int64]
    ids: Tensor
    lengths: Tensor
    first_cells: Tensor
    last_cells: Tensor
    word_mask: Tensor

    @classmethod
    def of(cls, features: Sequence[SubwordFeatures], layout: Layout) -> SentenceRows:
        """Pad sentences; ``layout`` selects all sub-words of a word."""
        batch = collate_subwords(features, layout)
        lengths = batch.attention_mask.sum(1)  # (R,)
        counts = np.array([len(item.windows.starts) for item in features], np.int64)
        starts = np.cumsum(counts) - counts
        changes = batch.slots[1:] != batch.slots[:-1]  # between words
        edge = torch.ones(min(len(batch.slots), 1), dtype=torch.bool)

        def cells(chosen: Tensor) -> Tensor:
            flat = torch.zeros(batch.word_mask.numel(), dtype=torch.long)
            flat[batch.slots[chosen]] = batch.cells[chosen]
            return flat.view(batch.word_mask.shape)

        return cls(
            counts,
            np.maximum.reduceat(lengths.numpy(), starts) if len(features) else counts,
            np.array([item.num_words for item in features], np.int64),
            batch.input_ids,
            lengths,
            cells(torch.cat([edge, changes])),
            cells(torch.cat([changes, edge])),
            batch.word_mask,
        )


def split_sentences(
    sentences: Sequence[Sentence], tokenizer: WordTokenizer, capacity: int, overlap: int
) -> list[SubwordFeatures]:
    """The sub-words of sentences, once, however many queries are asked of them.

    Args:
        capacity: sub-words of a sentence in one row.
        overlap: sub-words that neighbouring windows share.
    """
    joined = tokenizer.split_joined([sentence.words for sentence in sentences])
    pieces, words = joined.piece_borders.tolist(), joined.word_borders.tolist()
    features = []
    for (start, end), (first, last) in zip(pairwise(pieces), pairwise(words), strict=True):
        windows = plan_windows(end - start, capacity, overlap)
        cost = len(windows.starts) * min(end - start, capacity)
        features.append(
            SubwordFeatures(joined.ids[start:end], joined.sizes[first:last], windows, cost)
        )
    return features
