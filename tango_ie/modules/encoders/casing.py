"""How words are written: capitals, digits, signs.

Legend: B batch, T words, H classes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.word_ids import (
    WordIdBatch,
    WordIdFeatures,
    collate_ids,
    number_words,
)

CASINGS = (
    "all_digits",
    "half_digits",
    "all_lower",
    "all_upper",
    "initial_upper",
    "some_digit",
    "no_letter",
    "other",
)


def casing(word: str) -> str:
    """The first of :data:`CASINGS` that a word fits.

    ``half_digits`` has as many digits as other characters or more; ``no_letter`` has no digit
    either; ``other`` is what has capitals in another place than the first.

    >>> [casing(word) for word in ("1996", "1990s", "the", "U.N.", "Ada")]
    ['all_digits', 'half_digits', 'all_lower', 'all_upper', 'initial_upper']
    >>> [casing(word) for word in ("boeing-747X", "--", "eBay")]
    ['some_digit', 'no_letter', 'other']
    """
    digits = sum(character.isdigit() for character in word)
    tests = {
        "all_digits": digits == len(word) > 0,
        "half_digits": 2 * digits >= len(word) > 0,
        "all_lower": word.islower(),
        "all_upper": word.isupper(),
        "initial_upper": word[:1].isupper(),
        "some_digit": digits > 0,
        "no_letter": not any(character.isalpha() for character in word),
    }
    return next((name for name, fits in tests.items() if fits), "other")


@Encoder.register("tango_ie::casing")
class Casing(Encoder):
    """The casing of each word as a vector of zeros and a one.

    Source: the set that the BiLSTM taggers of UKP Darmstadt made usual, seven classes and one for
    padding. Padding needs none here; our eighth is ``no_letter``, which they count among ``other``.
    """

    def __init__(self) -> None:
        super().__init__()
        self.output_size = len(CASINGS)

    def encode(self, sentences: Sequence[Sentence]) -> list[WordIdFeatures]:
        """See :meth:`Encoder.encode`."""
        return number_words(sentences, lambda word: CASINGS.index(casing(word)))

    def collate(self, features: Sequence[WordIdFeatures]) -> WordIdBatch:
        """See :meth:`Encoder.collate`."""
        return collate_ids(features)

    def forward(self, batch: WordIdBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        classes = nn.functional.one_hot(batch.ids, len(CASINGS))  # (B, T, H)
        return classes.masked_fill(~batch.word_mask.unsqueeze(-1), 0).float()

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        return {"type": "tango_ie::casing"}
