"""Intervals: closed forms, constructed cases, and coverage by simulation."""

from __future__ import annotations

import numpy as np
import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics import f1_scores, paired_bootstrap, seed_interval
from tango_ie.metrics.significance import seed_bootstrap
from tests.metrics.simulated_runs import draw_runs


def test_seed_interval_by_hand() -> None:
    interval = seed_interval([1.0, 2.0, 3.0, 4.0])
    assert (interval.mean, interval.n) == (2.5, 4)
    assert interval.sd == pytest.approx((5 / 3) ** 0.5)
    half = 3.182446 * (5 / 3) ** 0.5 / 2  # t with 3 degrees of freedom
    assert interval.low == pytest.approx(2.5 - half, abs=1e-6)
    assert interval.high == pytest.approx(2.5 + half, abs=1e-6)


def test_one_seed_has_no_spread() -> None:
    interval = seed_interval([0.5])
    assert (interval.mean, interval.sd, interval.n, interval.low) == (0.5, None, 1, None)
    with pytest.raises(DataError, match="at least one score"):
        seed_interval([])


def test_seed_bootstrap_is_near_students_interval_where_there_is_no_skew() -> None:
    values = np.random.default_rng(0).normal(0.9, 0.01, 12).tolist()
    plain, drawn = seed_interval(values), seed_bootstrap(values, 5000)
    assert (drawn.mean, drawn.sd, drawn.n) == (plain.mean, plain.sd, plain.n)
    assert plain.high is not None and drawn.high is not None and drawn.low is not None
    assert drawn.high - drawn.mean == pytest.approx(plain.high - plain.mean, rel=0.1)
    assert drawn.mean - drawn.low == pytest.approx(plain.high - plain.mean, rel=0.1)
    assert seed_bootstrap([0.5]) == seed_interval([0.5])


def test_seed_bootstrap_covers_with_three_seeds() -> None:
    generator = np.random.default_rng(1)
    covered = 0
    for _ in range(400):
        interval = seed_bootstrap(generator.normal(0.9, 0.01, 3).tolist(), 300)
        assert interval.low is not None and interval.high is not None
        covered += interval.low <= 0.9 <= interval.high
    assert 0.92 <= covered / 400 <= 0.98


def test_the_same_seed_gives_the_same_interval() -> None:
    first, second = draw_runs(np.random.default_rng(1), 300, [0.8, 0.82])
    interval = paired_bootstrap([first], [second], 500, seed=3)
    assert interval == paired_bootstrap([first], [second], 500, seed=3)
    assert interval != paired_bootstrap([first], [second], 500, seed=4)


def test_equal_models_do_not_differ() -> None:
    runs = draw_runs(np.random.default_rng(1), 300, [0.8, 0.82, 0.84])
    interval = paired_bootstrap(runs, runs[::-1], 200)
    assert (interval.difference, interval.low, interval.high) == (0.0, 0.0, 0.0)
    assert (interval.p_value, interval.share_not_above_zero) == (1.0, 1.0)
    assert not interval.excludes_zero


def test_a_clear_difference_is_seen_in_both_directions() -> None:
    low, high = draw_runs(np.random.default_rng(2), 500, [0.5, 0.9])
    better, worse = paired_bootstrap([low], [high], 999), paired_bootstrap([high], [low], 999)
    assert better.excludes_zero
    assert better.low > 0.2
    assert better.p_value == pytest.approx(2 / 1000)
    assert worse.difference == -better.difference
    assert worse.low == pytest.approx(-better.high)
    assert (better.share_not_above_zero, worse.share_not_above_zero) == (0.0, 1.0)


def test_sentences_of_one_document_are_drawn_together() -> None:
    first, second = draw_runs(np.random.default_rng(2), 50, [0.7, 0.8])
    copies = [np.repeat(run, 8, axis=0) for run in (first, second)]
    documents = np.repeat(np.arange(50), 8).tolist()
    plain = paired_bootstrap([first], [second], 500)
    by_document = paired_bootstrap([copies[0]], [copies[1]], 500, documents=documents)
    by_sentence = paired_bootstrap([copies[0]], [copies[1]], 500)
    assert (by_document.low, by_document.high) == pytest.approx((plain.low, plain.high))
    assert by_document.sentences == 400
    width = (by_document.high - by_document.low) / 8**0.5
    assert by_sentence.high - by_sentence.low == pytest.approx(width, rel=0.15)


def test_any_ratio_can_be_compared() -> None:
    first, second = draw_runs(np.random.default_rng(2), 200, [0.7, 0.8])
    recall = paired_bootstrap(
        [first], [second], 200, metric=lambda sums: sums[..., 0] / (sums[..., 0] + sums[..., 2])
    )
    sums = first.sum(axis=0), second.sum(axis=0)
    expected = sums[1][0] / (sums[1][0] + sums[1][2]) - sums[0][0] / (sums[0][0] + sums[0][2])
    assert recall.difference == pytest.approx(expected)
    assert recall.low < recall.difference < recall.high


def test_the_statistic_is_the_difference_of_means_over_seeds() -> None:
    runs = draw_runs(np.random.default_rng(3), 400, [0.7, 0.75, 0.8, 0.7, 0.9])
    scores = [float(f1_scores(run.sum(axis=0))) for run in runs]
    interval = paired_bootstrap(runs[:3], runs[3:], 200)
    assert interval.difference == pytest.approx(np.mean(scores[3:]) - np.mean(scores[:3]))
    assert interval.low < interval.difference < interval.high
    assert (interval.sentences, interval.resamples) == (400, 200)


def test_pairing_makes_the_interval_narrow() -> None:
    generator = np.random.default_rng(4)
    first, *_ = draw_runs(generator, 500, [0.7])
    second = first.copy()
    second[:5, 1] += 1  # the same model but for five more mistakes
    paired = paired_bootstrap([first], [second], 500)
    shuffled = paired_bootstrap([first], [generator.permutation(second)], 500)
    assert paired.high - paired.low < 0.3 * (shuffled.high - shuffled.low)


@pytest.mark.parametrize(("resamples", "confidence"), [(50, 0.95), (500, 95.0)])
def test_senseless_settings_are_refused(resamples: int, confidence: float) -> None:
    run = np.ones((5, 3), dtype=np.int64)
    with pytest.raises(ConfigurationError, match="at least 100 resamples"):
        paired_bootstrap([run], [run], resamples, confidence=confidence)


def test_what_cannot_be_paired_is_refused() -> None:
    run = np.ones((5, 3), dtype=np.int64)
    with pytest.raises(DataError, match=r"different numbers of sentences: \[4, 5\]"):
        paired_bootstrap([run], [run[:4]])
    with pytest.raises(DataError, match="at least one seed"):
        paired_bootstrap([run], [])
    with pytest.raises(DataError, match="no sentences"):
        paired_bootstrap([run[:0]], [run[:0]])


def test_intervals_cover_the_true_difference_and_seldom_see_what_is_not_there() -> None:
    generator = np.random.default_rng(7)
    # Expected counts are linear in recall, so the true F1 has a closed form.
    truth = [2 * 1.6 * recall / (1.6 * recall + 0.25 + 1.6) for recall in (0.75, 0.78)]
    covered, false_alarms, experiments = 0, 0, 300
    for experiment in range(experiments):
        first, second, third = draw_runs(generator, 300, [0.75, 0.78, 0.75])
        interval = paired_bootstrap([first], [second], 300, seed=experiment)
        covered += interval.low <= truth[1] - truth[0] <= interval.high
        false_alarms += paired_bootstrap([first], [third], 300, seed=experiment).excludes_zero
    assert 0.90 <= covered / experiments <= 0.985
    assert false_alarms / experiments <= 0.09
