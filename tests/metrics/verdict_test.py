"""What is said of a comparison, for every way it can end."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tango_ie.metrics.difference import Difference, measure_difference
from tango_ie.metrics.noise import Noise, SeedNoise
from tango_ie.metrics.verdict import Verdict, about, judge
from tests.metrics.simulated_runs import draw_runs


def found_with(quality: float, sentences: float, **others: Any) -> Difference:
    """A comparison of 5 seeds, +0.31 points; variances in squared points."""
    runs = draw_runs(np.random.default_rng(0), 50, [0.7] * 4)
    part = SeedNoise(quality * 1e-4, 0.0, 4, 1 / 5)
    values: dict[str, Any] = {
        "difference": 0.0031,
        "low": -0.0010,
        "high": 0.0072,
        "p_value": 0.12,
        "p_adjusted": 0.12,
        "noise": Noise((part, part), sentences * 1e-4, 3453),
        "sentences": 3453,
        "baseline_seeds": 5,
        "variant_seeds": 5,
    }
    return replace(measure_difference(runs[:2], runs[2:], 100), **{**values, **others})


HEAD = "bigram − baseline = +0.31 F1, 95 % interval [−0.10, +0.72], 5 seeds: "


def said(found: Difference) -> str:
    return str(judge("bigram", "baseline", found))


def test_the_sentence_of_the_specification() -> None:
    assert said(found_with(0.079, 0.0)) == (
        HEAD + "not distinguishable from zero; "
        "about 14 seeds would be needed to see an effect of this size"
    )


def test_a_test_set_that_is_too_small() -> None:
    assert said(found_with(0.001, 0.04)) == (
        HEAD + "not distinguishable from zero; no number of seeds would show an effect of this "
        "size on 3,453 test sentences; about 12,000 would be needed (5 seeds)"
    )


def test_too_few_of_both() -> None:
    words = said(found_with(0.08, 0.04))
    assert "no number of seeds would show an effect of this size" in words
    assert words.endswith("about 23,000 of them and 27 seeds would be needed")


def test_an_effect_that_is_not_worth_it() -> None:
    found = found_with(0.08, 0.04, difference=0.00001)
    assert said(found).endswith("; it is too small to be worth looking for")


@pytest.mark.parametrize(("sign", "way"), [(1, "higher"), (-1, "lower")])
def test_a_difference_that_is_seen(sign: int, way: str) -> None:
    found = found_with(0.001, 0.001, p_value=0.004, p_adjusted=0.004, difference=sign * 0.0031)
    assert judge("bigram", "b", found).finding == f"bigram scores {way} (p = 0.004)"
    found = replace(found, p_value=0.0001, p_adjusted=0.0004, comparisons=4)
    assert judge("bigram", "b", found).finding == (
        f"bigram scores {way} (p < 0.001 after correction for 4 comparisons)"
    )


def test_a_difference_that_many_comparisons_explain() -> None:
    found = found_with(0.02, 0.0, p_value=0.03, p_adjusted=0.12, comparisons=4)
    assert judge("bigram", "b", found).finding.startswith(
        "not distinguishable from zero after correction for 4 comparisons "
        "(p = 0.030 alone, p = 0.120 among them)"
    )


def test_one_seed_says_what_it_does_not_know() -> None:
    runs = draw_runs(np.random.default_rng(0), 100, [0.7, 0.71])
    words = said(measure_difference(runs[:1], runs[1:], 100))
    assert "] over test sentences alone, 1 seed: not distinguishable from zero; what other" in words
    assert words.endswith("train at least 3")
    runs = draw_runs(np.random.default_rng(0), 500, [0.5, 0.9])
    words = said(measure_difference(runs[:1], runs[1:], 100))
    assert ": this one model of bigram scores higher (p < 0.001); what other seeds" in words


def test_borrowed_noise_is_named() -> None:
    runs = draw_runs(np.random.default_rng(0), 100, [0.7, 0.71, 0.72, 0.73])
    words = said(measure_difference(runs[:3], runs[3:], 100))
    assert "1 seed against 3" in words
    assert words.endswith("the one seed of bigram is taken to be as noisy as those of the other")


def test_no_difference_at_all() -> None:
    runs = draw_runs(np.random.default_rng(0), 100, [0.7])
    words = said(measure_difference(runs * 2, runs * 2, 100))
    assert words.endswith("= 0.00 F1, 95 % interval [0.00, 0.00], 2 seeds: no difference at all")


def test_json_keeps_everything() -> None:
    for quality in (0.079, 0.001, 0.08):
        verdict = judge("bigram", "baseline", found_with(quality, 0.04), "recall")
        value = json.loads(json.dumps(verdict.to_json()))
        assert value["words"] == str(verdict)
        assert Verdict.from_json(value) == verdict


def test_rough_numbers_have_two_digits() -> None:
    assert [about(number) for number in (7, 99, 104, 3453, 999_999)] == [
        *("7", "99", "100", "3,500", "1,000,000")
    ]
