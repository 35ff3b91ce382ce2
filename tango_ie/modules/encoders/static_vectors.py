"""Words by their vectors from a file, the same in every sentence.

Legend: B batch, T words, V words that have a vector, D size of a vector.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import InputFile
from tango_ie.core.ranges import check_dropout
from tango_ie.data.annotations import Sentence
from tango_ie.data.word_vectors import WordVectors, known_form, load_words, save_words
from tango_ie.modules.encoders.archived import archived_folder, archived_name
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.word_ids import (
    WordIdBatch,
    WordIdFeatures,
    collate_ids,
    number_words,
)
from tango_ie.modules.recurrent import widened
from tango_ie.modules.said_once import SaidOnce

_UNKNOWN = 0  # the id of words without a vector; the others count from 1
# A larger share of unknown words than this is said of texts of at least so many words.
_MANY, _ENOUGH = 0.2, 200
_logger = logging.getLogger(__name__)


@Encoder.register("tango_ie::static_vectors")
class StaticVectors(Encoder):
    """Vectors such as GloVe's.

    A word without a vector of its own takes that of its lower-case form; failing that, it is
    unknown. Which words have a vector is settled by ``vectors``, for good: an archive holds these
    and no others. A warning says when a text has many unknown words.

    Args:
        vectors: the result of a ``select_vectors`` step (the words of a corpus, from a file of any
            size), or a file all of whose vectors are kept.
        frozen: the vectors are not trained.
        lower_case: try the lower-case form, too.
        unknown: the vector of unknown words: the ``mean`` of all vectors for good, or ``learned``,
            which begins there and is trained even where the others are frozen.
        word_dropout: share of words that are unknown in training, drawn anew each time; in [0, 1).

    Raises:
        ConfigurationError: a probability out of range, or a file that does not exist.
        DataError: a file that holds no vectors.
    """

    def __init__(
        self,
        vectors: InputFile | WordVectors,
        frozen: bool = True,
        lower_case: bool = True,
        unknown: Literal["mean", "learned"] = "mean",
        word_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_dropout(word_dropout=word_dropout)
        self.words, table = _words_and_vectors(vectors)
        self.output_size = table.size(1)
        self.lower_case = lower_case
        self.frozen = frozen
        self.unknown = unknown
        self.word_dropout = word_dropout
        self._said = SaidOnce(_logger)
        self._ids = {word: place for place, word in enumerate(self.words, start=1)}
        self.table = nn.Parameter(table, requires_grad=not frozen)  # (V, D)
        self.unknown_vector = nn.Parameter(
            table.double().mean(0).to(table.dtype), requires_grad=unknown == "learned"
        )  # (D,)

    def encode(self, sentences: Sequence[Sentence]) -> list[WordIdFeatures]:
        """See :meth:`Encoder.encode`."""
        features = number_words(sentences, self._id)
        words = sum(item.num_words for item in features)
        unknown = sum(int((item.ids == _UNKNOWN).sum()) for item in features)
        if words >= _ENOUGH and unknown > _MANY * words:
            self._said.warn(
                "%d of %d words have no vector and are all alike to the model; a select_vectors "
                "step takes the words of several corpora, and with also_first more of its file",
                unknown,
                words,
            )
        return features

    def collate(self, features: Sequence[WordIdFeatures]) -> WordIdBatch:
        """See :meth:`Encoder.collate`."""
        return collate_ids(features)

    def forward(self, batch: WordIdBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        known = batch.ids != _UNKNOWN  # (B, T)
        if self.training and self.word_dropout > 0:
            known = known & (torch.rand_like(known, dtype=torch.float) >= self.word_dropout)
        rows = nn.functional.embedding((batch.ids - 1).clamp(min=0), self.table)  # (B, T, D)
        vectors = torch.where(known.unsqueeze(-1), rows, self.unknown_vector)
        vectors = vectors.masked_fill(~batch.word_mask.unsqueeze(-1), 0.0)
        return vectors.to(widened(vectors.dtype))

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`; the vectors lie among the archive's weights."""
        folder.mkdir(parents=True, exist_ok=True)
        save_words(self.words, self.output_size, folder)
        return {
            "type": "tango_ie::static_vectors",
            "vectors": archived_name(folder),
            "frozen": self.frozen,
            "lower_case": self.lower_case,
            "unknown": self.unknown,
            "word_dropout": self.word_dropout,
        }

    def _id(self, word: str) -> int:
        form = known_form(word, self._ids, self.lower_case)
        return _UNKNOWN if form is None else self._ids[form]


def _words_and_vectors(vectors: InputFile | WordVectors) -> tuple[tuple[str, ...], Tensor]:
    """Words and their vectors (V, D); zeros where an archive will fill them in."""
    if isinstance(vectors, str):
        folder = archived_folder(vectors)
        if folder is not None:
            words, size = load_words(folder)
            return words, torch.zeros(len(words), size)
        vectors = WordVectors.from_file(InputFile(vectors).resolve())
    if not vectors.words:
        raise ConfigurationError("there is not one vector in it", "vectors")
    return vectors.words, torch.tensor(vectors.vectors)
