"""What gold becomes, and that all of it comes back, or is counted."""

from __future__ import annotations

from collections import Counter

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.modules.cascade.reading import FoundTriple, joined
from tango_ie.modules.cascade.settings import Tails, Targets
from tango_ie.modules.cascade.span_pairing import find_spans
from tango_ie.modules.cascade.targets import CascadeTargets, readable

TYPES, LABELS = ("LOC", "PER"), ("in", "met", "on")
MODES = st.sampled_from([("entities", "found"), ("entities", "free"), ("subjects", "free")])


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    """Entities that overlap in all ways, repetitions among them; each span has one type."""
    size = draw(st.integers(1, 6))
    spans = st.tuples(st.integers(0, size - 1), st.integers(1, 3)).map(
        lambda span: (span[0], min(span[0] + span[1], size))
    )
    drawn = draw(st.lists(spans, max_size=5))
    entities = tuple(Entity(TYPES[(start + end) % 2], start, end) for start, end in drawn)
    ends = st.integers(0, max(len(entities) - 1, 0))
    relations = st.lists(st.builds(Relation, st.sampled_from(LABELS), ends, ends), max_size=6)
    found = tuple(draw(relations)) if entities else ()
    return Sentence(tuple("abcdef"[:size]), entities, found)


def read_back(rules: CascadeTargets, sentence: Sentence) -> Annotations:
    """What two taggers find that give each cell its truth."""
    targets = rules.of(sentence)
    size = len(sentence)
    logits = torch.full((size, 2 * len(TYPES)), -9.0)
    logits[tuple(torch.from_numpy(targets.entity_cells).long().unbind(1))] = 9.0
    spans = find_spans(logits, torch.zeros(size), 0.5)
    entities = [
        Entity(TYPES[label], first, last + 1, 0.9)
        for first, last, label in zip(*(column.tolist() for column in spans[:3]), strict=True)
    ]
    subjects = targets.subjects.tolist()
    ends = zip(spans.firsts.tolist(), spans.lasts.tolist(), strict=True)
    assert subjects == sorted([first, last] for first, last in {*ends})
    cells = torch.full((len(subjects), size, 2 * len(LABELS)), -9.0)
    cells[tuple(torch.from_numpy(targets.object_cells).long().unbind(1))] = 9.0
    types = {(one.start, one.end): one.label for one in sentence.entities}
    triples = []
    for (first, last), own in zip(subjects, cells, strict=True):
        found = find_spans(own, torch.zeros(size), 0.5)
        for start, end, label in zip(*(column.tolist() for column in found[:3]), strict=True):
            tail = (start, end + 1)
            triples.append(FoundTriple((first, last + 1), LABELS[label], tail, 0.9, types[tail]))
    return joined(entities, triples, rules.tails)


def triples_of(found: Sentence | Annotations) -> set[tuple[Entity, str, Entity]]:
    return {
        (found.entities[one.head], one.label, found.entities[one.tail]) for one in found.relations
    }


@given(sentences(), MODES)
def test_what_is_not_counted_comes_back(sentence: Sentence, mode: tuple[Targets, Tails]) -> None:
    """Triples may share subjects, objects and pairs, or be of a word with itself."""
    rules = CascadeTargets(TYPES, LABELS, *mode)
    found = read_back(rules, sentence)
    counted = Counter(rules.unrepresentable([sentence]))
    assert triples_of(found) <= triples_of(sentence)
    lost = len(triples_of(sentence)) - len(triples_of(found))
    names = ("relation_of_left_out_entity", "relation_with_overlapping_tail")
    assert lost == sum(counted[name] for name in names)
    assert {*found.entities} <= {*sentence.entities}
    missing = {*sentence.entities} - {*found.entities}
    reasons = counted["nested"] + counted["crossing"] + counted["entity_without_relation"]
    # With free tails, an entity that the first tagger cannot find may come as an object.
    assert len(missing) == reasons if mode[1] == "found" else len(missing) <= reasons
    if not counted:
        assert {*found.entities} == {*sentence.entities}
        assert triples_of(found) == triples_of(sentence)


@given(st.sets(st.tuples(st.integers(0, 6), st.integers(1, 4)), max_size=6))
def test_readable_spans_are_read(drawn: set[tuple[int, int]]) -> None:
    spans = {(start, start + size) for start, size in drawn}
    kept = readable(spans)
    assert {*kept} <= spans and kept == sorted(kept)
    logits = torch.full((12, 2), -9.0)
    for start, end in kept:
        logits[start, 0] = logits[end - 1, 1] = 9.0
    found = find_spans(logits, torch.zeros(12), 0.5)
    ends = (found.lasts + 1).tolist()
    assert {*zip(found.firsts.tolist(), ends, strict=True)} == {*kept}
    # None that was left out could have stayed.
    for start, end in spans - {*kept}:
        assert any(start < last < end or first < end < last for first, last in kept)


def test_the_cells_of_a_sentence() -> None:
    sentence = Sentence(
        ("Ada", "met", "Ida", "of", "New", "York"),
        (Entity("PER", 0, 1), Entity("PER", 2, 3), Entity("LOC", 4, 6)),
        (Relation("met", 0, 1), Relation("on", 0, 1), Relation("in", 1, 2)),
    )
    targets = CascadeTargets(TYPES, LABELS, "entities", "found").of(sentence)
    expected = [[0, 1], [0, 3], [2, 1], [2, 3], [4, 0], [5, 2]]
    assert targets.entity_cells.tolist() == expected
    assert targets.subjects.tolist() == [[0, 0], [2, 2], [4, 5]]
    objects = [[0, 2, 1], [0, 2, 2], [0, 2, 4], [0, 2, 5], [1, 4, 0], [1, 5, 3]]
    assert targets.object_cells.tolist() == objects
    targets = CascadeTargets(TYPES, LABELS, "subjects", "free").of(sentence)
    assert targets.entity_cells.tolist() == expected[:4]
    assert targets.subjects.tolist() == [[0, 0], [2, 2]]
    assert targets.object_cells.tolist() == objects


@pytest.mark.parametrize(("targets", "lost"), [("entities", 0), ("subjects", 1)])
def test_entities_without_relation(targets: Targets, lost: int) -> None:
    words = ("Ada", "met", "Ida", "and", "Una")
    entities = tuple(Entity("PER", place, place + 1) for place in (0, 2, 4))
    sentence = Sentence(words, entities, (Relation("met", 0, 1),))
    tails: Tails = "found" if targets == "entities" else "free"
    counts = CascadeTargets(TYPES, LABELS, targets, tails).unrepresentable([sentence])
    assert counts == ({"entity_without_relation": 1} if lost else {})


def test_types_of_one_span() -> None:
    """Both are found, and relations that differ in them alone are one."""
    sentence = Sentence(
        ("Kant", "in", "Riga"),
        (Entity("PER", 0, 1), Entity("LOC", 2, 3), Entity("PER", 2, 3)),
        (Relation("in", 0, 1), Relation("in", 0, 2)),
    )
    rules = CascadeTargets(TYPES, LABELS, "entities", "found")
    assert rules.unrepresentable([sentence]) == {"relation_of_same_spans": 1}
    assert len(rules.of(sentence).subjects) == 2
