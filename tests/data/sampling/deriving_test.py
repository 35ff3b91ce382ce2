from __future__ import annotations

import logging

import pytest

from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import deriving
from tango_ie.data.sampling.deriving import concatenated, derive, picked, selection
from tango_ie.data.sampling.drawing import draw
from tests.data.sampling.small_corpora import sentence

GIVEN = [sentence(f"w{i}/PER", "d") for i in range(6)]


def test_origins_grow_and_names_stay(caplog: pytest.LogCaptureFixture) -> None:
    source = Corpus.from_sentences({"a": GIVEN}, {"PER": "person"}, origin={"files": {"a": "x"}})
    first = derive(source, {"a": source["a"]}, {"operation": "one"})
    with caplog.at_level(logging.INFO):
        second = derive(first, {"b": iter(GIVEN[:2])}, {"operation": "two"}, names={})
    assert second.origin == {
        "files": {"a": "x"},
        "operations": [{"operation": "one"}, {"operation": "two"}],
    }
    assert first.schema.names == {"PER": "person"} and second.schema.names == {}
    assert source.origin == {"files": {"a": "x"}}
    assert caplog.messages == ["two: b has 2 sentences; PER 2"]


def test_a_selection_identifies_its_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    units = draw([GIVEN], 0, "test")[:3]
    record = selection(units)
    assert record["positions"] == sorted(place for unit in units for place in unit.positions)
    assert [item.words[0] for item in picked(GIVEN, units)] == [
        f"w{place}" for place in record["positions"]
    ]
    moved = [*GIVEN[3:], *GIVEN[:3]]
    digests = set(record["digests"])
    elsewhere = selection([unit for unit in draw([moved], 1, "other") if unit.digest in digests])
    assert elsewhere["digest"] == record["digest"]
    assert elsewhere["positions"] != record["positions"]
    monkeypatch.setattr(deriving, "_MOST_IDS", 2)
    assert selection(units) == {**record, "positions": None, "digests": None}


def test_one_part_keeps_its_document_ids() -> None:
    bare = sentence("x")
    assert [item.doc_id for item in concatenated([("a", GIVEN[:1])])] == ["d"]
    both = concatenated([("a", GIVEN[:1]), ("b", [GIVEN[1], bare])])
    assert [item.doc_id for item in both] == ["a/d", "b/d", None]
