"""The column that shows what choosing the epoch on the test set would give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.errors import DataError
from tango_ie.metrics import Scores
from tango_ie.reporting import Report, ReportFormat, compare
from tango_ie.reporting.columns import main_columns
from tango_ie.reporting.latex import latex
from tango_ie.reporting.markdown import markdown
from tango_ie.reporting.oracle import OracleRun
from tango_ie.reporting.tables import csv_table, main_table

from .conftest import make_scores


def scores(
    seed: int, oracle: list[float] | None, kept: int = 2, split: str = "test", recall: float = 0.8
) -> Scores:
    history: dict[str, Any] = {"metric": "entities_f1", "epochs": [1, 2, 3], "score": [0.1] * 3}
    if oracle is not None:
        history["oracle"] = {"strict": oracle, "relations strict": [0.99] * 3}
    archive = {"best_epoch": kept, "made_from": {"oracle_split": split}}
    return make_scores(recall, seed, archive=archive, history=history)


def made(**options: Any) -> Report:
    variants = {
        "plain": [scores(1, [0.5, 0.7, 0.75]), scores(2, [0.8, 0.8, 0.6])],
        "other": [scores(1, [0.5, 0.7, 0.6], recall=0.9), scores(2, None, recall=0.9)],
    }
    return compare(variants, resamples=100, **options)


def test_a_column_with_the_gain() -> None:
    """Of epochs that are equally good the first; a variant of which a run knows none has none."""
    header, rows = main_table(made(oracle_test_epoch=True))
    place = header.index("F1, epoch by test")
    assert header[place - 1] == "recall"
    assert [row[place] for row in rows] == ["77.50 ± 3.54 (+2.50)", "–"]
    first = OracleRun.of(made().variants[0].runs[0], "test")
    assert first == OracleRun(1, 0.75, 0.7, best_epoch=3, kept_epoch=2)
    second = OracleRun.of(made().variants[0].runs[1], "test")
    assert second is not None and (second.gain, second.best_epoch) == (0, 1)


def test_the_warning_names_every_seed() -> None:
    note = made(oracle_test_epoch=True).notes[0]
    assert note.startswith("“F1, epoch by test” is no result.")
    assert "plain +5.00 (seed 1: epoch 3, kept 2) and 0.00 (seed 2: epoch 1, kept 2)" in note
    assert "other" not in note


def test_nothing_else_changes() -> None:
    without, with_it = made(), made(oracle_test_epoch=True)
    assert without.variants == with_it.variants and without.verdicts == with_it.verdicts
    assert without.answer == with_it.answer
    assert with_it.notes[1:] == without.notes
    keys = [column.key for column in main_columns(without)]
    assert "oracle" not in keys
    assert [column.key for column in main_columns(with_it) if column.key != "oracle"] == keys
    assert latex(without) == latex(with_it), "a table for a paper has no oracle"
    assert "oracle" not in csv_table(without) and "epoch by test" not in markdown(without)


def test_it_is_kept_and_shown(tmp_path: Path) -> None:
    report = made(oracle_test_epoch=True)
    ReportFormat().write(report, tmp_path)
    assert main_table(Report.load(tmp_path)) == main_table(report)
    assert "is no result" in (tmp_path / "report.html").read_text(encoding="utf-8")
    lines = [line.split(",") for line in csv_table(report).splitlines()]
    row = dict(zip(lines[0], lines[1], strict=True))
    assert (row["oracle_f1_mean_percent"], row["oracle_gain_mean_percent"]) == ("77.5", "2.5")
    assert dict(zip(lines[0], lines[2], strict=True))["oracle_gain_mean_percent"] == ""


@pytest.mark.parametrize(
    "given",
    [
        scores(1, None),
        scores(1, [0.1, 0.2, 0.3], split="dev"),
        scores(1, [0.1, 0.2, 0.3], kept=7),
        make_scores(),
    ],
    ids=["not asked", "another split", "an epoch without score", "nothing known"],
)
def test_without_an_oracle(given: Scores) -> None:
    with pytest.raises(DataError, match="train with oracle_split = 'test'"):
        compare({"plain": [given]}, resamples=100, oracle_test_epoch=True)
