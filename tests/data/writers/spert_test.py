from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.word_json.spert import SpertReader
from tango_ie.data.writers import Writer
from tango_ie.data.writers.spert import SpertWriter
from tests.data.generated import sentences


@given(gold=st.lists(sentences(), min_size=1, max_size=4), name=st.sampled_from(["a", "a.gz"]))
def test_what_is_written_is_read_back(
    gold: list[Sentence], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    written, read = Notes(), Notes()
    assert SpertWriter().write(iter(gold), path, written) == len(gold)
    found = list(SpertReader().read(path, read))
    assert found == gold
    subtypes = [[entity.subtype for entity in sentence.entities] for sentence in found]
    assert subtypes == [[entity.subtype for entity in sentence.entities] for sentence in gold]
    assert not written.counts and not read.counts and not read.facts


def test_the_layout_of_spert(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    gold = [
        Sentence(("Ada", "left"), (Entity("PER", 0, 1, 0.5),), (Relation("r", 0, 0),), doc_id="x"),
        Sentence(("née",)),
    ]
    writer = build(Writer, "tango_ie::spert")
    assert isinstance(writer, SpertWriter)
    writer.write(gold, path)
    assert json.loads(path.read_text(encoding="utf-8")) == [
        {
            "tokens": ["Ada", "left"],
            "entities": [{"type": "PER", "start": 0, "end": 1}],
            "relations": [{"type": "r", "head": 0, "tail": 0}],
            "orig_id": "x",
        },
        {"tokens": ["née"], "entities": [], "relations": []},
    ]
    assert len(path.read_text(encoding="utf-8").splitlines()) == 4


def test_no_sentence_is_an_empty_array(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert SpertWriter().write([], path) == 0
    assert json.loads(path.read_text(encoding="utf-8")) == []


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    def broken() -> Iterator[Sentence]:
        yield Sentence(("a",))
        raise DataError("the source ended early")

    with pytest.raises(DataError, match="ended early"):
        SpertWriter().write(broken(), tmp_path / "a.json")
    assert list(tmp_path.iterdir()) == []
