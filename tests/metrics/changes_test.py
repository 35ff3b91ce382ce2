"""What one variant fixes and breaks: by hand, and the laws that hold for any runs."""

from __future__ import annotations

import random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.metrics.changes import Changes, compare_runs
from tango_ie.metrics.diagnosis import Diagnosis
from tango_ie.metrics.errors import diagnose_entities
from tango_ie.metrics.item_changes import Agreement, ItemChange
from tango_ie.metrics.relation_errors import diagnose_relations
from tests.metrics.drawn_annotations import entities

Sentences = list[list[Entity]]
Runs = list[Sentences]

GOLD = Entity("PER", 0, 2)


def right(score: float | None = None) -> list[Entity]:
    return [Entity("PER", 0, 2, score)]


def wrong(score: float | None = None, label: str = "ORG") -> list[Entity]:
    return [Entity(label, 0, 2, score)]


def compare(
    gold: Sentences, baseline: Runs, variant: Runs, rule: Agreement = "majority"
) -> Changes[Entity]:
    return compare_runs(
        [diagnose_entities(gold, run) for run in baseline],
        [diagnose_entities(gold, run) for run in variant],
        rule,
    )


def test_one_run_each() -> None:
    changes = compare(
        [[GOLD]] * 4,
        [[right(0.7), wrong(0.6), right(), []]],
        [[wrong(0.8), right(0.9), right(), []]],
    )
    (fixed,) = changes.fixed
    assert (fixed.sentence, fixed.outcome, fixed.right_before, fixed.right_after) == (
        1,
        "fixed",
        0,
        1,
    )
    assert (fixed.before, fixed.after, fixed.difference) == ({"type": 1.0}, {}, -1.0)
    assert fixed.fixed == (
        ItemChange("predicted", Entity("ORG", 0, 2), "type", None, 0.6),
        ItemChange("gold", GOLD, "type", None, 0.9),
    )
    assert fixed.broken == ()
    assert fixed.confidence == 0.75
    (broken,) = changes.broken
    assert (broken.sentence, broken.outcome, broken.difference) == (0, "broken", 1.0)
    assert broken.broken == (
        ItemChange("predicted", Entity("ORG", 0, 2), None, "type", 0.8),
        ItemChange("gold", GOLD, None, "type", 0.7),
    )
    assert changes.differences == (1.0, -1.0, 0.0, 0.0)
    assert (changes.rule, changes.baseline_runs, changes.variant_runs) == ("majority", 1, 1)


def test_items_change_in_sentences_that_stay_wrong() -> None:
    gold = [[GOLD, Entity("LOC", 3, 4), Entity("LOC", 6, 8)]]
    baseline = [[[Entity("ORG", 0, 2), Entity("LOC", 3, 4)]]]
    variant = [[[Entity("PER", 0, 2), Entity("LOC", 6, 7)]]]
    changes = compare(gold, baseline, variant)
    assert changes.fixed == changes.broken == []
    (change,) = changes.ranked("partly")
    assert change.items == (
        ItemChange("predicted", Entity("ORG", 0, 2), "type", None, None),
        ItemChange("gold", GOLD, "type", None, None),
        ItemChange("gold", Entity("LOC", 3, 4), None, "missed", None),
        ItemChange("predicted", Entity("LOC", 6, 7), None, "boundary", None),
        ItemChange("gold", Entity("LOC", 6, 8), "missed", "boundary", None),
    )
    assert len(change.fixed) + len(change.broken) == 4  # the last is still wrong
    assert change.before == {"missed": 1.0, "type": 1.0}
    assert change.after == {"boundary": 1.0, "missed": 1.0}
    assert change.difference == 0
    assert change.confidence is None


@pytest.mark.parametrize(
    ("before", "after", "rule", "outcome"),
    [
        ("000", "111", "all", "fixed"),
        ("000", "110", "all", None),
        ("000", "110", "majority", "fixed"),
        ("001", "110", "majority", "fixed"),
        ("001", "111", "all", None),
        ("110", "001", "majority", "broken"),
        ("111", "000", "all", "broken"),
        ("110", "111", "majority", None),
        ("01", "11", "majority", None),  # half is no majority
        ("0", "11110", "majority", "fixed"),
    ],
)
def test_runs_must_agree(before: str, after: str, rule: Agreement, outcome: str | None) -> None:
    def runs(pattern: str) -> Runs:
        return [[right() if sign == "1" else wrong()] for sign in pattern]

    changes = compare([[GOLD]], runs(before), runs(after), rule)
    assert [change.outcome for change in changes.sentences] == ([outcome] if outcome else [])
    expected = before.count("0") / len(before), after.count("0") / len(after)
    assert changes.differences[0] == pytest.approx(expected[1] - expected[0])
    for change in changes.sentences:
        assert change.right_before == before.count("1")
        assert change.right_after == after.count("1")


def test_a_sentence_is_fixed_though_its_runs_fail_in_different_ways() -> None:
    baseline: Runs = [[wrong(label=label)] for label in ("ORG", "LOC", "MISC")]
    (change,) = compare([[GOLD]], baseline, [[right(0.5)]]).fixed
    assert change.fixed == (ItemChange("gold", GOLD, "type", None, 0.5),)


def test_confidence_is_over_the_runs_that_predicted_it() -> None:
    baseline: Runs = [[wrong(0.2)], [wrong(0.4)], [[]]]
    variant: Runs = [[right(0.6)], [right(1.0)], [right()]]
    (change,) = compare([[GOLD]], baseline, variant).fixed
    confidences = {item.side: item.confidence for item in change.fixed}
    assert confidences == pytest.approx({"predicted": 0.3, "gold": 0.8})
    assert change.before == pytest.approx({"missed": 1 / 3, "type": 2 / 3})


def test_the_most_confident_come_first_and_those_without_scores_last() -> None:
    found: Sentences = [right(0.5), right(), right(0.9), right(0.5)]
    missed: Sentences = [[]] * 4
    changes = compare([[GOLD]] * 4, [missed], [found])
    assert [change.sentence for change in changes.fixed] == [2, 0, 3, 1]


def test_relations() -> None:
    arguments = (GOLD, Entity("LOC", 4, 5))
    gold = [Annotations(arguments, (Relation("lives_in", 0, 1),))]
    turned = [Annotations(arguments, (Relation("lives_in", 1, 0, score=0.7),))]
    runs = [diagnose_relations(gold, found) for found in (gold, turned)]
    (change,) = compare_runs(runs[:1], runs[1:]).broken
    assert change.after == {"direction": 1.0}
    assert [(item.side, item.confidence) for item in change.broken] == [
        ("gold", None),
        ("predicted", 0.7),
    ]


def test_no_sentences() -> None:
    assert compare([], [[]], [[]]).sentences == ()


NOTHING: list[Diagnosis[Entity]] = []


@pytest.mark.parametrize(
    ("baseline", "variant", "message"),
    [
        ([], [NOTHING], "at least one run"),
        ([NOTHING], [], "at least one run"),
        ([NOTHING], [[Diagnosis()]], r"different numbers of sentences: \[0, 1\]"),
    ],
)
def test_what_cannot_be_compared(
    baseline: list[list[Diagnosis[Entity]]], variant: list[list[Diagnosis[Entity]]], message: str
) -> None:
    with pytest.raises(DataError, match=message):
        compare_runs(baseline, variant)


def test_unknown_rule() -> None:
    with pytest.raises(ConfigurationError, match="found 'most'"):
        compare_runs([NOTHING], [NOTHING], "most")  # type: ignore[arg-type]


rules = st.sampled_from(["all", "majority"])


@st.composite
def compared(draw: st.DrawFn) -> tuple[Sentences, Runs, Runs]:
    """Gold and runs that are right by chance more often than by drawing alone."""
    gold = draw(st.lists(entities, min_size=1, max_size=3))
    sentences = st.tuples(*(st.just(found) | entities for found in gold)).map(list)
    runs = st.lists(sentences, min_size=1, max_size=4)
    return gold, draw(runs), draw(runs)


Mirrored = Literal["fixed", "broken", "partly"]
MIRROR: dict[Mirrored, Mirrored] = {"fixed": "broken", "broken": "fixed", "partly": "partly"}


@given(compared(), rules)
def test_the_other_way_round_it_is_the_mirror(
    drawn: tuple[Sentences, Runs, Runs], rule: Agreement
) -> None:
    gold, baseline, variant = drawn
    there, back = compare(gold, baseline, variant, rule), compare(gold, variant, baseline, rule)
    assert there.differences == tuple(-difference for difference in back.differences)
    assert len(there.sentences) == len(back.sentences)
    for one, other in zip(there.sentences, back.sentences, strict=True):
        assert one.outcome == MIRROR[other.outcome]
        assert (one.before, one.after) == (other.after, other.before)
        assert one.confidence == other.confidence
        assert one.items == tuple(
            ItemChange(item.side, item.item, item.after, item.before, item.confidence)
            for item in other.items
        )


@given(compared(), rules, st.randoms(use_true_random=False))
def test_the_order_of_runs_and_predictions_does_not_matter(
    drawn: tuple[Sentences, Runs, Runs], rule: Agreement, generator: random.Random
) -> None:
    gold, baseline, variant = drawn
    expected = compare(gold, baseline, variant, rule)
    for runs in (baseline, variant):
        generator.shuffle(runs)
        runs[:] = [[generator.sample(found, len(found)) for found in run] for run in runs]
    assert compare(gold, baseline, variant, rule) == expected


@given(compared())
def test_one_run_each_adds_up(drawn: tuple[Sentences, Runs, Runs]) -> None:
    gold, baseline, variant = drawn
    changes = compare(gold, baseline[:1], variant[:1])
    listed = {change.sentence: change for change in changes.sentences}
    sides = [diagnose_entities(gold, runs[0]) for runs in (baseline, variant)]
    for place, (before, after) in enumerate(zip(*sides, strict=True)):
        old = {item for error in before.errors for item in error.wrong_items}
        new = {item for error in after.errors for item in error.wrong_items}
        change = listed.get(place)
        fixed = {(item.side, item.item) for item in change.fixed} if change else set()
        broken = {(item.side, item.item) for item in change.broken} if change else set()
        assert fixed == old - new
        assert broken == new - old
        outcome = change.outcome if change else "partly"
        assert (outcome == "fixed") == (bool(old) and not new)
        assert (outcome == "broken") == (bool(new) and not old)
        assert changes.differences[place] == len(after.errors) - len(before.errors)


@given(compared(), rules)
def test_a_variant_does_not_differ_from_itself(
    drawn: tuple[Sentences, Runs, Runs], rule: Agreement
) -> None:
    gold, runs, _ = drawn
    assert compare(gold, runs, runs, rule).sentences == ()


@given(compared())
def test_what_all_runs_agree_on_the_majority_agrees_on_too(
    drawn: tuple[Sentences, Runs, Runs],
) -> None:
    strictly, mostly = compare(*drawn, rule="all"), compare(*drawn, rule="majority")
    for outcome in ("fixed", "broken"):
        chosen = [{c.sentence for c in found.ranked(outcome)} for found in (strictly, mostly)]
        assert chosen[0] <= chosen[1]
