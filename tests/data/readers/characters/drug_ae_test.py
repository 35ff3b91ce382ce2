from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.characters.drug_ae import DrugAeReader


def read(rows: str, folder: Path, notes: Notes | None = None) -> list[Sentence]:
    path = folder / "a.rel"
    path.write_text(rows, encoding="utf-8", newline="")
    return list(build(Reader, "tango_ie::drug_ae").read(path, notes))


def test_the_lines_of_a_sentence_become_one(tmp_path: Path) -> None:
    rows = (
        "1|Rash and fever after zinc.|Rash|10|14|zinc|31|35\r\n"
        "1|Another sentence: pain by zinc.|pain|60|64|zinc|68|72\r\n"
        "1|Rash and fever after zinc.|fever|19|24|zinc|31|35\r\n"
        "\r\n"
        "2|Rash and fever after zinc.|Rash|500|504|zinc|521|525\r\n"
    )
    notes = Notes(strict=True)
    first, second, third = read(rows, tmp_path, notes)
    assert first.words == ("Rash", "and", "fever", "after", "zinc", ".")
    assert first.entities == (
        *(Entity("Adverse-Effect", 0, 1), Entity("Drug", 4, 5), Entity("Adverse-Effect", 2, 3)),
    )
    assert first.relations == (Relation("Adverse-Effect", 0, 1), Relation("Adverse-Effect", 2, 1))
    assert (first.doc_id, first.text_start) == ("1", 10)
    assert (second.doc_id, second.text_start) == ("1", 42)
    assert (third.doc_id, third.text_start) == ("2", 500)


def test_all_mentions_say_which_occurrence_is_meant(tmp_path: Path) -> None:
    (sentence,) = read("1|zinc, no, zinc: rash|rash|118|122|zinc|112|116\n", tmp_path)
    assert sentence.entities[1] == Entity("Drug", 4, 5) and sentence.text_start == 102


def test_a_start_that_no_mention_settles(tmp_path: Path) -> None:
    notes = Notes()
    (sentence,) = read("1|ab ab|ab|10|12|ab|10|12\n", tmp_path, notes)
    assert [(entity.label, entity.start) for entity in sentence.entities] == [
        ("Adverse-Effect", 0),
        ("Drug", 0),
    ]
    assert sentence.text_start == 10
    assert notes.counts == {"start of a sentence ambiguous, first mention taken": 1}


def test_offsets_of_another_text_are_noted(tmp_path: Path) -> None:
    notes = Notes()
    (sentence,) = read("1|zinc, then zinc: rash|rash|918|922|zinc|7|11\n", tmp_path, notes)
    assert sentence.entities == (Entity("Adverse-Effect", 5, 6), Entity("Drug", 0, 1))
    assert sentence.text_start is None
    assert notes.counts == {"mention found by its words, not by its offset": 2}
    assert "of 2 occurrences the first" in notes.to_json().popitem()[1]["examples"][1]


def test_a_document_that_comes_back_is_noted(tmp_path: Path) -> None:
    row = "{}|Rash by zinc.|Rash|10|14|zinc|18|22\n"
    notes = Notes()
    assert len(read("".join(map(row.format, "1211")), tmp_path, notes)) == 3
    assert notes.counts == {"document in several places of the file": 1}


def test_a_bar_in_the_sentence(tmp_path: Path) -> None:
    (sentence,) = read("1|Rash | zinc|Rash|10|14|zinc|17|21\n", tmp_path)
    assert sentence.text == "Rash | zinc" and sentence.text_start == 10


def test_labels_must_not_be_empty() -> None:
    with pytest.raises(ConfigurationError, match="tail: must not be empty"):
        DrugAeReader(tail="")


@pytest.mark.parametrize("number", ["1_0", "²", "+10", "", "1" * 13])
def test_offsets_are_plain_numbers(number: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"a\.rel, line 1: the start of 'Rash' must be a whole"):
        read(f"1|Rash by zinc.|Rash|{number}|14|zinc|18|22\n", tmp_path)
