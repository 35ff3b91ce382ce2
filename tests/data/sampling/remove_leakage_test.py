from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.sampling import remove_leakage
from tests.data.sampling.small_corpora import corpus_of, texts

CORPUS = corpus_of(train=["a/PER", "b", "c", "a"], dev=["b"], test=["a/PER", "d"])


def test_what_test_has_is_removed() -> None:
    clean = remove_leakage(CORPUS)
    assert texts(clean) == ["b", "c"]
    note = clean.statistics["train"]["notes"]["sentence that occurs in another split removed"]
    assert note == {
        "count": 2,
        "examples": ["split 'train', sentence 1: a", "split 'train', sentence 4: a"],
    }
    assert texts(remove_leakage(CORPUS, occurring_in=["dev", "test"])) == ["c"]
    assert texts(remove_leakage(CORPUS, same="annotations")) == ["b", "c", "a"]
    assert texts(clean, "test") == ["a", "d"]


def test_impossible_removals() -> None:
    with pytest.raises(DataError, match="occurs in another split"):
        remove_leakage(CORPUS, strict=True)
    with pytest.raises(DataError, match="split 'dev' holds no sentence"):
        remove_leakage(CORPUS, split="dev", occurring_in=["train"])
    with pytest.raises(ConfigurationError, match="cannot be compared with itself"):
        remove_leakage(CORPUS, occurring_in=["train"])
    with pytest.raises(ConfigurationError, match="no split 'tset'"):
        remove_leakage(CORPUS, occurring_in=["tset"])
