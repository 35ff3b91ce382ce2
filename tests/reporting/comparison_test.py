"""What a comparison computes, says and refuses."""

from __future__ import annotations

import re
import statistics
from dataclasses import replace
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics import Scores
from tango_ie.metrics.difference import measure_differences
from tango_ie.reporting import compare
from tango_ie.reporting.comparison import Units

from .conftest import make_scores

Variants = dict[str, list[Scores]]


def test_means_deviations_and_differences(variants: Variants) -> None:
    report = compare(variants, resamples=300, seed=4)
    assert [variant.name for variant in report.variants] == ["softmax", "crf", "wide"]
    for variant in report.variants:
        scores = variants[variant.name]
        values = [item.total.f1 for item in scores]
        assert variant.f1.mean == pytest.approx(statistics.mean(values))
        assert variant.f1.sd == pytest.approx(statistics.stdev(values))
        assert variant.macro_f1.mean == pytest.approx(
            statistics.mean(item.macro.f1 for item in scores)
        )
        per_label = [item.per_label["PER"].f1 for item in scores]
        assert variant.label_f1("PER").mean == pytest.approx(statistics.mean(per_label))
    assert report.baseline.difference is None
    counts = {
        name: [item.sentence_counts() for item in scores] for name, scores in variants.items()
    }
    others = {name: counts[name] for name in ("crf", "wide")}
    expected = measure_differences(counts["softmax"], others, 300, seed=4)
    assert [variant.difference for variant in report.variants[1:]] == list(expected.values())


def with_documents(variants: Variants, number: int) -> Variants:
    return {
        name: [
            replace(item, documents=tuple(i % number for i in range(item.num_sentences)))
            for item in runs
        ]
        for name, runs in variants.items()
    }


@pytest.mark.parametrize(
    ("number", "units", "expected"),
    [(50, "auto", 50), (50, "sentences", 200), (10, "auto", 200), (10, "documents", 10)],
)
def test_documents_are_drawn_where_there_are_enough(
    variants: Variants, number: int, units: Units, expected: int
) -> None:
    report = compare(with_documents(variants, number), resamples=100, units=units)
    found = report.variants[1].difference
    assert found is not None and found.noise.units == expected
    assert report.units == ("sentences" if expected == 200 else "documents")


def test_documents_cannot_be_drawn_where_they_are_unknown(variants: Variants) -> None:
    assert compare(variants, resamples=100).units == "sentences"
    for known in (variants, with_documents(variants, 1)):
        with pytest.raises(DataError, match='set units to "sentences"'):
            compare(known, resamples=100, units="documents")


def test_costs_are_means_over_seeds(variants: Variants) -> None:
    baseline = compare(variants, resamples=100).baseline
    assert baseline.train_seconds == 61.5
    assert baseline.sentences_per_second == 400
    assert (baseline.num_trainable_parameters, baseline.num_parameters) == (3_465, 22_713_216)


def test_the_baseline_stands_first(variants: Variants) -> None:
    report = compare(variants, baseline="wide", resamples=100)
    assert [variant.name for variant in report.variants] == ["wide", "softmax", "crf"]
    assert report.subject.startswith("softmax and crf against wide: 6 models on 200 sentences")


def test_verdicts_in_words(variants: Variants) -> None:
    report = compare(variants, resamples=500)
    baseline, crf, wide = report.verdicts
    assert baseline.startswith("softmax is the baseline, with ")
    assert baseline.endswith(" F1 over 2 seeds")
    assert crf.startswith("crf − softmax = ")
    assert " F1, 95 % interval [" in crf
    assert "], 2 seeds: not distinguishable from zero; no number of seeds would show" in crf
    assert re.search(r"2 seeds: wide scores higher \(p .* correction for 2 comparisons\)$", wide)
    worse = compare(variants, baseline="wide", resamples=500).verdicts[1]
    assert ": softmax scores lower (p" in worse


def test_one_variant_alone_is_a_report_too(variants: Variants) -> None:
    report = compare({"crf": variants["crf"]})
    assert report.subject.startswith("One variant: 2 models on")
    assert len(report.verdicts) == 1
    assert report.notes == ()


def test_runs_pair_by_seed_whatever_their_order(variants: Variants) -> None:
    turned = {**variants, "crf": variants["crf"][::-1]}
    assert compare(turned, resamples=100) == compare(variants, resamples=100)


def test_the_same_seed_gives_the_same_report(variants: Variants) -> None:
    assert compare(variants, seed=1) == compare(variants, seed=1)
    assert compare(variants, seed=1) != compare(variants, seed=2)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"split": "dev"}, r"different splits cannot be compared \(a: test; b: dev\)"),
        ({"corpus_fingerprint": "beef"}, r"different corpora .*a: c0ffee; b: beef"),
        ({"rule": "lenient"}, "different rules .*b: lenient"),
        ({"sentences": 199}, r"different numbers of sentences .*a: 200; b: 199"),
    ],
)
def test_scores_that_do_not_compare_are_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=message):
        compare({"a": [make_scores()], "b": [make_scores(seed=2, **changes)]})


@pytest.mark.parametrize(
    ("variants", "baseline", "message"),
    [
        ({}, None, "variants: there are no variants"),
        ({"a": [make_scores()], "b": []}, None, r"variants\.b: this variant has no scores"),
        ({"a": [make_scores()]}, "A_", r"baseline: no variant is called 'A_'; there are a"),
        ({"softmax": [make_scores()]}, "softmx", "did you mean 'softmax'"),
        (
            {"a": [make_scores(), make_scores(seed=2), make_scores()]},
            None,
            r"variants\.a: runs 0 and 2 are one and the same",
        ),
    ],
)
def test_configs_that_cannot_work_are_refused(
    variants: Variants, baseline: str | None, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        compare(variants, baseline)


def test_unequal_seeds_are_allowed_but_said(variants: Variants) -> None:
    report = compare({**variants, "crf": variants["crf"][:1]}, resamples=100)
    assert report.notes == (
        "The variants differ in their number of seeds: softmax has 2 seeds, crf has 1 seed and "
        "wide has 2 seeds.",
        "One seed says nothing about the spread over seeds: crf.",
    )
    assert "1 seed against 2: " in report.verdicts[1]
    assert report.variants[1].f1.sd is None


def test_other_seeds_are_said_and_not_paired(variants: Variants) -> None:
    others = [make_scores(0.7, seed) for seed in (3, 4)]
    report = compare({"softmax": variants["softmax"], "crf": others}, resamples=100)
    assert report.notes == (
        "The variants were not trained with the same seeds: softmax 1 and 2; crf 3 and 4.",
    )
    assert "], 2 seeds: " in report.verdicts[1]


def test_runs_without_a_seed_are_compared(variants: Variants) -> None:
    report = compare({"a": [make_scores(0.7, None)], "b": [make_scores(0.8, None)]})
    assert "over test sentences alone, 1 seed: " in report.verdicts[1]


def test_what_models_could_not_find_is_noted() -> None:
    first = make_scores(unseen_labels={"flight": 3, "meal": 1})
    second = make_scores(0.9, unrepresentable={"nested": 12}, unseen_labels={})
    notes = compare({"a": [first], "b": [second]}, resamples=100).notes
    assert notes[1:] == (
        "a: gold has types that its models were not trained on, counted as missed: flight (3) "
        "and meal (1).",
        "b: gold has items that its models cannot represent, counted as missed: nested (12).",
    )


def test_times_of_different_devices_are_not_compared_in_silence() -> None:
    first = make_scores()
    second = make_scores(0.9, device="cuda", archive={"device": "cuda"}, precision="bf16")
    notes = compare({"a": [first], "b": [second]}, resamples=100).notes
    assert notes[1:] == (
        "Training times come from different devices (cpu and cuda) and do not compare.",
        "Prediction times come from different devices (cpu and cuda) and do not compare.",
        "Predictions were made in different precisions: bf16 and float32.",
    )


def test_seeds_are_paired_only_where_they_are_the_same(variants: Variants) -> None:
    found = compare(variants, resamples=100, paired_seeds=True).variants[1].difference
    assert found is not None and found.paired_seeds
    other = {**variants, "crf": [make_scores(0.7, seed) for seed in (1, 3)]}
    with pytest.raises(DataError, match=r"only variants with the same seeds .* crf: \[1, 3\]"):
        compare(other, resamples=100, paired_seeds=True)
