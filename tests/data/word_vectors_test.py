"""Choosing the vectors of a corpus."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.word_vectors import (
    WordVectors,
    WordVectorsFormat,
    load_words,
    select_vectors,
)

FILE = "the 1 1\nada 2 2\nAda 3 3\nlondon 4 4\nrare 5 5\nAda 9 9\nshort 1\nof 6 6\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "vectors.txt"
    path.write_text(FILE, encoding="utf-8")
    return path


@pytest.fixture
def corpus() -> Corpus:
    return Corpus.from_sentences(
        {
            "train": [Sentence(("Ada", "likes", "London")), Sentence(("Ada", "likes"))],
            "test": [Sentence(("of", "\u00fc"))],
        }
    )


def test_words_of_all_splits_as_they_stand_and_in_lower_case(file: Path, corpus: Corpus) -> None:
    found = select_vectors(file, [corpus])
    assert found.words == ("ada", "Ada", "london", "of")
    assert found.vectors.tolist() == [[2, 2], [3, 3], [4, 4], [6, 6]]
    info = found.info
    assert (info["file"], info["rows"], info["kept"], info["size"]) == ("vectors.txt", 8, 4, 2)
    assert {kind: entry["count"] for kind, entry in info["notes"].items()} == {
        "rows of another length": 1,
        "words that occur again": 1,
    }
    assert info["coverage"] == [
        {
            "corpus": 0,
            "split": "train",
            "words": 5,
            "in_lower_case": 1,
            "unknown": 2,
            "distinct": 3,
            "distinct_in_lower_case": 1,
            "distinct_unknown": 1,
            "commonest_unknown": ["likes"],
        },
        {
            "corpus": 0,
            "split": "test",
            "words": 2,
            "in_lower_case": 0,
            "unknown": 1,
            "distinct": 2,
            "distinct_in_lower_case": 0,
            "distinct_unknown": 1,
            "commonest_unknown": ["\u00fc"],
        },
    ]


def test_what_is_left_out_is_shown(
    file: Path, corpus: Corpus, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        select_vectors(file, [corpus])
    assert "rows of another length: 1, for example" in caplog.text and "line 7" in caplog.text
    assert "60.0 % of 5 words have a vector; 1 of 3 distinct words have none" in caplog.text
    with pytest.raises(DataError, match="line 7"):
        select_vectors(file, [Corpus.from_sentences({"train": [Sentence(("the",))]})], strict=True)


def test_some_splits_several_corpora_and_the_first_rows(file: Path, corpus: Corpus) -> None:
    assert select_vectors(file, [corpus], ["train"]).words == ("ada", "Ada", "london")
    assert select_vectors(file, [corpus], ["test"], also_first=1).words == ("the", "of")
    other = Corpus.from_sentences({"dev": [Sentence(("rare",))]})
    both = select_vectors(file, [corpus, other], ["test", "dev"])
    assert both.words == ("rare", "of")
    assert [place["corpus"] for place in both.info["coverage"]] == [0, 1]


def test_refusals(file: Path, corpus: Corpus) -> None:
    with pytest.raises(ConfigurationError, match="no split 'tset', it has train, test"):
        select_vectors(file, [corpus], ["tset"])
    other = Corpus.from_sentences({"train": [Sentence(("qqq",))]})
    with pytest.raises(DataError, match="no vector for any of 1 words, such as 'qqq'"):
        select_vectors(file, [other])


def test_saved_and_loaded(file: Path, corpus: Corpus, tmp_path: Path) -> None:
    found = select_vectors(file, [corpus])
    folder = tmp_path / "saved"
    folder.mkdir()
    WordVectorsFormat().write(found, folder)
    for loaded in (WordVectorsFormat().read(folder), WordVectors.from_file(folder)):
        assert loaded.words == found.words and loaded.info == found.info
        assert np.array_equal(loaded.vectors, found.vectors)
    assert load_words(folder) == (found.words, 2)


def test_a_whole_file(file: Path, caplog: pytest.LogCaptureFixture) -> None:
    found = WordVectors.from_file(file)
    assert found.words == ("the", "ada", "Ada", "london", "rare", "of")
    assert "words that occur again: 1" in caplog.text


def test_damage(file: Path, corpus: Corpus, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    found = select_vectors(file, [corpus])
    found.save(folder)
    (folder / "vectors.safetensors").write_bytes(b"nothing")
    with pytest.raises(DataError, match="damaged"):
        WordVectors.load(folder)
    found.save(folder)
    (folder / "words.json").write_text('{"size": 2, "words": ["a"]}')
    with pytest.raises(DataError, match="1 words, but vectors of shape"):
        WordVectors.load(folder)
    (folder / "words.json").unlink()
    with pytest.raises(DataError, match="holds no words"):
        WordVectors.load(folder)
