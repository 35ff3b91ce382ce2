"""Reports over the folds of a cross-validation."""

from __future__ import annotations

import csv
import io
import statistics
from pathlib import Path

import pytest

from tango_ie.metrics import Scores
from tango_ie.metrics.fold_info import Folds
from tango_ie.reporting import Report, ReportFormat, compare
from tango_ie.reporting.columns import main_columns
from tango_ie.reporting.fold_averages import fold_average, fold_sentence, fold_table, num_folds
from tango_ie.reporting.latex import latex
from tango_ie.reporting.markdown import markdown
from tango_ie.reporting.tables import csv_table, main_table

from .conftest import make_scores
from .pages import Page
from .pooled import FOLDS, make_pooled

Variants = dict[str, list[Scores]]


def given(seeds: int = 2) -> Variants:
    return {
        name: [make_pooled(recall, seed) for seed in range(1, seeds + 1)]
        for name, recall in (("base", 0.6), ("none", 0.9))
    }


def made(seeds: int = 2) -> Report:
    return compare(given(seeds), resamples=100)


def test_means_are_over_the_folds_of_all_seeds() -> None:
    report = made()
    assert num_folds(report.variants) == FOLDS
    values = []
    for scores in given()["base"]:
        folds = Folds.of_info(scores.info)
        assert folds is not None
        values += [ratios.f1 for ratios in folds.ratios["strict"].macro]
    found = fold_average(report.baseline)
    assert found is not None and found.n == 2 * FOLDS
    assert found.mean == pytest.approx(statistics.mean(values))
    assert found.sd == pytest.approx(statistics.stdev(values))
    assert found.mean != report.baseline.macro_f1.mean


def test_columns_and_table() -> None:
    report = made()
    header, rows = main_table(report)
    place = header.index("macro F1, 4 folds")
    assert header[place + 1] == "precision"
    table = fold_table(report)
    assert table is not None
    assert table[0] == [
        *("variant", "micro precision", "micro recall", "micro F1"),
        *("macro precision", "macro recall", "macro F1"),
    ]
    assert [row[place] for row in rows] == [row[-1] for row in table[1]]
    assert all(" ± " in cell for row in table[1] for cell in row[1:])
    row = next(csv.DictReader(io.StringIO(csv_table(report))))
    found = fold_average(report.baseline, "micro", "recall")
    assert found is not None
    assert float(row["fold_micro_recall_mean_percent"]) == pytest.approx(100 * found.mean)


def test_the_words_are_those_of_folds(tmp_path: Path) -> None:
    report = made()
    assert report.subject.startswith(
        "none against base: 16 models on 200 sentences of split test, in 4 folds, with"
    )
    assert "over the 4 folds of every seed" in fold_sentence(report)
    assert "over the 4 folds, each" in fold_sentence(made(seeds=1))
    assert made(seeds=1).answer.startswith("For the models at hand yes: those of none score ")
    ReportFormat().write(report, tmp_path)
    assert ReportFormat().read(tmp_path) == report
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "Means over folds" in page.text and fold_sentence(report) in page.text
    assert "| variant | micro precision |" in markdown(report)
    assert "all 4 folds; macro F1 is the mean" in latex(report)


def test_without_folds_there_is_nothing_of_it() -> None:
    report = compare({"a": [make_scores()]}, resamples=100)
    assert num_folds(report.variants) is None and fold_table(report) is None
    assert fold_average(report.baseline) is None
    assert "folds" not in [column.key for column in main_columns(report)]
    assert "fold" not in "".join([markdown(report), csv_table(report), report.subject])


def test_a_rule_that_has_no_ratios_of_folds() -> None:
    (scores,) = given(1)["base"]
    folds = {**scores.info["folds"], "ratios": {}}
    report = compare(
        {"a": [Scores(scores.rule, scores.table, {**scores.info, "folds": folds})]}, resamples=100
    )
    assert main_table(report)[1][0][main_table(report)[0].index("macro F1, 4 folds")] == "–"


def test_folds_whose_models_were_not_made_alike_are_named() -> None:
    varying = {
        "archive.made_from.model.size": [8, 8, 16, 8],
        "archive.made_from.corpus_fingerprint": [*"abcd"],
        "archive.best_epoch": [1, 2, 3, 4],
    }
    variants = {"base": [make_pooled(0.6, varying=varying)], "none": [make_pooled(0.9)]}
    notes = compare(variants, resamples=100).notes
    assert "base: the models of its folds differ in model.size (8, 8, 16, 8)." in notes
    assert not any("fingerprint" in note or "epoch" in note for note in notes)
