"""Words by their characters: what the recurrent and the convolutional encoder share.

Legend: B batch, T words, U distinct words of a batch, C characters, E size of a character's vector,
H output.
"""

from __future__ import annotations

import logging
import string
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.word_ids import distinct_words, word_mask
from tango_ie.modules.recurrent import widened
from tango_ie.modules.said_once import SaidOnce
from tango_ie.modules.tensor_batch import TensorBatch

ASCII = string.digits + string.ascii_letters + string.punctuation
_PADDING, _UNKNOWN = 0, 1  # the ids of characters begin at 2
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CharacterFeatures:
    """The characters of one sentence, end to end.

    Shapes:
        ids (characters of all words,) int; sizes (T,) int: characters of each word, at least one
    """

    ids: NDArray[np.int32]
    sizes: NDArray[np.int32]

    @property
    def cost(self) -> int:
        """A word counts as one sub-word."""
        return max(1, len(self.sizes))

    @property
    def num_words(self) -> int:
        """T."""
        return len(self.sizes)


@dataclass
class CharacterBatch(TensorBatch):
    """The distinct words of a batch, longest first, and where they stand.

    Shapes:
        ids (U, C) int, 0 at padding
        lengths (U,) int: characters of each word, at least one; stays on the CPU
        places (B, T) int: which of the U words, 0 at padding; word_mask (B, T) bool
    """

    ids: Tensor
    lengths: NDArray[np.int64]
    places: Tensor
    word_mask: Tensor


class CharacterEncoder(Encoder):
    """Base of encoders that make a word's vector from its characters.

    Each distinct word of a batch is computed once, so that in training a word that occurs twice in
    a batch has the same dropout. A character outside of the alphabet is unknown.
    """

    def __init__(
        self, alphabet: str, embedding_size: int, dropout: float, max_characters: int
    ) -> None:
        super().__init__()
        check_at_least(1, embedding_size=embedding_size)
        check_at_least(2, max_characters=max_characters)
        check_dropout(dropout=dropout)
        if not alphabet or len(set(alphabet)) < len(alphabet):
            raise ConfigurationError("needs characters, each of them once", "alphabet")
        self.alphabet = alphabet
        self.embedding_size = embedding_size
        self.max_characters = max_characters
        self._ids = {character: place for place, character in enumerate(alphabet, start=2)}
        self.embedding = nn.Embedding(len(alphabet) + 2, embedding_size, padding_idx=_PADDING)
        # Lample et al. (2016) draw them so that their squares sum to 1 on average.
        bound = (3 / embedding_size) ** 0.5
        nn.init.uniform_(self.embedding.weight[1:].data, -bound, bound)
        self.dropout = nn.Dropout(dropout)
        self._said = SaidOnce(_logger)

    @abstractmethod
    def words(self, characters: Tensor, lengths: Tensor) -> Tensor:
        """The vectors of words.

        Shapes:
            characters (U, C, E), zero at padding; lengths (U,) int on the CPU, longest first
            returns (U, H)
        """

    def encode(self, sentences: Sequence[Sentence]) -> list[CharacterFeatures]:
        """See :meth:`Encoder.encode`.

        Of words that are too long the middle is left out, and their number is logged.
        """
        words, index, borders = distinct_words(sentences)
        shown = [self._cut(word) for word in words]
        self._report([word for word in words if len(word) > self.max_characters])
        numbers = [[self._ids.get(sign, _UNKNOWN) for sign in word] or [_UNKNOWN] for word in shown]
        arrays = [np.array(item, np.int32) for item in numbers]
        nothing = np.zeros(0, np.int32)
        return [
            CharacterFeatures(
                ids=np.concatenate([nothing, *(arrays[place] for place in index[start:end])]),
                sizes=np.array([len(arrays[place]) for place in index[start:end]], np.int32),
            )
            for start, end in pairwise(borders)
        ]

    def collate(self, features: Sequence[CharacterFeatures]) -> CharacterBatch:
        """See :meth:`Encoder.collate`."""
        nothing = np.zeros(0, np.int32)
        sizes = np.concatenate([nothing, *(item.sizes for item in features)]).astype(np.int64)
        ids = np.concatenate([nothing, *(item.ids for item in features)])
        real = np.arange(sizes.max(initial=1)) < sizes[:, None]  # (words, C)
        padded = np.zeros(real.shape, np.int32)
        padded[real] = ids
        first, which = _distinct_rows(padded)  # (U,), (words,)
        order = np.argsort(-sizes[first], kind="stable")  # (U,)
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        mask = word_mask([item.num_words for item in features])  # (B, T)
        places = np.zeros(mask.shape, np.int64)
        places[mask] = rank[which]
        chosen = first[order]
        return CharacterBatch(
            ids=torch.from_numpy(padded[chosen].astype(np.int64)),
            lengths=sizes[chosen],
            places=torch.from_numpy(places),
            word_mask=torch.from_numpy(mask),
        )

    def forward(self, batch: CharacterBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        characters = self.dropout(self.embedding(batch.ids))  # (U, C, E)
        if len(batch.lengths) == 0:
            return characters.new_zeros(*batch.word_mask.shape, self.output_size).float()
        words = self.words(characters, torch.from_numpy(batch.lengths))  # (U, H)
        words = words.to(widened(words.dtype))
        vectors = nn.functional.embedding(batch.places, words)  # (B, T, H)
        return vectors.masked_fill(~batch.word_mask.unsqueeze(-1), 0.0)

    def shared_params(self) -> dict[str, Any]:
        """The arguments of this class, to archive; an alphabet is short enough for a config."""
        return {
            "alphabet": self.alphabet,
            "embedding_size": self.embedding_size,
            "dropout": self.dropout.p,
            "max_characters": self.max_characters,
        }

    def _cut(self, word: str) -> str:
        if len(word) <= self.max_characters:
            return word
        tail = self.max_characters // 2
        return word[: self.max_characters - tail] + word[-tail:]

    def _report(self, cut: Sequence[str]) -> None:
        if cut:
            self._said.warn(
                "%d words have more than %d characters and are read without their middle, such as "
                "%.80r",
                len(cut),
                self.max_characters,
                cut[0],
            )


def _distinct_rows(rows: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first place of each distinct row, and which of them each row is.

    Shapes:
        rows (N, C); returns first (U,), which (N,)
    """
    # As one block of bytes per row: numpy sorts these far faster than rows of numbers.
    blocks = np.ascontiguousarray(rows).view(np.dtype((np.void, rows.itemsize * rows.shape[1])))
    _, first, which = np.unique(blocks.ravel(), return_index=True, return_inverse=True)
    return first, which
