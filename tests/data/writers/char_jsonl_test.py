from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.char_jsonl import CharJsonLinesReader
from tango_ie.data.writers.base import Writer
from tango_ie.data.writers.char_jsonl import CharJsonLinesWriter
from tests.data.laid_out_sentences import any_sentences, subtypes, with_text

names = st.sampled_from(["a.jsonl", "a.jsonl.gz"])


@given(gold=st.lists(with_text(any_sentences), min_size=1, max_size=4), name=names)
def test_what_is_written_is_read_back(
    gold: list[Sentence], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    notes = Notes(strict=True)
    assert CharJsonLinesWriter().write(iter(gold), path, notes) == len(gold)
    back = list(CharJsonLinesReader().read(path, notes))
    assert back == gold
    assert subtypes(back) == subtypes(gold)


@given(gold=st.lists(any_sentences, min_size=1, max_size=4))
def test_sentences_without_a_text_get_one(
    gold: list[Sentence], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / "a.jsonl"
    CharJsonLinesWriter().write(gold, path)
    back = list(CharJsonLinesReader().read(path, Notes(strict=True)))
    assert [replace(found, text=None, offsets=None) for found in back] == [
        replace(sentence, text=None, offsets=None) for sentence in gold
    ]
    assert subtypes(back) == subtypes(gold)


def test_lines_are_what_other_programs_read(tmp_path: Path) -> None:
    sentence = Sentence(
        ("Ada", "Lovelace", "wrote", "."),
        (Entity("PER", 0, 2, subtype="PER.Group"), Entity("PER", 0, 1)),
        (Relation("same", 1, 0),),
        doc_id="d",
    )
    writer = build(Writer, "tango_ie::char_jsonl")
    writer.write([sentence], tmp_path / "a.jsonl")
    assert json.loads((tmp_path / "a.jsonl").read_text(encoding="utf-8")) == {
        "doc_id": "d",
        "text": "Ada Lovelace wrote .",
        "entities": [
            {"start": 0, "end": 12, "type": "PER", "subtype": "PER.Group"},
            {"start": 0, "end": 3, "type": "PER"},
        ],
        "relations": [{"type": "same", "head": 1, "tail": 0}],
        "words": [[0, 3], [4, 12], [13, 18], [19, 20]],
    }


@pytest.mark.parametrize(
    "offsets", [None, ((0, 1), (1, 2)), ((2, 3), (0, 1)), ((0, 1), (2, 9)), ((0, 1), (0, 1))]
)
def test_a_text_that_does_not_hold_the_words_is_noted(
    offsets: tuple[tuple[int, int], ...] | None, tmp_path: Path
) -> None:
    sentence = Sentence(("a", "b"), text="a b", offsets=offsets)
    notes = Notes()
    path = tmp_path / "a.jsonl"
    CharJsonLinesWriter().write([sentence], path, notes)
    assert notes.counts == {"text of a sentence left out": 1}
    assert [found.words for found in CharJsonLinesReader().read(path)] == [("a", "b")]
    with pytest.raises(DataError, match=r"a\.jsonl, sentence 1: text of a sentence left out"):
        CharJsonLinesWriter().write([sentence], path, Notes(strict=True))
