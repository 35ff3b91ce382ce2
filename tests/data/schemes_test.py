from __future__ import annotations

import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import get_entities
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES, Entities

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import (
    SCHEMES,
    Repair,
    TagScheme,
    allowed_transitions,
    entities_to_tags,
    flatten,
    tag_inventory,
    tags_to_entities,
)
from tests.data.generated import any_entities, flat_entities

SEQEVAL = {"iob1": IOB1, "iob2": IOB2, "bioes": IOBES, "bilou": BILOU}
LENGTH = 7

every_scheme = pytest.mark.parametrize("scheme", SCHEMES)


def spans(entities: list[Entity]) -> list[tuple[str, int, int]]:
    return [(entity.label, entity.start, entity.end) for entity in entities]


def all_sequences(scheme: TagScheme, longest: int) -> list[tuple[str, ...]]:
    tags = tag_inventory(["X", "Y"], scheme)
    return [
        sequence
        for length in range(1, longest + 1)
        for sequence in itertools.product(tags, repeat=length)
    ]


def is_legal(tags: tuple[str, ...], scheme: TagScheme) -> bool:
    repairs: list[Repair] = []
    tags_to_entities(tags, scheme, repairs=repairs)
    return not repairs


@every_scheme
@given(entities=flat_entities(LENGTH))
def test_round_trip(scheme: TagScheme, entities: list[Entity]) -> None:
    tags = entities_to_tags(entities, LENGTH, scheme)
    assert tags_to_entities(tags, scheme, strict=True) == entities


@every_scheme
def test_legal_sequences_are_those_that_encoding_gives(scheme: TagScheme) -> None:
    for tags in all_sequences(scheme, 4 if scheme in ("iob1", "iob2") else 3):
        entities = tags_to_entities(tags, scheme)
        assert is_legal(tags, scheme) == (
            entities_to_tags(entities, len(tags), scheme) == list(tags)
        )


@every_scheme
def test_strict_reading_is_that_of_seqeval_on_legal_sequences(scheme: TagScheme) -> None:
    legal = [tags for tags in all_sequences(scheme, 3) if is_legal(tags, scheme)]
    theirs = Entities([list(tags) for tags in legal], SEQEVAL[scheme]).entities
    for tags, expected in zip(legal, theirs, strict=True):
        found = spans(tags_to_entities(tags, scheme))
        assert found == [(entity.tag, entity.start, entity.end) for entity in expected], tags


@pytest.mark.parametrize(("scheme", "longest"), [("iob2", 5), ("bioes", 4)])
def test_broken_sequences_are_read_as_conlleval_reads_them(scheme: TagScheme, longest: int) -> None:
    for tags in all_sequences(scheme, longest):
        expected = [(label, start, end + 1) for label, start, end in get_entities(list(tags))]
        assert spans(tags_to_entities(tags, scheme)) == expected, tags


@pytest.mark.parametrize(
    ("scheme", "tags", "entities", "repairs"),
    [
        ("iob2", "O I-PER I-PER", [("PER", 1, 3)], ["I without B at 1: I-PER after O"]),
        (
            "iob2",
            "I-PER I-LOC",
            [("PER", 0, 1), ("LOC", 1, 2)],
            [
                "I without B at 0: I-PER after the sentence's edge",
                "I without B at 1: I-LOC after I-PER",
            ],
        ),
        ("iob1", "I-PER B-PER I-LOC", [("PER", 0, 1), ("PER", 1, 2), ("LOC", 2, 3)], []),
        ("iob1", "O B-PER", [("PER", 1, 2)], ["B that separates nothing at 1: B-PER after O"]),
        ("bioes", "B-PER O", [("PER", 0, 1)], ["entity without end at 0: B-PER before O"]),
        (
            "bioes",
            "S-PER E-PER",
            [("PER", 0, 1), ("PER", 1, 2)],
            ["E without B at 1: E-PER after S-PER"],
        ),
        ("bilou", "B-PER L-PER U-LOC", [("PER", 0, 2), ("LOC", 2, 3)], []),
        (
            "bilou",
            "B-PER I-PER",
            [("PER", 0, 2)],
            ["entity without end at 1: I-PER before the sentence's edge"],
        ),
    ],
)
def test_repairs_are_reported(
    scheme: TagScheme, tags: str, entities: list[tuple[str, int, int]], repairs: list[str]
) -> None:
    found: list[Repair] = []
    assert spans(tags_to_entities(tags.split(), scheme, repairs=found)) == entities
    assert [f"{item.kind} at {item.position}: {item.detail}" for item in found] == repairs
    if repairs:
        with pytest.raises(DataError, match="at word"):
            tags_to_entities(tags.split(), scheme, strict=True)


def test_types_may_hold_any_sign() -> None:
    tags = ["B-creative-work", "I-creative-work", "B-fromloc.city_name", "B--"]
    expected = [("creative-work", 0, 2), ("fromloc.city_name", 2, 3), ("-", 3, 4)]
    assert spans(tags_to_entities(tags, "iob2")) == expected


def test_bare_tags_take_the_label_of_the_caller() -> None:
    assert spans(tags_to_entities(["B", "I", "O", "B"], "iob2", bare_label="entity")) == [
        ("entity", 0, 2),
        ("entity", 3, 4),
    ]
    with pytest.raises(DataError, match="'B' names no entity type; give `bare_label`"):
        tags_to_entities(["B"], "iob2")
    with pytest.raises(DataError, match="'B-' names no entity type"):
        tags_to_entities(["B-"], "iob2", bare_label="entity")


@pytest.mark.parametrize(
    ("tag", "hint"),
    [
        ("S-PER", "'S-PER' is not a tag of the scheme iob2 .*; it would be one of bioes"),
        ("U-PER", "one of bilou"),
        ("PER", "'PER' is not a tag of the scheme iob2"),
        ("b-PER", "'b-PER' is not a tag"),
        ("", "'' is not a tag"),
    ],
)
def test_foreign_tags_are_errors(tag: str, hint: str) -> None:
    with pytest.raises(DataError, match=hint):
        tags_to_entities(["O", tag], "iob2")


def test_word_tags_cannot_hold_overlaps() -> None:
    overlapping = [Entity("PER", 0, 2), Entity("LOC", 1, 3)]
    message = re.escape("PER [0, 2) and LOC [1, 3) overlap")
    with pytest.raises(DataError, match=message):
        entities_to_tags(overlapping, 3, "iob2")
    with pytest.raises(DataError, match="outside a sentence of 2 words"):
        entities_to_tags([Entity("PER", 1, 3)], 2, "iob2")


@given(entities=any_entities(LENGTH))
def test_flattening_keeps_what_fits_and_drops_what_a_kept_one_beats(
    entities: list[Entity],
) -> None:
    kept, dropped = flatten(entities)
    assert sorted(map(str, kept + dropped)) == sorted(map(str, entities))
    rest = iter(entities)
    assert all(any(entity == other for other in rest) for entity in kept)  # in the given order
    entities_to_tags(kept, LENGTH, "iob2")  # no overlap is left
    for loser in dropped:
        assert any(
            winner.start < loser.end
            and loser.start < winner.end
            and (loser.start - loser.end, loser.start) >= (winner.start - winner.end, winner.start)
            for winner in kept
        )


def test_ties_go_to_the_earlier() -> None:
    kept, dropped = flatten([Entity("B", 1, 3), Entity("A", 0, 2), Entity("C", 0, 2)])
    assert (kept, dropped) == ([Entity("A", 0, 2)], [Entity("B", 1, 3), Entity("C", 0, 2)])


@every_scheme
def test_transitions_allow_exactly_the_legal_sequences(scheme: TagScheme) -> None:
    # Any order, one type whose B is missing: a model's outputs need not be a full inventory.
    tags = [*reversed(tag_inventory(["X", "Y"], scheme))]
    transitions, starts, ends = allowed_transitions(tags, scheme)
    assert transitions.shape == (len(tags), len(tags))
    assert {transitions.dtype, starts.dtype, ends.dtype} == {np.dtype(bool)}
    place = {tag: index for index, tag in enumerate(tags)}
    for sequence in all_sequences(scheme, 3):
        path = [place[tag] for tag in sequence]
        allowed = starts[path[0]] and ends[path[-1]]
        allowed = allowed and all(transitions[a, b] for a, b in itertools.pairwise(path))
        assert bool(allowed) == is_legal(sequence, scheme), sequence


def test_inventories() -> None:
    assert tag_inventory(["X"], "bioes") == ("O", "B-X", "I-X", "E-X", "S-X")
    assert tag_inventory([], "iob2") == ("O",)


@given(tags=st.lists(st.sampled_from(tag_inventory(["X", "Y"], "iob1")), max_size=8))
def test_repaired_sequences_are_legal_afterwards(tags: list[str]) -> None:
    for scheme in ("iob1", "iob2"):
        entities = tags_to_entities(tags, scheme)
        again = entities_to_tags(entities, len(tags), "bioes")
        assert tags_to_entities(again, "bioes", strict=True) == entities
