from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.tables import from_batch, layers_of, list_lengths, table_schema, to_batch
from tests.data.generated import sentences


def layers(gold: list[Sentence]) -> list[str]:
    return sorted({layer for sentence in gold for layer in sentence.tags})


def subtypes(gold: list[Sentence]) -> list[str | None]:
    """They take no part in equality."""
    return [entity.subtype for sentence in gold for entity in sentence.entities]


@given(st.lists(sentences(), max_size=5))
def test_round_trip(gold: list[Sentence]) -> None:
    batch = to_batch(gold, layers(gold))
    batch.validate(full=True)
    assert from_batch(batch) == gold
    assert subtypes(from_batch(batch)) == subtypes(gold)
    assert list(layers_of(batch.schema)) == layers(gold)


@given(st.lists(sentences(), min_size=1, max_size=6), st.data())
def test_slices_of_a_batch(gold: list[Sentence], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(gold) - 1))
    length = data.draw(st.integers(0, len(gold)))
    part = to_batch(gold, layers(gold)).slice(start, length)
    assert from_batch(part) == gold[start : start + length]
    expected = [len(sentence) for sentence in gold[start : start + length]]
    assert list_lengths(part.column("words")).tolist() == expected


def test_null_lists_count_as_empty() -> None:
    batch = to_batch([Sentence(("a",), tags={"pos": ("X",)}), Sentence(("b", "c"))], ["pos"])
    assert batch.column("tags.pos").null_count == 1
    assert list_lengths(batch.column("tags.pos")).tolist() == [1, 0]
    assert list_lengths(batch.column("words")).dtype == np.int64


@pytest.mark.parametrize(
    "bad",
    [
        Sentence(("half \ud83d",)),
        Sentence(("a",), position=2**64),
        Sentence(("a",), offsets=((0, 2**64),)),
    ],
)
def test_what_arrow_cannot_hold_is_an_error_that_shows_it(bad: Sentence) -> None:
    with pytest.raises(DataError, match="cannot be kept") as caught:
        to_batch([Sentence(("fine",)), bad, Sentence(("fine",))], [])
    assert repr(bad) in str(caught.value)


def test_columns() -> None:
    annotated = ["words", "entities", "relations", "tags.pos"]
    source = ["doc_id", "position", "text", "offsets", "text_start"]
    assert table_schema(["pos"]).names == annotated + source
