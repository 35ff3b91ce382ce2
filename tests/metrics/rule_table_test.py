"""Tables of rules: counts, merging, and their form on disk."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.calibration import calibrate
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.entity_groups import seen_in_training
from tango_ie.metrics.groups import by_entity, by_sentence
from tango_ie.metrics.overlap_patterns import overlap_pattern_groups
from tango_ie.metrics.relation_rules import relation_rule
from tango_ie.metrics.rule_counting import calibration_of
from tango_ie.metrics.rule_table import RuleTable
from tango_ie.metrics.scored_items import scored_items
from tango_ie.metrics.semeval import semeval_rule
from tango_ie.metrics.tag_rules import tag_rule
from tests.metrics.drawn_sentences import RULES, compared_sentences, split

Pair = tuple[Sentence, Annotations]


def test_what_a_table_takes_from_its_rule() -> None:
    gold = [Sentence(("a", "b"), (Entity("X", 0, 2),), tags={"pos": ("N", "V")})]
    found = [Annotations((Entity("X", 0, 1),))]
    half = RuleTable.of(semeval_rule("partial"), gold, found, labels=["Y"])
    assert (half.unit, half.things, half.grouped_by, half.measure) == (2, "entities", "", "f1")
    assert half.table.labels == ("Y", "X")
    assert half.total == Counts(1, 1, 1)
    seen = RuleTable.of(by_entity(seen_in_training(gold)), gold, found)
    assert (seen.grouped_by, seen.measure) == ("seen in training", "recall")
    assert seen.table.per_label == {"seen": Counts(fn=1), "unseen": Counts(fp=1)}
    assert RuleTable.of(tag_rule("pos"), gold, found).things == "tags"
    assert RuleTable.of(relation_rule(), gold, found).things == "relations"


def test_groups_of_sentences_keep_what_is_counted() -> None:
    rule = by_sentence(relation_rule(), overlap_pattern_groups())
    assert (rule.things, rule.grouped_by, rule.measure) == ("relations", "overlap pattern", "f1")


@given(compared_sentences, compared_sentences)
def test_tables_of_the_parts_merge_into_that_of_the_whole(
    first: list[Pair], second: list[Pair]
) -> None:
    for rule in RULES:
        parts = [RuleTable.of(rule, *split(part), labels="ABCO") for part in (first, second)]
        whole = RuleTable.of(rule, *split(first + second), labels="ABCO")
        merged = parts[0].merge(parts[1])
        assert replace(merged, table=whole.table) == whole
        assert merged.total == whole.total
        assert merged.table.per_sentence.tolist() == whole.table.per_sentence.tolist()


@given(compared_sentences, compared_sentences)
def test_calibration_of_the_parts_merges_into_that_of_the_whole(
    first: list[Pair], second: list[Pair]
) -> None:
    def of(pairs: list[Pair]) -> tuple[list[tuple[Entity, ...]], list[tuple[Entity, ...]]]:
        return [gold.entities for gold, _ in pairs], [found.entities for _, found in pairs]

    items = [scored_items(*of(part)) for part in (first, second, first + second)]
    parts = [calibrate(item.scores, item.correct, 4, "equal width") for item in items]
    merged = parts[0].merge(parts[1])
    assert merged is not None
    assert merged.error == pytest.approx(parts[2].error, abs=1e-12)
    assert len(merged.bins) == len(parts[2].bins)
    for found, wanted in zip(merged.bins, parts[2].bins, strict=True):
        assert (found.low, found.high, found.number) == (wanted.low, wanted.high, wanted.number)
        assert found.accuracy == pytest.approx(wanted.accuracy)
        assert found.confidence == pytest.approx(wanted.confidence)
    equal_mass = calibrate(items[0].scores, items[0].correct, 4, "equal mass")
    assert equal_mass.merge(equal_mass) is None
    assert calibrate(items[0].scores, items[0].correct, 5).merge(parts[1]) is None


def test_other_rules_do_not_merge() -> None:
    one, other = (RuleTable.of(rule, [], []) for rule in RULES[:2])
    with pytest.raises(DataError, match=r"cannot add counts of two rules: .an entity counts"):
        one.merge(other)


def test_json() -> None:
    gold = [Sentence(("a", "b"), (Entity("X", 0, 2),))]
    found = [Annotations((Entity("X", 0, 2, 0.75), Entity("X", 0, 1, 0.5)))]
    table = RuleTable.of(by_entity(seen_in_training(gold)), gold, found)
    sure = calibration_of([gold[0].entities], [found[0].entities])
    assert sure is not None and sure.number == 2
    for item in (table, replace(table, calibration=sure)):
        assert RuleTable.from_json(json.loads(json.dumps(item.to_json()))) == item


def test_nothing_has_a_confidence() -> None:
    assert calibration_of([[]], [[Entity("X", 0, 1)]]) is None
    nothing = calibration_of([[Entity("X", 0, 1)]], [[]])
    assert nothing is not None and nothing.bins == ()
