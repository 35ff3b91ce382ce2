"""Counts by group of sentences and by group of entities."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts, total
from tango_ie.metrics.entity_groups import entity_length, nesting_depth, sentence_length
from tango_ie.metrics.entity_rules import STRICT_ENTITIES
from tango_ie.metrics.groups import Buckets, SentenceGroups, by_entity, by_sentence
from tango_ie.metrics.semeval import semeval_rule
from tests.metrics.drawn_sentences import compared_sentence

WORDS = ("a", "b", "c", "d", "e")


def test_buckets() -> None:
    buckets = Buckets((10, 20, 40))
    assert buckets.labels == ("1–10", "11–20", "21–40", "41+")
    found = [buckets.label(number) for number in (1, 10, 11, 20, 21, 40, 41, 999)]
    assert found == ["1–10", "1–10", "11–20", "11–20", "21–40", "21–40", "41+", "41+"]
    assert Buckets((0, 1), first=0).labels == ("0", "1", "2+")


@pytest.mark.parametrize("last", [(), (2, 2), (3, 2), (0, 1)])
def test_buckets_must_ascend(last: tuple[int, ...]) -> None:
    with pytest.raises(ConfigurationError, match="expected ascending numbers from 1 on"):
        Buckets(last)


def test_by_sentence_by_hand() -> None:
    short = Sentence(WORDS[:2], (Entity("A", 0, 1),))
    long = Sentence(WORDS, (Entity("A", 0, 1), Entity("B", 1, 3)))
    found = [Annotations((Entity("A", 1, 2),)), Annotations((Entity("A", 0, 1),))]
    rule = by_sentence(STRICT_ENTITIES, sentence_length(Buckets((2, 4))))
    assert rule.name == "strict by sentence length"
    assert rule.sentence == f"{STRICT_ENTITIES.sentence}; by the number of words of the sentence"
    table = rule.table([short, long, Sentence(WORDS)], [*found, Annotations()])
    assert table.per_label == {"1–2": Counts(0, 1, 1), "3–4": Counts(), "5+": Counts(1, 0, 1)}
    assert list(table.per_label) == ["1–2", "3–4", "5+"]


def test_a_sentence_in_two_groups_and_one_in_none() -> None:
    groups = SentenceGroups(
        "names", "by name", ("x", "y"), lambda gold: [word for word in gold.words if word in "xy"]
    )
    rule = by_sentence(STRICT_ENTITIES, groups)
    gold = [Sentence(("x", "y"), (Entity("A", 0, 1),)), Sentence(("z",), (Entity("A", 0, 1),))]
    table = rule.table(gold, [Annotations()] * 2)
    assert table.per_label == {"x": Counts(fn=1), "y": Counts(fn=1)}


def test_halves_stay_halves() -> None:
    assert by_sentence(semeval_rule("partial"), sentence_length()).unit == 2


def test_by_entity_by_hand() -> None:
    gold = Sentence(WORDS, (Entity("A", 0, 1), Entity("A", 1, 3), Entity("B", 3, 5)))
    found = Annotations((Entity("A", 0, 1), Entity("A", 1, 2), Entity("B", 3, 5)))
    counts = by_entity(entity_length()).count(gold, found)
    assert counts == {"1": Counts(tp=1, fp=1), "2": Counts(tp=1, fn=1)}


@given(st.lists(compared_sentence(), max_size=3))
def test_groups_of_entities_add_up_to_the_strict_rule(
    pairs: list[tuple[Sentence, Annotations]],
) -> None:
    for groups in (entity_length(), nesting_depth()):
        rule = by_entity(groups)
        for pair in pairs:
            counts = rule.count(*pair)
            assert {*counts} <= {*rule.labels}
            assert total(counts.values()) == total(STRICT_ENTITIES.count(*pair).values())
