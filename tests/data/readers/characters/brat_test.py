from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.characters.brat import BratReader

TEXT = "Dr. Ada Holm left Oslo. She moved\nto Bergen.\n"


def collection(folder: Path, **documents: tuple[str, str | None]) -> Path:
    """A folder of documents, each a text and its standoff lines (none: no file)."""
    for name, (text, standoff) in documents.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
        if standoff is not None:
            (folder / f"{name}.ann").write_text(standoff, encoding="utf-8", newline="")
    return folder


def mark(number: int, label: str, part: str, text: str = TEXT) -> str:
    start = text.index(part)
    return f"T{number}\t{label} {start} {start + len(part)}\t{part}\n".replace(
        part + "\n", part.replace("\n", " ") + "\n"
    )


def read(path: Path, notes: Notes | None = None, **config: object) -> list[Sentence]:
    return list(build(Reader, {"type": "tango_ie::brat", **config}).read(path, notes))


def test_sentences_keep_their_place(tmp_path: Path) -> None:
    standoff = mark(1, "PER", "Ada Holm") + mark(2, "LOC", "Oslo") + mark(3, "LOC", "Bergen")
    standoff += "R1\tleft Arg1:T1 Arg2:T2\t\nR2\tfrom Arg2:T2 Arg1:T1\n"
    notes = Notes(strict=True)
    first, second, third = read(collection(tmp_path, a=(TEXT, standoff)), notes)
    assert first == Sentence(
        words=("Dr", ".", "Ada", "Holm", "left", "Oslo", "."),
        entities=(Entity("PER", 2, 4), Entity("LOC", 5, 6)),
        relations=(Relation("left", 0, 1), Relation("from", 0, 1)),
        doc_id="a",
        position=0,
        text="Dr. Ada Holm left Oslo.",
        offsets=((0, 2), (2, 3), (4, 7), (8, 12), (13, 17), (18, 22), (22, 23)),
        text_start=0,
    )
    assert (second.text, second.text_start, second.position) == ("She moved", 24, 1)
    assert (third.text, third.text_start, third.position) == ("to Bergen.", 34, 2)
    assert third.entities == (Entity("LOC", 1, 2),)


def test_units(tmp_path: Path) -> None:
    folder = collection(tmp_path, a=(TEXT, ""))
    texts = {unit: [s.text for s in read(folder, unit=unit)] for unit in ("line", "document")}
    assert texts["line"] == ["Dr. Ada Holm left Oslo. She moved", "to Bergen."]
    assert texts["document"] == [TEXT.strip()]


def test_no_entity_is_cut(tmp_path: Path) -> None:
    standoff = mark(1, "PHRASE", "moved\nto") + mark(2, "LOC", "Oslo. She")
    folder = collection(tmp_path, a=(TEXT, standoff))
    notes = Notes()
    (sentence,) = read(folder, notes)
    assert [entity.label for entity in sentence.entities] == ["PHRASE", "LOC"]
    assert notes.counts == {"line end inside an entity passed over": 1}


def test_relations_across_sentences_are_noted(tmp_path: Path) -> None:
    standoff = mark(1, "LOC", "Oslo") + mark(2, "LOC", "Bergen") + "R1\tto Arg1:T1 Arg2:T2\n"
    folder = collection(tmp_path, a=(TEXT, standoff))
    notes = Notes()
    assert all(not sentence.relations for sentence in read(folder, notes))
    assert notes.counts == {"relation across sentences left out": 1}
    (sentence,) = read(folder, Notes(strict=True), unit="document")
    assert sentence.relations == (Relation("to", 0, 1),)


def test_arguments_of_other_names_count_in_their_order(tmp_path: Path) -> None:
    standoff = mark(1, "PER", "Ada") + mark(2, "LOC", "Oslo") + "R1\tr Place:T2 Person:T1\n"
    sentence = read(collection(tmp_path, a=(TEXT, standoff)))[0]
    assert sentence.relations == (Relation("r", 1, 0),)


def test_fragments(tmp_path: Path) -> None:
    standoff = (
        "T1\tPER 4 7;18 22\tAda Oslo\n"
        "T2\tPER 4 7;8 12\tAda Holm\n"
        "T3\tMOVE 28 33;34 36\tmoved to\n"
        "R1\tr Arg1:T1 Arg2:T2\n"
    )
    folder = collection(tmp_path, a=(TEXT, standoff))
    notes = Notes()
    first, second = read(folder, notes)
    assert (first.entities, second.entities) == ((Entity("PER", 2, 4),), (Entity("MOVE", 1, 3),))
    assert notes.counts == {
        "discontinuous entity left out": 1,
        "line end inside an entity passed over": 1,
        "relation of an event, or of an entity that is left out": 1,
    }
    notes = Notes()
    first = read(folder, notes, discontinuous="cover")[0]
    assert first.entities == (Entity("PER", 2, 6), Entity("PER", 2, 4))
    assert first.relations == (Relation("r", 0, 1),)
    assert notes.counts["discontinuous entity taken from its first to its last word"] == 1


def test_other_lines_are_counted(tmp_path: Path) -> None:
    standoff = (
        *("E1\tMove:T1 Who:T2\n", "E2\tMove:T1\n", "A1\tSure E1\n", "M1\tSure E1 no\n"),
        *(mark(1, "Move", "moved"), mark(2, "PER", "She"), "* \n".replace(" ", "\tEquiv T1 T2")),
        *("N1\tReference T2 Wiki:1\tShe\n", "#1\tAnnotatorNotes T1\tsure?\n", "\n"),
        *("#2\tSubtype T2\tpronoun\n", "#3\tSubtype E1\tgoing\n", "R1\tr Arg1:E1 Arg2:T2\n"),
    )
    notes = Notes()
    second = read(collection(tmp_path, a=(TEXT, "".join(standoff))), notes)[1]
    assert [(entity.label, entity.subtype) for entity in second.entities] == [
        ("Move", None),
        ("PER", "pronoun"),
    ]
    assert notes.counts == {
        "event (E line) not read": 2,
        "attribute (A or M line) not read": 2,
        "equivalence (* line) not read": 1,
        "normalisation (N line) not read": 1,
        "note (# line) not read": 2,
        "relation of an event, or of an entity that is left out": 1,
    }
    with pytest.raises(DataError, match=r"a\.ann, line 1: event \(E line\) not read"):
        read(tmp_path, Notes(strict=True))


def test_documents_of_subfolders_come_sorted_by_name(tmp_path: Path) -> None:
    for name in ("b", "a/z", "a/b/c", "B"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        collection(tmp_path, **{name: ("Word", "")})
    (tmp_path / "a.conf").write_text("x", encoding="utf-8")
    assert [sentence.doc_id for sentence in read(tmp_path)] == ["B", "a/b/c", "a/z", "b"]


@pytest.mark.parametrize("name", ["a.txt", "a.ann"])
def test_a_single_document(name: str, tmp_path: Path) -> None:
    collection(tmp_path, a=(TEXT, mark(1, "PER", "Ada")), b=(TEXT, ""))
    found = read(tmp_path / name)
    assert {sentence.doc_id for sentence in found} == {"a"}
    assert found[0].entities == (Entity("PER", 2, 3),)


def test_compressed_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt.gz").write_bytes(gzip.compress(TEXT.encode()))
    (tmp_path / "a.ann").write_bytes(gzip.compress(mark(1, "PER", "Ada").encode()))
    for path in (tmp_path, tmp_path / "a.txt.gz"):
        assert read(path)[0].entities == (Entity("PER", 2, 3),)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    with pytest.raises(DataError, match=r"is there twice, as a\.txt as well"):
        read(tmp_path)


def test_missing_annotations_are_noted_and_empty_ones_are_not(tmp_path: Path) -> None:
    folder = collection(tmp_path, a=(TEXT, None), b=(TEXT, ""))
    notes = Notes()
    assert len(read(folder, notes)) == 6
    assert notes.counts == {"document without .ann": 1}


def test_offsets_count_characters_with_line_ends_and_the_mark(tmp_path: Path) -> None:
    text = "\ufeff🚂 on\r\nthe e\u0301.\r\n"
    vowel = "e\u0301"
    start = text.index(vowel)
    standoff = f"T1\tVEHICLE 1 2\t🚂\r\nT2\tVOWEL {start} {start + 2}\t{vowel}\r\n"
    folder = collection(tmp_path, a=(text, standoff))
    first, second = read(folder, Notes(strict=True))
    assert first.words == ("🚂", "on") and first.entities == (Entity("VEHICLE", 0, 1),)
    assert second.words == ("the", "e\u0301", ".") and second.entities == (Entity("VOWEL", 1, 2),)
    assert second.text_start == 7


def test_texts_that_lie_elsewhere(tmp_path: Path) -> None:
    folder = collection(tmp_path, a=(TEXT, "T1\tPER 5 7\tAda\nT2\tLOC 18 22\n"))
    with pytest.raises(DataError, match=r"a\.ann, line 1: T1 says 'Ada', and at its offsets"):
        read(folder)
    notes = Notes()
    first = read(folder, notes, text_mismatch="note", inside_words="split")[0]
    assert [first.words[entity.start] for entity in first.entities] == ["da", "Oslo"]
    assert notes.counts == {
        "T line whose text lies elsewhere, offsets taken": 1,
        "T line without its text": 1,
        "words cut at the boundaries of an entity": 1,
    }


def test_links(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    collection(tmp_path / "real", a=("Word", ""))
    (tmp_path / "real" / "loop").symlink_to(tmp_path / "real", target_is_directory=True)
    notes = Notes()
    assert [sentence.doc_id for sentence in read(tmp_path, notes)] == ["real/a"]
    assert notes.counts == {"link to a folder not followed": 1}
    (tmp_path / "circle.txt").symlink_to(tmp_path / "circle.txt")
    with pytest.raises(DataError, match=r"circle\.txt: cannot be read"):
        read(tmp_path)
    with pytest.raises(DataError, match="does not exist"):
        read(tmp_path / "nowhere")


def test_wrong_arguments() -> None:
    with pytest.raises(ConfigurationError, match="discontinuous: 'keep' is none of"):
        BratReader(discontinuous="keep")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="text_mismatch: 'drop' is none of"):
        BratReader(text_mismatch="drop")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="unit"):
        BratReader(unit="page")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="encoding"):
        BratReader(encoding="klingon")


@given(data=st.data())
def test_every_entity_is_found_again(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text = data.draw(st.text(st.sampled_from("aB. \n\r!\u0301\u2028é"), min_size=1, max_size=40))
    spans = data.draw(
        st.lists(
            st.tuples(st.integers(0, len(text) - 1), st.integers(1, 12))
            .map(lambda pair: (pair[0], min(len(text), sum(pair))))
            .filter(lambda span: bool(text[slice(*span)].strip())),
            max_size=4,
        )
    )
    standoff = "".join(f"T{n}\tX {start} {end}\n" for n, (start, end) in enumerate(spans))
    folder = collection(tmp_path_factory.mktemp("brat"), a=(text + " end", standoff))
    config = {"unit": data.draw(st.sampled_from(["sentence", "line", "document"]))}
    found = []
    for sentence in read(folder, inside_words="split", **config):
        assert sentence.text is not None and sentence.offsets is not None
        offset = sentence.text_start or 0
        assert (text + " end")[offset : offset + len(sentence.text)] == sentence.text
        for entity in sentence.entities:
            start, end = sentence.offsets[entity.start][0], sentence.offsets[entity.end - 1][1]
            found.append((start + offset, end + offset))
    trimmed = []
    for start, end in spans:
        part = text[start:end]
        trimmed.append((end - len(part.lstrip()), start + len(part.rstrip())))
    assert sorted(found) == sorted(trimmed)
