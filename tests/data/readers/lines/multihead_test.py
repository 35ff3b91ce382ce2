from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.multihead import MultiHeadReader

DOCUMENTS = """\
#doc 11
0 Mira B-Peop ['N'] [0]
1 Kolb I-Peop ['Work_For', 'Live_In'] [3, 5]
2 runs O ['N'] [2]
3 Kites B-Org ["OrgBased_In"] [5]
4 in O ['N'] [4]
5 Ulm B-Loc ['N'] [5]
#doc 12
#doc
0 Rain O ['N'] [0]

0 fell O ['N'] [0]
"""


def read(text: str, folder: Path, notes: Notes | None = None) -> list[Sentence]:
    path = folder / "data.txt"
    path.write_text(text.replace(" ", "\t").replace(",\t", ", ").replace("#doc\t", "#doc "))
    return list(MultiHeadReader().read(path, notes))


def test_documents_and_relations(tmp_path: Path) -> None:
    notes = Notes()
    assert read(DOCUMENTS, tmp_path, notes) == [
        Sentence(
            ("Mira", "Kolb", "runs", "Kites", "in", "Ulm"),
            (Entity("Peop", 0, 2), Entity("Org", 3, 4), Entity("Loc", 5, 6)),
            (Relation("Work_For", 0, 1), Relation("Live_In", 0, 2), Relation("OrgBased_In", 1, 2)),
            doc_id="11",
            position=0,
        ),
        Sentence(("Rain",), position=0),
        Sentence(("fell",), position=1),
    ]
    assert notes.counts == {"sentence without words left out": 1}
    assert notes.facts == {"scheme of entities": "iob2"}


def test_a_relation_without_entity_is_left_out(tmp_path: Path) -> None:
    notes = Notes()
    rows = "0 New B-Loc ['near'] [2]\n1 Ulm I-Loc ['near', 'in'] [2, 3]\n2 or O ['N'] [2]\n"
    (sentence,) = read(rows + "3 Bonn B-Loc ['N'] [3]\n", tmp_path, notes)
    assert sentence.relations == (Relation("in", 0, 1),)
    kind = "relation at a word that ends no entity left out"
    path = tmp_path / "data.txt"
    assert notes.to_json()[kind] == {
        "count": 2,
        "examples": [
            f"{path}, line 1: near from word 0 to 2: 'New' ends no entity",
            f"{path}, line 2: near from word 1 to 2: 'or' ends no entity",
        ],
    }


def test_an_orphan_is_noted_with_its_line(tmp_path: Path) -> None:
    notes = Notes()
    rows = "0 Mira B-Peop ['N'] [0]\n1 in O ['N'] [1]\n2 Ulm B-Loc ['N'] [2]\n"
    rows += "3 or O ['N'] [3]\n4 Bonn B-Loc ['N'] [4]\n5 by O ['N'] [5]\n6 Rees I-Loc ['N'] [6]\n"
    (sentence,) = read(f"#doc 1\n{rows}", tmp_path, notes)
    assert sentence.entities[-1] == Entity("Loc", 6, 7)
    (note,) = notes.to_json().values()
    assert note["examples"] == [f"{tmp_path / 'data.txt'}, line 8: I-Loc after O"]


def test_errors_name_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"data\.txt, line 8: the word has the number '1'"):
        read(DOCUMENTS.replace("#doc 12\n#doc\n0", "1"), tmp_path)
