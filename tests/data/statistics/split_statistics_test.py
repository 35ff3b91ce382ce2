from __future__ import annotations

import json
from collections import Counter
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.schemes import flatten
from tango_ie.data.statistics import SplitStatistics
from tango_ie.data.tables import to_batch
from tests.data.generated import sentences


def statistics_of(*gold: Sentence, notes: Notes | None = None) -> dict[str, Any]:
    statistics = SplitStatistics()
    statistics.add(gold)
    return statistics.to_json(notes)


def test_everything_by_hand() -> None:
    notes = Notes()
    notes.add("dropped", "a pair")
    notes.state("scheme", "iob2")
    nested = (Entity("PER", 0, 2), Entity("GIVEN", 0, 1), Entity("PER", 2, 3))
    found = statistics_of(
        Sentence(("a", "b", "c"), nested, (Relation("met", 0, 2),), doc_id="1"),
        Sentence(("d",), tags={"pos": ("NN",)}, doc_id="1"),
        Sentence(("e",), tags={"pos": ("VB",)}, doc_id="2"),
        Sentence(("e",), tags={"pos": ("NN",)}),
        notes=notes,
    )
    assert found == {
        "sentences": 4,
        "words": 6,
        "longest_sentence": 3,
        "documents": 2,
        "entities": {"GIVEN": 1, "PER": 2},
        "overlapping_entities": 1,
        "relations": {"met": 1},
        "tag_layers": {"pos": 2},
        "words_in_entities": 3,
        "label_entropy": {
            "entities": {"bits": 0.918296, "normalised": 0.918296},
            "relations": {"bits": 0.0, "normalised": 0.0},
        },
        "nesting": {
            "max_depth": 2,
            "depths": {"1": 2, "2": 1},
            "nested_pairs": 1,
            "crossing_pairs": 0,
            "same_span_pairs": 0,
            "overlapping_entities": {"GIVEN": 1},
        },
        "relation_pairs": {
            "pairs": 1,
            "pairs_with_several_relations": 0,
            "self_relations": 0,
            "repeated_relations": 0,
        },
        "unrepresentable": {
            "flat_tags": {"entities": 1, "relations": 0},
            "tags_without_begin": {"entities": 1, "relations": 0},
            "one_type_per_span": {"entities": 0, "relations": 0},
            "nested_trees": {"entities": 0, "relations": 0},
            **{
                f"spans_up_to_{limit}_words": {"entities": 0, "relations": 0}
                for limit in (5, 8, 10, 12, 15)
            },
            "one_relation_per_pair": {"entities": 0, "relations": 0},
            "no_self_relations": {"entities": 0, "relations": 0},
        },
        "duplicates": {"words": 1, "words_and_annotations": 0},
        "sentence_lengths": {"1": 3, "3": 1},
        "entity_lengths": {"GIVEN": {"1": 1}, "PER": {"1": 1, "2": 1}},
        "facts": {"scheme": "iob2"},
        "notes": {"dropped": {"count": 1, "examples": ["a pair"]}},
    }


def test_nothing_annotated() -> None:
    found = statistics_of(Sentence(("a",)), Sentence(("b", "c")))
    assert (found["words"], found["entities"], found["nesting"]["max_depth"]) == (3, {}, 0)
    assert found["documents"] == found["words_in_entities"] == 0


def test_neighbours_do_not_overlap_but_may_merge() -> None:
    words = ("a", "b", "c")
    found = statistics_of(
        Sentence(words, (Entity("PER", 2, 3), Entity("PER", 1, 2), Entity("LOC", 0, 1))),
        Sentence(words, (Entity("PER", 0, 1),)),
    )
    assert found["overlapping_entities"] == 0
    assert found["unrepresentable"]["tags_without_begin"]["entities"] == 1


def test_relations_by_hand() -> None:
    entities = (Entity("A", 0, 6), Entity("B", 7, 8), Entity("A", 5, 7))
    relations = [
        Relation("r", 0, 1),
        Relation("s", 0, 1),
        Relation("r", 1, 0),
        Relation("r", 1, 0),
        Relation("r", 1, 1),
        Relation("r", 2, 1),
    ]
    found = statistics_of(Sentence(tuple("abcdefgh"), entities, tuple(relations)))
    assert found["relations"] == {"r": 5, "s": 1}
    assert found["relation_pairs"] == {
        "pairs": 4,
        "pairs_with_several_relations": 1,
        "self_relations": 1,
        "repeated_relations": 1,
    }
    lost = {design: lost["relations"] for design, lost in found["unrepresentable"].items()}
    assert lost["flat_tags"] == 1  # A [5, 7) yields to A [0, 6)
    assert lost["spans_up_to_5_words"] == 4
    assert lost["spans_up_to_8_words"] == 0
    assert lost["one_relation_per_pair"] == 1
    assert lost["no_self_relations"] == 1
    assert found["unrepresentable"]["nested_trees"]["entities"] == 2


def one_by_one(gold: list[Sentence]) -> dict[str, Any]:
    """The same figures, counted the slow way."""
    entities = [entity for sentence in gold for entity in sentence.entities]
    pairs = [
        pair for sentence in gold for pair in combinations(sentence.entities, 2) if _share(*pair)
    ]
    inside = [
        {place for entity in sentence.entities for place in range(entity.start, entity.end)}
        for sentence in gold
    ]
    per_pair = [
        Counter((item.head, item.tail) for item in {*sentence.relations}) for sentence in gold
    ]
    same = sum((one.start, one.end) == (other.start, other.end) for one, other in pairs)
    crossing = sum(_cross(*pair) for pair in pairs)
    return {
        "words": sum(len(sentence) for sentence in gold),
        "entities": dict(Counter(entity.label for entity in entities)),
        "relations": dict(Counter(item.label for sentence in gold for item in sentence.relations)),
        "overlapping_entities": sum(len(flatten(item.entities)[1]) for item in gold),
        "words_in_entities": sum(map(len, inside)),
        "same_span_pairs": same,
        "crossing_pairs": crossing,
        "nested_pairs": len(pairs) - same - crossing,
        "one_type_per_span": sum(
            len(item.entities) - len({(e.start, e.end) for e in item.entities}) for item in gold
        ),
        "self_relations": sum(
            relation.head == relation.tail for item in gold for relation in item.relations
        ),
        "several": sum(number > 1 for counts in per_pair for number in counts.values()),
        "relations_lost_when_flat": sum(map(_relations_lost, gold)),
        "duplicates": len(gold) - len({sentence.words for sentence in gold}),
    }


def _share(one: Entity, other: Entity) -> bool:
    return one.start < other.end and other.start < one.end


def _cross(one: Entity, other: Entity) -> bool:
    first, second = sorted([(one.start, one.end), (other.start, other.end)])
    return first[0] < second[0] < first[1] < second[1]


def _relations_lost(sentence: Sentence) -> int:
    kept = {id(entity) for entity in flatten(sentence.entities)[0]}
    return sum(
        id(sentence.entities[item.head]) not in kept or id(sentence.entities[item.tail]) not in kept
        for item in sentence.relations
    )


@given(gold=st.lists(sentences(), min_size=1, max_size=6), parts=st.integers(1, 3))
def test_as_counted_one_by_one_whatever_the_batches(gold: list[Sentence], parts: int) -> None:
    statistics = SplitStatistics()
    for start in range(0, len(gold), parts):
        statistics.add(gold[start : start + parts])
    found = statistics.to_json()
    nesting, pairs, lost = (found[key] for key in ("nesting", "relation_pairs", "unrepresentable"))
    assert {
        **{key: found[key] for key in ("words", "entities", "relations", "overlapping_entities")},
        "words_in_entities": found["words_in_entities"],
        **{key: nesting[key] for key in ("same_span_pairs", "crossing_pairs", "nested_pairs")},
        "one_type_per_span": lost["one_type_per_span"]["entities"],
        "self_relations": pairs["self_relations"],
        "several": pairs["pairs_with_several_relations"],
        "relations_lost_when_flat": lost["flat_tags"]["relations"],
        "duplicates": found["duplicates"]["words"],
    } == one_by_one(gold)
    assert sum(nesting["depths"].values()) == sum(found["entities"].values())
    assert found == json.loads(json.dumps(found))


@pytest.mark.parametrize("layers", [["pos"], []])
def test_a_batch_made_before_gives_the_same(layers: list[str]) -> None:
    gold = [Sentence(("a",), tags=dict.fromkeys(layers, ("X",))), Sentence(("b",))]
    given_batch = SplitStatistics()
    given_batch.add(gold, to_batch(gold, layers))
    assert given_batch.to_json() == statistics_of(*gold)
    assert statistics_of()["sentences"] == 0
