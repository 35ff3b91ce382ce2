from __future__ import annotations

from typing import Any

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.notes import Notes
from tango_ie.data.readers.word_json.tag_decoding import decode_tags, name_tags
from tango_ie.data.readers.word_records import (
    Place,
    SpanIndex,
    entity_of,
    fields,
    identifier,
    relation_of,
    spans_and_label,
)
from tango_ie.data.span_decoder import SpanDecoder


@pytest.mark.parametrize("span", [(-1, 1), (0, 0), (2, 1), (0, 4), (3, 4)])
def test_entities_lie_in_their_sentence(span: tuple[int, int]) -> None:
    with pytest.raises(DataError, match="does not lie in the sentence's 3 words"):
        entity_of("X", *span, 3, "entities[0]")


@pytest.mark.parametrize("value", [True, 1.0, "1", None, [1]])
def test_only_whole_numbers_are_places(value: Any) -> None:
    with pytest.raises(DataError, match="must be a whole number"):
        entity_of("X", 0, value, 3, "entities[0]")
    with pytest.raises(DataError, match="must be a whole number"):
        relation_of("X", value, 0, 3, "relations[0]")
    with pytest.raises(DataError, match="must be a whole number"):
        spans_and_label([0, value, "X"], 1, "entities[0]")
    with pytest.raises(DataError, match="must be a whole number"):
        name_tags([value], ["O", "B-X"], "tags")


def test_fields_of_an_object() -> None:
    assert fields({"a": True, "b": None, "c": 1}, ("b", "a"), "it") == [None, True]
    with pytest.raises(DataError, match="it needs the key 'b'"):
        fields({"a": True}, ("a", "b"), "it")
    with pytest.raises(DataError, match="it must be an object"):
        fields([], ("a",), "it")


def test_identifiers() -> None:
    assert [identifier({"a": value}, "a") for value in ("", "x", 0, None)] == ["", "x", "0", None]
    for value in (True, 1.5, []):
        with pytest.raises(DataError, match="a must be a string or a whole number"):
            identifier({"a": value}, "a")


def test_spans_find_the_first_entity() -> None:
    notes = Notes()
    place = Place(notes, "here", 3)
    index = SpanIndex([Entity("A", 0, 1), Entity("B", 1, 2), Entity("C", 1, 2)])
    spans = [(0, 1), (1, 2), (0, 2)]
    found = [index.find(Entity("", *span), place, "relations[0]") for span in spans]
    assert found == [0, 1, None]
    assert list(notes.counts.values()) == [1, 1]


def test_tags_must_be_one_for_each_word() -> None:
    place = Place(Notes(), "here", 3)
    decoder = SpanDecoder("iob2", "entities", "here", Notes())
    with pytest.raises(DataError, match="tags has 2 tags for 1 words"):
        decode_tags(["O", "O"], 1, decoder, place, "tags")
    with pytest.raises(DataError, match="line 3: column 'entities': 'X-Y' is not a tag"):
        decode_tags(["X-Y"], 1, decoder, place, "tags")
    for number in (-1, 2):
        with pytest.raises(DataError, match="has no name; 2 tags have names"):
            name_tags([number], ["O", "B-X"], "tags")
