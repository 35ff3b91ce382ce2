from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers import ColumnReader
from tango_ie.data.schemes import SCHEMES, TagScheme
from tango_ie.data.writers import Writer
from tango_ie.data.writers.column import ColumnWriter
from tests.data.generated import any_entities, filled

words = filled.filter(lambda text: not set(text) & set("\t\n\0") and text != "-DOCSTART-")
tags = words.filter(lambda text: text[-1] not in " \r")


@st.composite
def nested(draw: st.DrawFn) -> Sentence:
    """A sentence with one layer of tags and entities that nest, overlap and repeat."""
    found = draw(st.lists(words, min_size=1, max_size=6))
    entities = [Entity(item.label, item.start, item.end) for item in draw(any_entities(len(found)))]
    pos = draw(st.lists(tags, min_size=len(found), max_size=len(found)))
    return Sentence(tuple(found), tuple(entities), (), {"pos": tuple(pos)})


def ordered(sentence: Sentence) -> tuple[Any, ...]:
    entities = sorted((item.start, item.end, item.label) for item in sentence.entities)
    return sentence.words, entities, sentence.tags


@pytest.mark.parametrize("scheme", SCHEMES)
@given(gold=st.lists(nested(), min_size=1, max_size=4), name=st.sampled_from(["a", "a.gz"]))
def test_what_is_written_is_read_back(
    scheme: TagScheme, gold: list[Sentence], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    columns = ["word", "pos", *["entities"] * 5]
    notes = Notes(strict=True)
    assert ColumnWriter(columns, scheme=scheme).write(iter(gold), path, notes) == len(gold)
    reader = ColumnReader(columns, separator="\t", scheme=scheme)
    assert list(map(ordered, reader.read(path, notes))) == list(map(ordered, gold))


def test_documents_keep_their_borders(tmp_path: Path) -> None:
    gold = [
        Sentence(("a",), doc_id="1", position=0),
        Sentence(("b",), doc_id="1", position=1),
        Sentence(("c",), doc_id="2", position=0),
    ]
    ColumnWriter().write(gold, tmp_path / "a.conll", Notes(strict=True))
    assert list(ColumnReader(["word", "entities"]).read(tmp_path / "a.conll")) == gold
    notes = Notes()
    ColumnWriter().write([Sentence(("a",), doc_id="x")], tmp_path / "b.conll", notes)
    assert notes.counts == {"document id left out": 1}


def test_a_mark_in_front_of_the_first_word_is_kept(tmp_path: Path) -> None:
    gold = [Sentence(("\ufeffa",)), Sentence(("\ufeffb",))]
    ColumnWriter().write(gold, tmp_path / "a.conll")
    assert list(ColumnReader(["word", "entities"]).read(tmp_path / "a.conll")) == gold


def test_what_has_no_place_is_noted(tmp_path: Path) -> None:
    sentence = Sentence(
        ("a", "b"),
        (Entity("X", 0, 1), Entity("Y", 0, 2, subtype="Z")),
        (Relation("R", 0, 1),),
        {"pos": ("N", "V")},
        text="a b",
    )
    notes = Notes()
    ColumnWriter().write([sentence], tmp_path / "a", notes)
    assert notes.counts == {
        "relations left out": 1,
        "raw text left out": 1,
        "layer 'pos' left out": 1,
        "subtype left out": 1,
        "entity left out, for it overlaps others": 1,
    }
    assert (tmp_path / "a").read_text(encoding="utf-8") == "a\tB-Y\nb\tI-Y\n\n"
    with pytest.raises(DataError, match="relations left out: a b"):
        ColumnWriter().write([sentence], tmp_path / "b", Notes(strict=True))
    assert not (tmp_path / "b").exists()


@pytest.mark.parametrize(
    ("word", "options", "message"),
    [
        ("a\tb", {}, "sentence 2: 'a\\tb' holds a line end, a zero byte or the separator"),
        ("a b", {"separator": " "}, "'a b' holds a line end, a zero byte or the separator"),
        ("a\u2003b", {"separator": " "}, "'a\\u2003b' holds a blank"),
        ("a ", {"columns": ["entities", "word"]}, "'a ' ends in a blank"),
        ("-DOCSTART-", {}, "marks a document"),
        ("a", {"columns": ["word", "pos"]}, "has no layer 'pos'"),
    ],
)
def test_words_that_do_not_fit(
    word: str, options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    gold = [Sentence(("fine",), tags={"pos": ("N",)}), Sentence((word,))]
    with pytest.raises(DataError) as caught:
        ColumnWriter(**options).write(gold, tmp_path / "a")
    assert message in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["entities"]}, "columns: exactly one column must be 'word'"),
        ({"separator": ""}, "separator: must be one character"),
        ({"scheme": "iob"}, "scheme: expected"),
    ],
)
def test_arguments_are_checked(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(Writer, {"type": "tango_ie::column", **options})
