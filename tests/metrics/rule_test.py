"""What holds for every rule, on any sentences."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.entity_rules import STRICT_ENTITIES
from tango_ie.metrics.rule import Rule, count_items
from tests.metrics.drawn_sentences import (
    GROUPED_RULES,
    RULES,
    compared_sentence,
    compared_sentences,
    split,
)

Pair = tuple[Sentence, Annotations]
any_pair, any_pairs = compared_sentence(), compared_sentences
# A sentence with two patterns counts twice, and the group of an entity depends on its side.
WITHOUT_GROUPS = [rule for rule in RULES if rule not in GROUPED_RULES]


def test_items_by_hand() -> None:
    gold = {1: "A", 2: "A", 3: "B", 4: "B"}
    predicted = {1: "A", 3: "C", 5: "A"}
    assert count_items(gold, predicted) == {"A": Counts(1, 1, 1), "B": Counts(1, 0, 1)}
    assert count_items({}, {}) == {}


def test_other_numbers_of_sentences_are_refused() -> None:
    with pytest.raises(DataError, match="2 predicted sentences cannot be compared with 1"):
        STRICT_ENTITIES.table([Sentence(("a",))], [Annotations()] * 2)


def test_labels_of_a_table() -> None:
    gold = [Sentence(("a",), (Entity("Z", 0, 1), Entity("B", 0, 1)))]
    rule = replace(STRICT_ENTITIES, labels=("own",))
    table = rule.table(gold, [Annotations()], ["wanted", "B"])
    assert table.labels == ("own", "wanted", "B", "Z")


def test_every_rule_has_a_name_of_its_own_and_one_sentence() -> None:
    sentences = [rule.sentence for rule in RULES]
    assert len({*sentences}) == len(sentences)
    for rule in RULES:
        assert rule.name
        assert rule.sentence[0].islower() and not rule.sentence.endswith(".")
        assert "\n" not in rule.sentence and "  " not in rule.sentence
        assert ". " not in rule.sentence


@given(any_pairs, any_pairs)
def test_counts_of_the_parts_add_up_to_those_of_the_whole(
    first: list[Pair], second: list[Pair]
) -> None:
    for rule in RULES:
        parts = [rule.table(*split(part), labels="ABCO") for part in (first, second)]
        whole = rule.table(*split(first + second), labels="ABCO")
        merged = parts[0].merge(parts[1])
        assert merged.total == whole.total == parts[0].total + parts[1].total
        assert merged.per_sentence.tolist() == whole.per_sentence.tolist()
        for label, counts in whole.per_label.items():
            assert merged.per_label.get(label, Counts()) == counts


@given(any_pair, st.randoms(use_true_random=False))
def test_order_and_repetition_do_not_matter(pair: Pair, generator: random.Random) -> None:
    gold, predicted = pair
    shuffled = (
        replace(gold, **again(gold, generator)),
        replace(predicted, **again(predicted, generator)),
    )
    for rule in RULES:
        assert rule.count(*shuffled) == rule.count(*pair)


def again(
    annotations: Sentence | Annotations, generator: random.Random
) -> dict[str, tuple[Entity | Relation, ...]]:
    """The same, in another order, some of it twice."""
    old = annotations.entities
    doubled = [*range(len(old)), *(place for place in range(len(old)) if generator.random() < 0.3)]
    generator.shuffle(doubled)
    places: dict[int, list[int]] = {}
    for new_place, old_place in enumerate(doubled):
        places.setdefault(old_place, []).append(new_place)
    relations = [
        replace(
            relation,
            head=generator.choice(places[relation.head]),
            tail=generator.choice(places[relation.tail]),
        )
        for relation in annotations.relations * generator.choice([1, 2])
    ]
    generator.shuffle(relations)
    return {"entities": tuple(old[place] for place in doubled), "relations": tuple(relations)}


@given(any_pair)
def test_gold_against_itself_is_right(pair: Pair) -> None:
    gold = pair[0]
    for rule in RULES:
        assert all(item.fp == item.fn == 0 for item in rule.count(gold, gold.annotations).values())


@given(any_pair)
def test_nothing_predicted_and_nothing_in_gold(pair: Pair) -> None:
    gold, predicted = pair
    empty = Sentence(gold.words, tags={"chunk": ("O",) * len(gold)})
    for rule in WITHOUT_GROUPS:
        whole = rule.count(gold, gold.annotations)
        missed = rule.count(gold, Annotations())
        assert missed == {label: Counts(fn=item.tp) for label, item in whole.items()}
        if "tags" not in rule.name:  # of which there is one for each word, O or not
            assert all(item.tp == item.fn == 0 for item in rule.count(empty, predicted).values())
            assert rule.count(empty, Annotations()) == {}


@given(any_pair)
def test_gold_and_predictions_may_change_places(pair: Pair) -> None:
    gold, predicted = pair
    if "chunk" not in predicted.tags:
        predicted = replace(predicted, tags=gold.tags)
    there = gold, predicted
    back = (
        Sentence(gold.words, predicted.entities, predicted.relations, predicted.tags),
        gold.annotations,
    )
    for rule in WITHOUT_GROUPS:
        one, other = whole(rule, there), whole(rule, back)
        assert one == Counts(other.tp, other.fn, other.fp)


def whole(rule: Rule, pair: Pair) -> Counts:
    return sum(rule.count(*pair).values(), Counts())
