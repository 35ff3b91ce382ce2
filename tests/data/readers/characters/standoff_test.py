from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.standoff import Link, Standoff, TextBound, read_standoff
from tango_ie.data.readers.word_records import Place


def read(*lines: str, notes: Notes | None = None) -> Standoff:
    return read_standoff(lines, Place(notes or Notes(), "a.ann", None))


def test_lines_in_any_order() -> None:
    found = read(
        "R1\tlives_in Arg1:T2 Arg2:T10\t",
        "#1\tSubtype T10\tcapital city",
        "T10\tLOC 14 20\tLondon\r\n",
        "",
        "T2\tPER 0 3;8 12\tAda Lace",
        "T3\tOdd name 4 5",
    )
    assert found.entities == {
        "T10": TextBound("T10", "LOC", ((14, 20),), "London", 3),
        "T2": TextBound("T2", "PER", ((0, 3), (8, 12)), "Ada Lace", 5),
        "T3": TextBound("T3", "Odd name", ((4, 5),), None, 6),
    }
    assert found.relations == [Link("lives_in", "T2", "T10", 1)]
    assert found.subtypes == {"T10": "capital city"}


def test_labels_may_be_spelt_otherwise() -> None:
    found = read("T1\tborn_in 0 3\tAda", "T2\tLOC 4 5\tX", "R1\tborn_in Arg1:T1 Arg2:T2")
    spelt = found.spelt({"born_in": "born in"})
    assert [bound.label for bound in spelt.entities.values()] == ["born in", "LOC"]
    assert [link.label for link in spelt.relations] == ["born in"]


def test_names_that_nothing_refers_to_may_be_there_twice() -> None:
    notes = Notes()
    read("#1\tAnnotatorNotes T1\ta", "#1\tAnnotatorNotes T1\tb", "*\tEquiv T1 T2", notes=notes)
    assert notes.counts == {"note (# line) not read": 2, "equivalence (* line) not read": 1}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("T2", "is no line of brat"),
        ("X1\tPER 0 3\tAda", "is no line of brat"),
        ("T2\tPER", "T2 needs a type and the start and end"),
        ("T2\t0 3\tAda", "T2 needs a type and the start and end"),
        ("T2\tPER 0 3;\tAda", "T2 needs a type and the start and end"),
        ("T2\tPER 0 3.5\tAda", "T2 needs a type and the start and end"),
        ("T2\tPER 0 " + "9" * 40 + "\tAda", "T2 needs a type and the start and end"),
        ("T2\tPER 3 3\t", "each start must lie before its end"),
        ("T2\tPER 0 3;2 5\tAda", "behind the end before it"),
        ("T1\tPER 0 3\tAda", "T1 is the name of two lines"),
        ("R1\t", "R1 needs a type and two arguments"),
        ("R1\tr Arg1:T1 Arg1:T1", "R1 needs a type and two arguments"),
        ("R1\tr T1 T1", "R1 needs a type and two arguments"),
        ("R1\tr Arg1:T1 Arg2:T1 Arg3:T1", "R1 needs a type and two arguments"),
        ("R1\tr Arg1:T1 Arg2:T7", "'r' is about T7, and no line is called so"),
    ],
)
def test_errors_name_the_line(line: str, message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read("T1\tPER 0 3\tAda", line)
    assert str(caught.value).startswith("a.ann, line 2: ")
