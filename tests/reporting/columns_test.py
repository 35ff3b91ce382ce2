"""The columns of the main table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tango_ie.metrics import Scores
from tango_ie.reporting import Report, compare
from tango_ie.reporting.columns import main_columns, training_memory
from tango_ie.reporting.step_record import StepRecord
from tango_ie.reporting.tables import csv_table, main_table

from .conftest import make_scores
from .provenance_steps import provenance, record

Variants = dict[str, list[Scores]]


def made(name: str, seeds: int = 2, **model: Any) -> list[Scores]:
    return [
        make_scores(0.8, seed, archive={"made_from": {"model": {"name": name, **model}}})
        for seed in range(1, seeds + 1)
    ]


def with_trainings(report: Report, *trainings: StepRecord) -> Report:
    """The report, with the training of each run of its baseline."""
    evaluations = [
        record("evaluate", unique_id=f"E{place}", dependencies=(step.unique_id,))
        for place, step in enumerate(trainings)
    ]
    ids = tuple(step.unique_id for step in evaluations)
    found = provenance(*trainings, *evaluations, evaluations={report.baseline.name: ids})
    return replace(report, provenance=found)


def training(place: int, **facts: Any) -> StepRecord:
    return record("train", unique_id=f"T{place}", gives_model=True, **facts)


def test_what_decides_comes_first_and_costs_last(variants: Variants) -> None:
    columns = main_columns(compare(variants, "softmax", resamples=200))
    assert [column.key for column in columns] == [
        *("variant", "seeds", "f1", "difference", "interval", "p", "precision", "recall"),
        *("training", "speed", "parameters"),
    ]
    assert {len(column.cells) for column in columns} == {3}
    assert [column.header for column in columns][3:6] == [
        "F1 − softmax",
        "95 % interval",
        "p, corrected",
    ]
    alone = main_columns(compare({"a": variants["crf"], "b": variants["wide"]}, resamples=200))
    assert [column.header for column in alone][5] == "p"


def test_fields_of_the_config_stand_after_the_name() -> None:
    report = compare({"a": made("x", k=1), "b": made("x", k=2, head="crf")}, resamples=100)
    header, rows = main_table(report)
    assert header[:4] == ["variant", "k", "head", "seeds"]
    assert [row[:4] for row in rows] == [["a", "1", "–", "2"], ["b", "2", "crf", "2"]]
    assert "config.model.k" in csv_table(report).splitlines()[0]
    assert csv_table(report).splitlines()[2].endswith("2,crf")


def test_a_baseline_with_a_long_name_is_called_so() -> None:
    long = "dropout=0.1, head=softmax, scheme=iob2"
    header, _ = main_table(compare({long: made("x"), "b": made("y", seeds=3)}, resamples=100))
    assert "F1 − the baseline" in header


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ({}, {"process_bytes": 1_400_000_000}, "1.30 GB"),
        ({}, {"of_whole_process": True}, "≤ 1.20 GB"),
        ({"cuda_bytes": 10**9}, {"cuda_bytes": 3 * 10**9}, "2.00 GB GPU"),
        ({"cuda_bytes": 10**9}, {}, "1.20 GB"),  # two kinds of memory do not mix
        ({}, {"process_bytes": None}, "–"),
    ],
)
def test_memory_of_training(
    variants: Variants, first: dict[str, Any], second: dict[str, Any], shown: str
) -> None:
    plain = compare(variants, "softmax", resamples=100)
    report = with_trainings(plain, training(1, **first), training(2, **second))
    cells = [training_memory(report, variant) for variant in report.variants]
    assert cells == [shown, "–", "–"]
    header, _ = main_table(report)
    assert ("peak memory" in header) is (shown != "–")


def test_memory_of_some_runs_only_is_not_told(variants: Variants) -> None:
    plain = compare(variants, "softmax", resamples=100)
    assert training_memory(with_trainings(plain, training(1)), plain.baseline) == "–"
