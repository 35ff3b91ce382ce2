"""The head of the Groningen Meaning Bank: a CSV table that has been cut off."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.lines.csv_table import CsvReader
from tests.data.counts.counting import converted, note_counts

FILES = {"train": "ner_dataset.csv"}


@pytest.fixture(scope="module")
def corpus(shared_data: Path) -> Corpus:
    return converted(CsvReader(), shared_data / "gmb", FILES)


def test_counts(corpus: Corpus) -> None:
    counts = corpus.statistics["train"]
    assert counts["sentences"] == 8_301
    assert counts["words"] == 181_296
    assert counts["entities"] == {
        "art": 100,
        "eve": 84,
        "geo": 6_276,
        "gpe": 3_046,
        "nat": 47,
        "org": 3_432,
        "per": 2_986,
        "tim": 3_370,
    }
    assert len(corpus.schema.tag_layers["pos"]) == 41
    assert counts["facts"] == {
        "scheme of entities": "iob2",
        "the id of a sentence stands": "on its first row",
    }


def test_the_cut_off_sentence(corpus: Corpus) -> None:
    last = corpus["train"][-1]
    assert last.words == ("Iran", "defied", "an", "August", "31")
    assert last.entities == (Entity("geo", 0, 1), Entity("tim", 3, 5))
    assert note_counts(corpus, "train") == {"last row without line end kept": 1}


def test_quote_marks(corpus: Corpus) -> None:
    words = [word for sentence in corpus["train"] for word in sentence.words]
    assert words.count('"') == 610
    assert not any('""' in word for word in words)


def test_latin_1_gives_the_same(corpus: Corpus, shared_data: Path) -> None:
    other = converted(CsvReader(encoding="latin-1"), shared_data / "gmb", FILES)
    assert other.fingerprint == corpus.fingerprint


def test_strict_refuses_the_last_row(shared_data: Path) -> None:
    with pytest.raises(DataError, match=r"line 181297: last row without line end kept"):
        converted(CsvReader(), shared_data / "gmb", FILES, strict=True)
