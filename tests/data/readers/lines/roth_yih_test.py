from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.roth_yih import RothYihReader

ROWS = """\
4 Peop 0 O NNP/NNP Mira/Kolb O O O
4 O 1 O , COMMA O O O
4 O 2 O IN in O O O
4 Loc 3 O NNP/,/NNP Ulm/COMMA/Baden O O O


0 3 Live_In
3 0 Home_Of
0 1 Kill

9 O 0 O CC and/or O O O
9 O 1 O NN / O O O
9 Org 2 O NNP/NNPS Blue/Kite/Works O O O
9 Org 3 O NNP/NNP/NNPS KiteWorks O O O


"""


def read(text: str, folder: Path, notes: Notes | None = None, **options: object) -> list[Sentence]:
    path = folder / "corp.tsv"
    path.write_text(text.replace(" ", "\t"))
    return list(RothYihReader(**options).read(path, notes))  # type: ignore[arg-type]


def test_rows_are_cut_into_words(tmp_path: Path) -> None:
    notes = Notes()
    assert read(ROWS, tmp_path, notes) == [
        Sentence(
            ("Mira", "Kolb", ",", "in", "Ulm", ",", "Baden"),
            (Entity("Peop", 0, 2), Entity("Loc", 4, 7)),
            (Relation("Live_In", 0, 1), Relation("Home_Of", 1, 0)),
            {"pos": ("NNP", "NNP", ",", "IN", "NNP", ",", "NNP")},
            "4",
            0,
        ),
        Sentence(
            ("and/or", "/", "Blue", "Kite", "Works", "KiteWorks"),
            (Entity("Org", 2, 5), Entity("Org", 5, 6)),
            (),
            {"pos": ("CC", "NN", "NNP", "NNPS", "NNPS", "NNPS")},
            "9",
            0,
        ),
    ]
    assert notes.counts == {
        "relation at a row that is no entity left out": 1,
        "word with a slash kept whole": 1,
        "words without a tag of their own given the last one": 2,
    }
    assert notes.facts == {"signs spelled by name": "COMMA → , (2 times)"}


def test_other_placeholders(tmp_path: Path) -> None:
    notes = Notes()
    (first, _) = read(ROWS, tmp_path, notes, placeholders={})
    assert first.words == ("Mira", "Kolb", "COMMA", "in", "Ulm", "COMMA", "Baden")
    assert notes.facts == {}
    with pytest.raises(ConfigurationError, match=r"placeholders: 'COMMA': '' has an empty side"):
        RothYihReader(placeholders={"COMMA": ""})


def test_errors_name_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"corp\.tsv, line 9: the tail 7 of relation Kill is no"):
        read(ROWS.replace("0 1 Kill", "0 7 Kill"), tmp_path)
