"""Differences over seeds and sentences: closed forms, symmetries and refusals."""

from __future__ import annotations

import json

import numpy as np
import pytest
from scipy import stats

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.difference import Difference, measure_difference, measure_differences
from tango_ie.metrics.holm import holm
from tango_ie.metrics.significance import paired_bootstrap
from tests.metrics.simulated_runs import Run, draw_runs

FAR = [0.5, 0.6, 0.7, 0.85, 0.9, 0.95]


def runs_of(recalls: list[float], sentences: int = 300, seed: int = 0) -> list[Run]:
    return draw_runs(np.random.default_rng(seed), sentences, recalls)


def test_much_noise_of_seeds_gives_welchs_test() -> None:
    """With endlessly many sentences only the seeds would be left."""
    runs = runs_of(FAR, 20_000)
    found = measure_difference(runs[:3], runs[3:], 500)
    scores = [float(f1_scores(run.sum(axis=0))) for run in runs]
    welch = stats.ttest_ind(scores[3:], scores[:3], equal_var=False)
    interval = welch.confidence_interval(0.95)
    assert found.difference == pytest.approx(np.mean(scores[3:]) - np.mean(scores[:3]))
    assert found.p_value == pytest.approx(welch.pvalue, rel=0.02)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high), rel=0.05)
    assert found.seed_share is not None and found.seed_share > 0.97


def test_equal_runs_give_the_interval_over_sentences() -> None:
    first, second = runs_of([0.7, 0.75])
    found = measure_difference([first] * 3, [second] * 3, 2000)
    alone = paired_bootstrap([first], [second], 2000)
    assert found.seed_share == 0.0
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.004)
    assert found.over_sentences == paired_bootstrap([first] * 3, [second] * 3, 2000)


def test_the_interval_is_wider_than_that_over_sentences() -> None:
    runs = runs_of(FAR)
    found = measure_difference(runs[:3], runs[3:], 500)
    alone = found.over_sentences
    assert found.high - found.low > 2 * (alone.high - alone.low)
    assert found.covers_seeds and not found.borrows_noise


def test_interval_and_p_value_agree() -> None:
    for seed in range(20):
        runs = runs_of([0.7, 0.71, 0.72, 0.74, 0.75, 0.76], 200, seed)
        found = measure_difference(runs[:3], runs[3:], 200)
        assert found.excludes_zero == (found.p_value < 0.05) == found.significant


def test_exchanging_the_variants_changes_the_sign() -> None:
    runs = runs_of(FAR)
    there = measure_difference(runs[:2], runs[2:], 300)
    back = measure_difference(runs[2:], runs[:2], 300)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low))
    assert back.p_value == pytest.approx(there.p_value)


def test_no_difference_at_all() -> None:
    runs = runs_of([0.7, 0.8, 0.9])
    one = measure_difference(runs[:1] * 2, runs[:1] * 2, 100)
    assert (one.difference, one.low, one.high, one.p_value) == (0.0, 0.0, 0.0, 1.0)
    assert not one.significant
    same_seeds = measure_difference(runs, runs, 100, paired_seeds=True)
    assert (same_seeds.low, same_seeds.high, same_seeds.p_value) == (0.0, 0.0, 1.0)


def test_a_few_sentences_that_tell_the_same_are_no_evidence() -> None:
    missed, found = np.array([[0, 0, 1]] * 3), np.array([[1, 0, 0]] * 3)
    few = measure_difference([missed], [found], 100)
    assert (few.difference, few.p_value, few.significant) == (1.0, 0.25, False)
    many = measure_difference([np.tile(missed, (4, 1))], [np.tile(found, (4, 1))], 100)
    assert many.significant


def test_one_sentence_says_nothing() -> None:
    missed, hit = np.array([[0, 0, 1]]), np.array([[1, 0, 0]])
    for seeds in (1, 3):
        found = measure_difference([missed] * seeds, [hit] * seeds, 100)
        assert (found.difference, found.low, found.high, found.p_value) == (1.0, -1.0, 3.0, 1.0)


def test_one_seed_of_each_covers_sentences_alone() -> None:
    first, second = runs_of([0.7, 0.8])
    found = measure_difference([first], [second], 1000)
    assert not found.covers_seeds
    assert found.seed_share is None
    alone = found.over_sentences
    assert (found.low, found.high) == pytest.approx((alone.low, alone.high), abs=0.005)


def test_one_seed_against_three_borrows_their_noise() -> None:
    runs = runs_of([0.7, 0.6, 0.7, 0.8])
    found = measure_difference(runs[:1], runs[1:], 300)
    assert found.borrows_noise and found.covers_seeds
    assert (found.baseline_seeds, found.variant_seeds) == (1, 3)


def test_several_variants_are_as_each_alone_but_for_the_correction() -> None:
    runs = runs_of([0.7, 0.71, 0.72, 0.73, 0.78, 0.79, 0.7, 0.74, 0.9])
    variants = {"a": runs[2:4], "b": runs[4:6], "c": runs[6:]}
    found = measure_differences(runs[:2], variants, 300)
    assert list(found) == ["a", "b", "c"]
    for name, one in found.items():
        alone = measure_difference(runs[:2], variants[name], 300)
        assert (one.low, one.high) == pytest.approx((alone.low, alone.high))
        assert (one.comparisons, alone.comparisons) == (3, 1)
        assert alone.p_adjusted == alone.p_value
    p_values = [one.p_value for one in found.values()]
    assert [one.p_adjusted for one in found.values()] == holm(p_values)
    assert measure_differences(runs[:2], {}) == {}


def test_few_documents_make_the_interval_wide() -> None:
    first, second = runs_of([0.7, 0.75])
    documents = np.repeat(["a", "b", "c"], 100).tolist()
    found = measure_difference([first], [second], 500, documents=documents)
    assert found.by_document
    assert (found.noise.units, found.sentences) == (3, 300)
    assert found.noise.degrees == pytest.approx(2)


def test_json_keeps_everything() -> None:
    runs = runs_of(FAR)
    found = measure_difference(runs[:3], runs[3:], 100)
    assert Difference.from_json(json.loads(json.dumps(found.to_json()))) == found


def test_what_cannot_be_compared_is_refused() -> None:
    run = np.ones((5, 3), dtype=np.int64)
    with pytest.raises(DataError, match="one document, which says nothing of others"):
        measure_difference([run], [run], documents=["a"] * 5)
    with pytest.raises(DataError, match="seeds can be paired only"):
        measure_difference([run], [run] * 2, paired_seeds=True)
    with pytest.raises(DataError, match="at least one seed"):
        measure_differences([run], {"a": [run], "b": []})
    with pytest.raises(DataError, match=r"different numbers of sentences: \[4, 5\]"):
        measure_difference([run], [run[:4]])
    with pytest.raises(ConfigurationError, match="at least 100 resamples"):
        measure_difference([run], [run], 10)
