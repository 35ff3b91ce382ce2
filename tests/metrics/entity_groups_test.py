"""What entities are grouped by, by hand."""

from __future__ import annotations

from hypothesis import given

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.entity_groups import (
    depths,
    entity_length,
    nesting_depth,
    seen_in_training,
    sentence_length,
)
from tango_ie.metrics.groups import by_entity
from tests.metrics.drawn_annotations import entities

TRAINING = [
    Sentence(("New", "York", "is", "big"), (Entity("LOC", 0, 2),)),
    Sentence(("May", "sang"), (Entity("PER", 0, 1),)),
]
TEST = Sentence(
    ("New", "York", "met", "May", "in", "may", "and", "York"),
    (Entity("ORG", 0, 2), Entity("PER", 3, 4), Entity("DATE", 5, 6), Entity("LOC", 7, 8)),
)
# York alone is part of an entity of training, which does not make it one; may is not May.


def test_seen_with_the_same_label() -> None:
    found = Annotations((Entity("LOC", 0, 2), Entity("PER", 3, 4)))
    table = by_entity(seen_in_training(TRAINING)).table([TEST], [found])
    assert table.per_label == {"seen": Counts(tp=1, fp=1), "unseen": Counts(fn=3)}


def test_seen_under_any_label() -> None:
    found = Annotations((Entity("LOC", 0, 2), Entity("PER", 3, 4)))
    rule = by_entity(seen_in_training(iter(TRAINING), with_type=False))
    table = rule.table([TEST], [found])
    assert table.per_label == {"seen": Counts(tp=1, fp=1, fn=1), "unseen": Counts(fn=2)}
    assert "any label" in rule.sentence


def test_nothing_is_seen_without_training() -> None:
    table = by_entity(seen_in_training([])).table([TEST], [Annotations()])
    assert table.per_label == {"seen": Counts(), "unseen": Counts(fn=4)}


def test_length() -> None:
    found = [Entity("A", 0, size) for size in (1, 2, 3, 4, 7)]
    labels = entity_length().of(["w"] * 7, found)
    assert [labels[entity] for entity in found] == ["1", "2", "3", "4+", "4+"]


def test_depth() -> None:
    outer, same = Entity("A", 0, 6), Entity("B", 0, 6)
    middle, crossing = Entity("A", 1, 4), Entity("A", 3, 7)
    inner, deepest = Entity("A", 1, 3), Entity("B", 2, 3)
    found = [deepest, outer, crossing, same, inner, middle]
    assert depths(found) == {outer: 0, same: 0, crossing: 0, middle: 1, inner: 2, deepest: 3}
    labels = nesting_depth().of(["w"] * 7, found)
    assert [labels[entity] for entity in (outer, middle, inner, deepest)] == ["0", "1", "2+", "2+"]
    # Inside two spans that cross each other: either chain has one link.
    assert depths([Entity("A", 0, 4), Entity("A", 2, 6), Entity("A", 2, 4)])[Entity("A", 2, 4)] == 1


@given(entities)
def test_depth_is_one_more_than_the_deepest_around(found: list[Entity]) -> None:
    depth = depths(found)
    for entity in found:
        around = [
            depth[other]
            for other in found
            if other.start <= entity.start
            and entity.end <= other.end
            and (other.start, other.end) != (entity.start, entity.end)
        ]
        assert depth[entity] == max(around, default=-1) + 1


def test_sentence_length() -> None:
    groups = sentence_length()
    found = [groups.of(Sentence(("w",) * size)) for size in (1, 10, 11, 40, 41)]
    assert found == [("1–10",), ("1–10",), ("11–20",), ("21–40",), ("41+",)]
