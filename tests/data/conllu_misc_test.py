from __future__ import annotations

import re

import pytest
from hypothesis import given

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.conllu_misc import MiscAnnotations, escape, misc_values, unescape
from tests.data.generated import sentences, texts


@given(texts)
def test_escapes(value: str) -> None:
    escaped = escape(value)
    assert not re.search(r"[|=:,\s\x00-\x1f]", escaped)
    assert unescape(escaped) == value


@given(sentences())
def test_values_are_read_back(sentence: Sentence) -> None:
    size = len(sentence)
    misc = MiscAnnotations(size)
    values = misc_values(sentence.entities, sentence.relations, sentence.tags, size)
    for place, items in enumerate(values):
        for item in items:
            key, _, value = item.partition("=")
            misc.add(place, key, value)
    assert tuple(misc.entities()) == sentence.entities
    assert [e.subtype for e in misc.entities()] == [e.subtype for e in sentence.entities]
    assert tuple(misc.relations()) == sentence.relations
    assert misc.layers() == sentence.tags


def test_attributes_of_others_are_passed_over() -> None:
    misc = MiscAnnotations(1)
    misc.add(0, "SpaceAfter", "No")
    misc.add(0, "Entity", "(e1-person")
    assert (misc.entities(), misc.relations(), misc.layers()) == ([], [], {})


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("EntitySpan", "", "must be NUMBER:LAST:LABEL, found ''"),
        ("EntitySpan", "1:1", "must be NUMBER:LAST:LABEL"),
        ("EntitySpan", "1:-1:A", "must be NUMBER:LAST:LABEL"),
        ("EntitySpan", "1:3:A", "ends with word 3, but begins with word 2 of 2"),
        ("EntitySpan", "1:1:A", "ends with word 1, but begins with word 2 of 2"),
        ("EntitySpan", "1:2:A,1:2:B", "two EntitySpan of the sentence have the number 1"),
        ("EntitySpan", "1:2:%FF", "%-escapes that are not UTF-8"),
        ("EntityRelation", "1:A:1", "must be NUMBER:LABEL:HEAD:TAIL"),
        ("EntityRelation", "1:A:" + "9" * 5_000 + ":1", "must be NUMBER:LABEL:HEAD:TAIL"),
    ],
)
def test_malformed_values(key: str, value: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        MiscAnnotations(2).add(1, key, value)


def test_numbers_are_checked_at_the_end() -> None:
    misc = MiscAnnotations(2)
    misc.add(0, "EntitySpan", "2:1:A")
    misc.add(0, "EntityRelation", "1:A:0:2")
    misc.add(0, "Layer.a", "x")
    with pytest.raises(DataError, match="numbered from 1, found 2 instead of 1"):
        misc.entities()
    with pytest.raises(DataError, match="names entity 0 of 1"):
        misc.relations()
    with pytest.raises(DataError, match=r"word 2 has no Layer\.a"):
        misc.layers()


def test_the_form() -> None:
    entities = [Entity("a:b", 1, 2, subtype="c"), Entity("d", 0, 2)]
    assert misc_values(entities, [], {"e f": ["", "|"]}, 2) == [
        ["EntitySpan=2:2:d", "Layer.e%20f="],
        ["EntitySpan=1:2:a%3Ab:c", "Layer.e%20f=%7C"],
    ]
