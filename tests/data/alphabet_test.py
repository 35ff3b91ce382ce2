"""The characters of a corpus."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.alphabet import alphabet
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus


def test_of_one_split_and_several_corpora() -> None:
    one = Corpus.from_sentences(
        {"train": [Sentence(("baa", "é")), Sentence(("b",))], "test": [Sentence(("xyz",))]}
    )
    two = Corpus.from_sentences({"train": [Sentence(("ac",))]})
    assert alphabet([one]) == "abé"
    assert alphabet([one, two]) == "abcé"
    assert alphabet([one, two], at_least=2) == "ab"
    assert alphabet([one], split="test") == "xyz"
    with pytest.raises(ConfigurationError, match="no character occurs 9 times"):
        alphabet([one], at_least=9)
    with pytest.raises(ConfigurationError, match="no split 'dev'"):
        alphabet([one], split="dev")
