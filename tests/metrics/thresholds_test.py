"""Thresholds against all thresholds, and what is left when they are applied."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.counts import Counts, total
from tango_ie.metrics.entity_rules import count_strict
from tango_ie.metrics.scored_items import ScoredItems, scored_items
from tango_ie.metrics.thresholds import Thresholds, best_threshold, best_thresholds_per_label

Sentences = list[list[Entity]]
scores = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])
LABELS = "ABC"


@st.composite
def an_entity(draw: st.DrawFn) -> Entity:
    start = draw(st.integers(0, 3))
    return Entity(draw(st.sampled_from(LABELS)), start, start + 1, draw(scores))


sentence = st.tuples(st.lists(an_entity(), max_size=6), st.lists(an_entity(), max_size=8))
corpora = st.lists(sentence, max_size=4).map(
    lambda drawn: ([gold for gold, _ in drawn], [predicted for _, predicted in drawn])
)


def applied(gold: Sentences, predicted: Sentences, thresholds: Thresholds) -> Counts:
    kept = [thresholds.keep(sentence) for sentence in predicted]
    return total(
        item for pair in zip(gold, kept, strict=True) for item in count_strict(*pair).values()
    )


ALL = [0.0, 0.1, 0.3, 0.6, 0.8, 1.1]  # one in each gap


@given(corpora)
def test_no_threshold_is_better(corpus: tuple[Sentences, Sentences]) -> None:
    found = best_threshold(scored_items(*corpus))
    assert found.before == applied(*corpus, Thresholds())
    assert found.after == applied(*corpus, found)
    f1_of = {overall: applied(*corpus, Thresholds(overall)).f1 for overall in ALL}
    assert found.after.f1 == max(f1_of.values())
    best = min(overall for overall, f1 in f1_of.items() if f1 == found.after.f1)
    assert applied(*corpus, Thresholds(best)) == found.after  # the lowest of equally good ones
    assert found.per_label == {}


@given(corpora)
def test_no_thresholds_per_label_are_better(corpus: tuple[Sentences, Sentences]) -> None:
    items = scored_items(*corpus)
    found = best_thresholds_per_label(items)
    assert found.before == applied(*corpus, Thresholds())
    assert found.after == applied(*corpus, found)
    counts = {
        (label, overall): applied(
            *(
                [[entity for entity in part if entity.label == label] for part in side]
                for side in corpus
            ),
            Thresholds(overall),
        )
        for label in LABELS
        for overall in ALL
    }
    best = max(
        total(counts[pair] for pair in zip(LABELS, combination, strict=True)).f1
        for combination in itertools.product(ALL, repeat=len(LABELS))
    )
    assert found.after.f1 == best >= best_threshold(items).after.f1


def by_hand(*rows: tuple[str, float, bool], gold: dict[str, int]) -> ScoredItems:
    labels = tuple(sorted(gold))
    return ScoredItems(
        np.array([score for _, score, _ in rows]),
        np.array([right for _, _, right in rows], dtype=bool),
        np.array([labels.index(label) for label, _, _ in rows], dtype=np.int64),
        labels,
        np.array([gold[label] for label in labels]),
    )


def test_overall_by_hand() -> None:
    rows = [("A", 0.9, True), ("A", 0.8, True), ("A", 0.3, False), ("A", 0.2, False)]
    found = best_threshold(by_hand(*rows, gold={"A": 3}))
    assert found.overall == pytest.approx(0.55)
    assert (found.before, found.after) == (Counts(2, 2, 1), Counts(2, 0, 1))


def test_labels_work_together_by_hand() -> None:
    # By themselves the rows of B have the same F1 with and without the unsure half, 2/3. Beside the
    # many of A, which are right, a prediction must be right more often than not.
    rows = [("B", 0.9, True), *[("B", 0.4, right) for right in (True, False, False)]]
    rows += [("A", 0.9, True)] * 20
    found = best_thresholds_per_label(by_hand(*rows, gold={"A": 20, "B": 2, "C": 1}))
    assert found.per_label == {"A": 0.0, "B": pytest.approx(0.65)}
    assert found.after == Counts(21, 0, 2)


def test_a_label_that_is_always_wrong_is_dropped() -> None:
    for score, threshold in ((0.6, 0.8), (1.0, math.nextafter(1, 2))):
        rows = [("A", 0.5, True), ("B", score, False)]
        found = best_thresholds_per_label(by_hand(*rows, gold={"A": 1, "B": 0}))
        assert found.per_label == {"A": 0.0, "B": pytest.approx(threshold)}
        assert found.keep([Entity("B", 0, 1, score=score)]) == []
        assert found.after == Counts(tp=1)


def test_neighbouring_floats_are_parted() -> None:
    low = 0.5
    high = math.nextafter(low, 1)
    found = best_threshold(by_hand(("A", high, True), ("A", low, False), gold={"A": 1}))
    assert found.overall == high
    assert found.after == Counts(tp=1)


@pytest.mark.parametrize("best", [best_threshold, best_thresholds_per_label])
def test_nothing_to_decide(best: type) -> None:
    assert best(by_hand(gold={})) == Thresholds()
    assert best(by_hand(gold={"A": 2})) == Thresholds(0, {}, Counts(fn=2), Counts(fn=2))
    wrong = best(by_hand(("A", 0.5, False), gold={"A": 2}))
    assert wrong.before == wrong.after == Counts(fp=1, fn=2)
    assert wrong.overall == wrong.per_label.get("A", 0.0) == 0.0


def test_what_has_no_score_stays_but_cannot_be_learnt_from() -> None:
    bare = Entity("A", 0, 1)
    assert Thresholds(0.9).keep([bare]) == [bare]
    items = scored_items([[]], [[bare]])
    for best in (best_threshold, best_thresholds_per_label):
        with pytest.raises(DataError, match="1 predictions have no confidence"):
            best(items)


def test_json() -> None:
    found = Thresholds(
        0.25, {"A": 0.5, "B": math.nextafter(1, 2)}, Counts(1, 2, 3), Counts(1, 0, 3)
    )
    assert Thresholds.from_json(json.loads(json.dumps(found.to_json()))) == found
