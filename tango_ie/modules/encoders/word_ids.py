"""Features and batches of encoders that know a word by one number.

Legend: B batch, T words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.data.annotations import Sentence
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass(frozen=True, slots=True)
class WordIdFeatures:
    """The numbers of one sentence's words. Shapes: ids (T,) int."""

    ids: NDArray[np.int32]

    @property
    def cost(self) -> int:
        """A word counts as one sub-word."""
        return max(1, len(self.ids))

    @property
    def num_words(self) -> int:
        """T."""
        return len(self.ids)


@dataclass
class WordIdBatch(TensorBatch):
    """Padded sentences. Shapes: ids (B, T) int, 0 at padding; word_mask (B, T) bool."""

    ids: Tensor
    word_mask: Tensor


def number_words(
    sentences: Sequence[Sentence], number: Callable[[str], int]
) -> list[WordIdFeatures]:
    """Number the words of sentences; ``number`` is asked once for each distinct word.

    >>> number_words([Sentence(("a", "bee")), Sentence(("bee",))], len)[0].ids.tolist()
    [1, 3]
    """
    words, index, borders = distinct_words(sentences)
    numbers = np.fromiter(map(number, words), np.int32, len(words))[index]
    return [WordIdFeatures(numbers[start:end]) for start, end in pairwise(borders)]


def distinct_words(
    sentences: Sequence[Sentence],
) -> tuple[list[str], NDArray[np.int64], NDArray[np.int64]]:
    """Each word of sentences once, which of them stands at each place, and the sentences' borders.

    Shapes:
        returns words (distinct,); index (words of all sentences,) int; borders (sentences + 1,) int
    """
    lengths = np.fromiter((len(item) for item in sentences), np.int64, len(sentences))
    places: dict[str, int] = {}
    words = chain.from_iterable(item.words for item in sentences)
    index = np.fromiter(
        (places.setdefault(word, len(places)) for word in words), np.int64, int(lengths.sum())
    )
    return list(places), index, np.concatenate([[0], np.cumsum(lengths)])


def collate_ids(features: Sequence[WordIdFeatures]) -> WordIdBatch:
    """Pad sentences into a batch."""
    mask = word_mask([item.num_words for item in features])  # (B, T)
    ids = np.zeros(mask.shape, np.int64)
    ids[mask] = np.concatenate([np.zeros(0, np.int32), *(item.ids for item in features)])
    return WordIdBatch(torch.from_numpy(ids), torch.from_numpy(mask))


def word_mask(num_words: Sequence[int]) -> NDArray[np.bool_]:
    """Which cells of a padded batch hold words. Shape (B, T)."""
    counts = np.array(num_words, np.int64)  # (B,)
    mask: NDArray[np.bool_] = np.arange(counts.max(initial=0)) < counts[:, None]
    return mask
