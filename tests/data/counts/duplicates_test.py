"""Duplicates and leakage that are known of the files at hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.data.readers import ColumnReader
from tango_ie.data.readers.lines.parallel import ParallelReader
from tests.data.counts.counting import SPLITS, converted

TWO_COLUMNS = ColumnReader(["word", "entities"])
WNUT17 = {
    "train": "wnut17train.conll",
    "dev": "emerging.dev.conll",
    "test": "emerging.test.annotated",
}


@pytest.mark.parametrize(
    ("reader", "folder", "files", "same", "expected"),
    [
        (
            ColumnReader(["word", "pos", "chunk", "entities"]),
            "conll2003/iob2",
            "{}.txt",
            "words_and_annotations",
            (1348, 179, 266),
        ),
        (TWO_COLUMNS, "wnut17", WNUT17, "words_and_annotations", (91, 2, 6)),
        (TWO_COLUMNS, "wnut16", "{}", "words_and_annotations", (85, 2, 19)),
        (ParallelReader(), "atis", "{}", "words", (289, 7, 43)),
        (
            TWO_COLUMNS,
            "mit_movie",
            {"train": "eng_train.txt", "test": "eng_test.txt"},
            "words",
            (34, 1),
        ),
    ],
    ids=["conll2003", "wnut17", "wnut16", "atis", "mit_movie"],
)
def test_duplicates_inside_splits(
    shared_data: Path,
    reader: ColumnReader,
    folder: str,
    files: dict[str, str] | str,
    same: str,
    expected: tuple[int, ...],
) -> None:
    corpus = converted(reader, shared_data / folder, files)
    found = tuple(split["duplicates"][same] for split in corpus.statistics.values())
    assert found == expected


@pytest.mark.parametrize(
    ("domain", "distinct", "sentences"), [("connl03", 18, 19), ("wnut16", 13, 13)]
)
def test_ploner_leaks(shared_data: Path, domain: str, distinct: int, sentences: int) -> None:
    corpus = converted(TWO_COLUMNS, shared_data / "ploner", f"{domain}_{{}}.txt")
    pairs = corpus.comparison["shared_sentences"]
    (leak,) = [pair for pair in pairs if (pair["earlier"], pair["later"]) == ("train", "test")]
    assert leak["words_and_annotations"]["distinct"] == distinct
    assert leak["words_and_annotations"]["sentences_of_later"] == sentences


def test_atis_has_slots_that_train_lacks(shared_data: Path) -> None:
    corpus = converted(ParallelReader(), shared_data / "atis", {name: name for name in SPLITS})
    assert corpus.comparison["unseen"]["test"]["entities"] == {
        "booking_class": 1,
        "compartment": 1,
        "flight": 1,
        "stoploc.airport_code": 1,
    }


def test_crossner_lost_what_tags_without_begin_lose(shared_data: Path) -> None:
    reader = ColumnReader(["word", "pos", "chunk", "entities"])
    corpus = converted(reader, shared_data / "conll2003/iob2", "{}.txt")
    lost = [
        split["unrepresentable"]["tags_without_begin"]["entities"]
        for split in corpus.statistics.values()
    ]
    assert lost == [70, 4, 20]
