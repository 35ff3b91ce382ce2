from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.locating import (
    Locating,
    Mention,
    Triple,
    TripleLocator,
    nearest_pair,
)
from tango_ie.data.readers.triples.word_search import Place


def located(
    sentence: str,
    *triples: tuple[str, str, str],
    mentions: tuple[Mention, ...] = (),
    **options: Any,
) -> tuple[Annotations, Notes]:
    notes = Notes()
    locator = TripleLocator(Locating(**options), notes, "here")
    found = locator.locate(sentence.split(), [Triple(*triple) for triple in triples], 7, mentions)
    locator.finish()
    return found, notes


def spans(found: Annotations) -> list[tuple[int, int]]:
    return [(entity.start, entity.end) for entity in found.entities]


def test_arguments_become_entities_once() -> None:
    found, notes = located(
        "Ada Byron of London met Babbage of London",
        ("Ada Byron", "met", "Babbage"),
        ("Babbage", "met", "Ada Byron"),
        entity_label="thing",
    )
    assert found == Annotations(
        (Entity("thing", 0, 2), Entity("thing", 5, 6)),
        (Relation("met", 0, 1), Relation("met", 1, 0)),
    )
    assert not notes.counts
    assert notes.facts == {"arguments of relations": "whole, the longest of 2 words"}


@pytest.mark.parametrize(
    ("occurrence", "expected"), [("first", [(0, 1), (3, 4)]), ("nearest", [(6, 7), (5, 6)])]
)
def test_one_of_several_places_is_taken(occurrence: str, expected: list[tuple[int, int]]) -> None:
    found, notes = located(
        "Rome , then Milan , Milan Rome", ("Rome", "near", "Milan"), occurrence=occurrence
    )
    assert spans(found) == expected
    [kind] = notes.counts
    assert kind.startswith("argument at several places: the ")
    assert notes.counts[kind] == 2
    assert notes.to_json()[kind]["examples"][0] == "here, line 7: 'Rome', at 2 places"


def test_the_nearest_does_not_overlap_where_it_can() -> None:
    sentence = "FC Union Berlin plays in the old Berlin"
    pair = ("FC Union Berlin", "city", "Berlin")
    assert spans(located(sentence, pair, occurrence="nearest")[0]) == [(0, 3), (7, 8)]
    # The first one does not care: that is what the makers of the sets do.
    assert spans(located(sentence, pair)[0]) == [(0, 3), (2, 3)]
    assert spans(located("FC Union Berlin", pair, occurrence="nearest")[0]) == [(0, 3), (2, 3)]


@pytest.mark.parametrize("occurrence", ["first", "nearest"])
def test_head_and_tail_of_one_text_are_one_entity(occurrence: str) -> None:
    found, notes = located(
        "bread and bread and tea", ("bread", "with", "bread"), occurrence=occurrence
    )
    assert spans(found) == [(0, 1)]
    assert found.relations == (Relation("with", 0, 0),)
    assert notes.counts["relation of an entity with itself kept"] == 1


def test_repeated_triples_are_dropped() -> None:
    found, notes = located(
        "Ana from Bogota",
        ("Ana", "from", "Bogota"),
        ("Ana", "from", "Bogota"),
        ("Ana", "from", "Bogotá"),
    )
    assert len(found.relations) == 1
    assert notes.counts == {
        "repeated triple dropped": 2,
        "argument found without its accents": 1,
    }


def test_a_triple_that_is_not_there_is_dropped() -> None:
    found, notes = located(
        "Ada met Babbage", ("Ada", "met", "Newton"), ("Ada", "met", " "), ("Ada", "met", "Babbage")
    )
    assert len(found.relations) == 1
    assert spans(found) == [(0, 1), (2, 3)]
    assert notes.to_json() == {
        "triple dropped: argument not found": {
            "count": 1,
            "examples": ["here, line 7: (Ada | met | Newton)"],
        },
        "triple dropped: argument without words": {
            "count": 1,
            "examples": ["here, line 7: (Ada | met |  )"],
        },
    }


def test_parts_of_words_are_widened() -> None:
    found, notes = located('"Ada Byron met', ("Ada Byron", "is", "met"))
    assert spans(found) == [(0, 2), (2, 3)]
    [example] = notes.to_json()["argument inside words: widened to them"]["examples"]
    assert example == "here, line 7: 'Ada Byron' for '\"Ada Byron'"


def test_last_words_only() -> None:
    triples = ("Ada Byron", "met", "Charles Babbage"), ("Anne Byron", "parent", "Ada Byron")
    sentence = "Ada Byron , of Anne Byron , met Charles Babbage"
    found, notes = located(sentence, *triples, last_word_only=True)
    assert spans(found) == [(1, 2), (9, 10), (5, 6)]
    assert notes.facts == {"arguments of relations": "cut to their last words"}


def test_single_words_are_stated() -> None:
    _, notes = located("Ada met Babbage", ("Ada", "met", "Babbage"))
    assert notes.facts["arguments of relations"].startswith("single words throughout")
    assert located("Ada met Babbage")[1].facts == {}


def test_mentions_give_types_and_places() -> None:
    found, notes = located(
        '"Lima grows , and Lima ( Perú ) shrinks',
        ("Lima", "in", "Peru"),
        ("Lima", "in", "grows"),
        mentions=(Mention("Lima", "LOC"), Mention("Perú", "LAND"), Mention("Lima", "CITY")),
    )
    assert found.entities == (
        Entity("LOC", 0, 1),
        Entity("LAND", 6, 7),
        Entity("CITY", 4, 5),
        Entity("entity", 1, 2),
    )
    assert found.relations == (Relation("in", 0, 1), Relation("in", 0, 3))
    assert notes.counts == {
        "entity mention inside words: widened to them": 1,
        "argument at several places: the first taken": 2,
        "argument found without its accents": 1,
    }


def test_more_mentions_than_places() -> None:
    found, notes = located(
        "Lima grows", mentions=(Mention("Lima", "LOC"), Mention("Lima", "LOC"), Mention("", "X"))
    )
    assert spans(found) == [(0, 1)]
    assert notes.counts == {"entity mention dropped: not found": 2}


def test_strict_notes_refuse_a_guess() -> None:
    locator = TripleLocator(Locating(), Notes(strict=True), "here")
    with pytest.raises(DataError, match="here, line 7: argument at several places"):
        locator.locate(["a", "b", "a"], [Triple("a", "r", "b")], 7)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"occurrence": "last"}, "occurrence: 'last' is none of 'first', 'nearest'"),
        ({"entity_label": ""}, "entity_label: give the label"),
    ],
)
def test_wrong_arguments(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Locating(**options)


@st.composite
def places(draw: st.DrawFn) -> list[Place]:
    """Places of equal length that do not overlap."""
    length = draw(st.integers(1, 3))
    found, place = [], 0
    for gap in draw(st.lists(st.integers(0, 4), min_size=1, max_size=5)):
        place += gap
        found.append(Place(place, place + length))
        place += length
    return found


@given(places(), places())
def test_nearest_pair_against_brute_force(heads: list[Place], tails: list[Place]) -> None:
    apart = [
        (max(tail.start - head.end, head.start - tail.end), head, tail)
        for head in heads
        for tail in tails
        if tail.start >= head.end or head.start >= tail.end
    ]
    expected = min(apart)[1:] if apart else (heads[0], tails[0])
    assert nearest_pair(heads, tails) == expected


def test_many_places_of_both() -> None:
    # Comparing all pairs would not end.
    count = 100_000
    heads = [Place(4 * index, 4 * index + 1) for index in range(count)]
    tails = [Place(4 * index + 2, 4 * index + 3) for index in range(count)]
    assert nearest_pair(heads, tails) == (heads[0], tails[0])
