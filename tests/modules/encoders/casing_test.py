"""How words are written."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders import Encoder
from tango_ie.modules.encoders.casing import CASINGS, Casing, casing

WORDS = {
    "1996": "all_digits",
    "19:30": "half_digits",
    "1990s": "half_digits",
    "747X": "half_digits",
    "the": "all_lower",
    "e-mail": "all_lower",
    "U.N.": "all_upper",
    "A": "all_upper",
    "Ada": "initial_upper",
    "McDonald": "initial_upper",
    "iPhone12": "some_digit",
    "B2b": "initial_upper",
    "--": "no_letter",
    "": "no_letter",
    "\u200b": "no_letter",
    "eBay": "other",
    "'S": "all_upper",
    "\u5317\u4eac": "other",
}


@pytest.mark.parametrize("word", WORDS)
def test_words(word: str) -> None:
    assert casing(word) == WORDS[word]


@given(st.text())
def test_every_string_has_one(word: str) -> None:
    assert casing(word) in CASINGS


def test_vectors(tmp_path: Path) -> None:
    encoder = Encoder.from_params("casing")
    assert isinstance(encoder, Casing) and encoder.output_size == 8
    sentences = [Sentence(("1996", "Ada")), Sentence(("--",)), Sentence(())]
    found = encoder(encoder.collate(encoder.encode(sentences)))
    assert found.shape == (3, 2, 8)
    assert found[0].tolist() == [[1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0]]
    assert found[1].argmax(-1)[0] == CASINGS.index("no_letter") and found[1, 0].sum() == 1
    assert found[1, 1:].sum() == found[2].sum() == 0
    assert encoder.archived_params(tmp_path / "encoder") == {"type": "tango_ie::casing"}
