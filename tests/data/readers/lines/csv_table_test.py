from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.csv_table import CsvReader
from tests.data.generated import filled, texts

HEADER = "Sentence #,Word,POS,Tag\r\n"


def read(table: str, notes: Notes | None = None, **options: Any) -> list[Sentence]:
    stream = io.StringIO(table, newline="\n")
    return list(CsvReader(**options).read_stream(stream, "here.csv", notes or Notes()))


def test_the_id_on_first_rows() -> None:
    notes = Notes()
    table = HEADER + 'S1,Mira,NNP,B-per\r\n,"""",``,O\r\n,"1,5",CD,O\r\nS2,Ulm,NNP,B-geo\r\n'
    assert read(table, notes) == [
        Sentence(("Mira", '"', "1,5"), (Entity("per", 0, 1),), (), {"pos": ("NNP", "``", "CD")}),
        Sentence(("Ulm",), (Entity("geo", 0, 1),), (), {"pos": ("NNP",)}),
    ]
    assert notes.counts == {}
    assert notes.facts == {
        "scheme of entities": "iob2",
        "the id of a sentence stands": "on its first row",
    }


def test_the_id_on_all_rows() -> None:
    notes = Notes()
    table = "token;nr;lemma\nA;1;a\nB;1;b\nC;2;c\n"
    columns = {"nr": "sentence", "token": "word"}
    found = read(table, notes, columns=columns, separator=";")
    assert found == [Sentence(("A", "B")), Sentence(("C",))]
    assert notes.facts == {"the id of a sentence stands": "on all of its rows"}


@pytest.mark.parametrize(
    ("last", "words", "kind"),
    [
        (",is,VBZ,O", ("Ulm", "is"), "last row without line end kept"),
        (",is,V", ("Ulm",), "last row cut off left out"),
        (',"is qui', ("Ulm",), "last row cut off left out"),
        (",,,", ("Ulm",), "empty row left out"),
    ],
)
def test_a_last_row_that_is_cut_off(last: str, words: tuple[str, ...], kind: str) -> None:
    notes = Notes()
    (sentence,) = read(HEADER + "S1,Ulm,NNP,B-geo\r\n" + last, notes)
    assert sentence.words == words
    assert list(notes.counts.items()) == [(kind, 1)]
    assert notes.to_json()[kind]["examples"][0].startswith("here.csv, line 3: ")


def test_an_open_quote_mark_further_up_is_an_error() -> None:
    table = HEADER + 'S1,Ulm,NNP,B-geo\r\n,"is,VBZ,O\r\n,big,JJ,O'
    with pytest.raises(DataError, match=r"here\.csv, line 3: not CSV: "):
        read(table)
    with pytest.raises(DataError, match=r"here\.csv, line 2: not CSV: field larger than"):
        read(HEADER + 'S1,"' + "a,b\n" * 40_000)


def test_a_last_row_with_too_many_cells_is_not_cut_off() -> None:
    with pytest.raises(DataError, match=r"line 3: 5 cells, but the header has 4"):
        read(HEADER + "S1,Ulm,NNP,B-geo\n,1,5,CD,O")


def test_lines_are_counted_over_line_breaks_in_cells() -> None:
    table = HEADER + 'S1,"New\nUlm",NNP,B-geo\r\n,is,VBZ\r\n'
    with pytest.raises(DataError, match=r"here\.csv, line 4: 3 cells, but the header has 4"):
        read(table)


def test_encodings(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    for encoding in ("utf-8", "utf-8-sig", "latin-1", "utf-16"):
        path.write_text(HEADER + "S1,Köln,NNP,B-geo\n", encoding=encoding)
        reader = CsvReader(encoding=encoding.removesuffix("-sig"))
        assert [sentence.words for sentence in reader.read(path)] == [("Köln",)]
    path.write_text(HEADER + "S1,K\0ln,NNP,B-geo\n", encoding="utf-16")
    with pytest.raises(DataError, match="line 2: a NUL byte, which is no text"):
        list(CsvReader(encoding="utf-16").read(path))


@given(st.lists(st.lists(st.tuples(filled, texts), min_size=1, max_size=3), min_size=1))
def test_whatever_csv_writes(sentences: list[list[tuple[str, str]]]) -> None:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=csv.QUOTE_ALL)
    writer.writerow(["Sentence #", "Word", "POS", "Tag"])
    for number, sentence in enumerate(sentences):
        for word, tag in sentence:
            writer.writerow([number, word, tag, "O"])
    table = stream.getvalue()
    if "\0" in table:
        return
    assert read(table) == [
        Sentence(
            tuple(word for word, _ in sentence), tags={"pos": tuple(tag for _, tag in sentence)}
        )
        for sentence in sentences
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": {"Word": "word"}}, "exactly one column must hold 'sentence'"),
        ({"columns": {"a": "sentence", "b": "word", "c": "word"}}, "must hold 'word'"),
        ({"columns": {"a": "sentence", "b": "word", "c": ""}}, "'' is empty or held by two"),
        ({"separator": ",,"}, "must be one character"),
        ({"separator": '"'}, "must be one character"),
    ],
)
def test_wrong_arguments(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        CsvReader(**options)
