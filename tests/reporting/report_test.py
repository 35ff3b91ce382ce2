"""A report on disk: read back as it was, and readable by people."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.metrics import Counts, CountTable, Scores
from tango_ie.metrics.error_counts import ErrorCell, ErrorCounts
from tango_ie.metrics.errors import ENTITY_ERRORS
from tango_ie.reporting import Report, ReportFormat, compare
from tango_ie.reporting.tables import error_table

from .conftest import make_scores
from .pages import Page
from .provenance_steps import provenance, record

Variants = dict[str, list[Scores]]


@pytest.fixture
def report(variants: Variants) -> Report:
    return compare({**variants, "a|b <i>_x_": [make_scores(0.8)]}, resamples=200)


def test_round_trip(report: Report, tmp_path: Path) -> None:
    ReportFormat().write(report, tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "report.html",
        "results.json",
        "table.csv",
        "table.md",
        "table.tex",
    }
    again = ReportFormat().read(tmp_path)
    assert again == report
    assert (report.folder, report.page) == (None, None)
    assert (again.folder, again.page) == (tmp_path, tmp_path / "report.html")


def test_results_are_strict_json_with_everything_in_it(variants: Variants, tmp_path: Path) -> None:
    odd = make_scores(0.9, 3, archive={"best_score": float("-inf"), "history": [float("nan"), 1]})
    ReportFormat().write(compare({**variants, "odd": [odd]}, resamples=100), tmp_path)

    def refuse(constant: str) -> None:
        raise AssertionError(f"{constant} is no JSON")

    results = json.loads((tmp_path / "results.json").read_text(), parse_constant=refuse)
    crf, odd_one = results["variants"][1], results["variants"][3]
    assert crf["seeds"] == [1, 2]
    assert [run["f1"] for run in crf["runs"]] == [item.total.f1 for item in variants["crf"]]
    assert crf["runs"][0]["per_label"]["LOC"].keys() == {"tp", "fp", "fn"}
    assert crf["runs"][0]["info"]["archive"]["train_seconds"] == 61
    assert crf["difference"].keys() >= {"difference", "low", "high", "p_value", "resamples"}
    assert crf["per_label_f1"]["PER"]["n"] == 2
    assert odd_one["runs"][0]["info"]["archive"]["best_score"] is None
    assert odd_one["runs"][0]["info"]["archive"]["history"] == [None, 1]


def test_markdown_is_one_table_per_kind_with_every_cell(report: Report, tmp_path: Path) -> None:
    ReportFormat().write(report, tmp_path)
    text = (tmp_path / "table.md").read_text(encoding="utf-8")
    rows = [re.split(r"(?<!\\)\|", line) for line in text.splitlines() if line.startswith("|")]
    main, labels = rows[:6], rows[6:]
    assert {len(row) for row in main} == {13}
    assert [row[1].strip() for row in labels[2:]] == ["LOC", "PER", "mean over labels"]
    assert r"a\|b <i>\_x\_" in text
    assert "an entity counts as found when its label and both its boundaries equal gold's" in text
    assert "would move with other seeds and on other test sentences" in text


def test_csv_holds_numbers(report: Report, tmp_path: Path) -> None:
    ReportFormat().write(report, tmp_path)
    with (tmp_path / "table.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["variant"] for row in rows] == [variant.name for variant in report.variants]
    assert float(rows[2]["f1_mean_percent"]) == pytest.approx(100 * report.variants[2].f1.mean)
    assert rows[0]["difference_points"] == ""
    assert float(rows[2]["difference_points"]) > 0
    assert rows[3]["f1_sd_percent"] == ""


def test_the_page_is_whole_and_asks_for_nothing(report: Report, tmp_path: Path) -> None:
    ReportFormat().write(report, tmp_path)
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    page = Page(source)
    assert page.requests == []
    assert "url(" not in source
    assert "@import" not in source
    assert "script" not in page.tags
    assert "i" not in page.tags  # names are escaped
    for line in (*report.verdicts[1:], *report.notes):
        assert line in page.text
    assert page.tags.count("circle") == 3
    assert page.tags.count("details") == 4
    assert "prefers-color-scheme: dark" in source


def test_a_page_without_a_comparison_has_no_plot(variants: Variants, tmp_path: Path) -> None:
    ReportFormat().write(compare({"crf": variants["crf"]}), tmp_path)
    assert "svg" not in Page((tmp_path / "report.html").read_text(encoding="utf-8")).tags


def test_labels_that_do_not_occur_are_left_out_and_invented_ones_shown() -> None:
    info = {"split": "test", "corpus_fingerprint": "c0ffee"}

    def scores(seed: int, **counts: Counts) -> Scores:
        table = CountTable.from_sentences([counts], ("LOC", "PER", "TIME"))
        return Scores("rule", table, {**info, "archive": {"seed": seed}})

    first, second = scores(1, LOC=Counts(tp=2)), scores(2, LOC=Counts(fn=2), NEW=Counts(fp=1))
    report = compare({"a": [first], "b": [second]}, resamples=100)
    assert report.gold_per_label == {"LOC": 2, "NEW": 0}
    assert report.variants[0].label_f1("NEW").mean == 0


@pytest.mark.parametrize("text", [None, "", "[]", '{"variants": []}'])
def test_what_is_no_report_is_named(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "results.json").write_text(text)
    with pytest.raises(DataError, match=r"results\.json: not the results of a comparison"):
        Report.load(tmp_path)


def test_a_report_of_an_older_version_is_named(report: Report, tmp_path: Path) -> None:
    value = report.to_json()
    del value["provenance"]
    (tmp_path / "results.json").write_text(json.dumps(value))
    with pytest.raises(DataError, match="written by an older version of tango_ie"):
        Report.load(tmp_path)


def test_question_and_provenance_are_kept(report: Report, tmp_path: Path) -> None:
    asked = replace(report, own_question="Is <i> enough?", provenance=provenance(record("train")))
    ReportFormat().write(asked, tmp_path)
    again = ReportFormat().read(tmp_path)
    assert (again.question, again.provenance) == (asked.question, asked.provenance)
    assert again == asked
    page = Page((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert page.text.count("Is <i> enough?") == 2  # title and heading
    assert "This report stands on 1 step" in page.text


def test_a_changed_template_is_another_format() -> None:
    assert re.fullmatch(r"002-[0-9a-f]{8,}", ReportFormat.VERSION)


def test_errors_are_a_table_where_every_run_counted_them(
    variants: Variants, tmp_path: Path
) -> None:
    def with_errors(scores: Scores, missed: int) -> Scores:
        cells = {ErrorCell("missed", "PER", None): missed, ErrorCell("type", "PER", "LOC"): 3}
        return replace(scores, errors=ErrorCounts(tuple(ENTITY_ERRORS), cells))

    counted = {
        name: [with_errors(scores, 10 * place) for place, scores in enumerate(runs, start=1)]
        for name, runs in variants.items()
    }
    report = compare(counted, resamples=100)
    assert error_table(report) == (
        ["error", "softmax", "crf", "wide"],
        [["missed", *["15.0 ± 7.1"] * 3], ["type", *["3.0 ± 0.0"] * 3]],
    )
    ReportFormat().write(report, tmp_path)
    assert ReportFormat().read(tmp_path) == report
    assert "| missed | 15.0 ± 7.1 |" in (tmp_path / "table.md").read_text(encoding="utf-8")
    assert ENTITY_ERRORS["missed"] in (tmp_path / "report.html").read_text(encoding="utf-8")
    assert error_table(compare({**counted, "old": variants["crf"]}, resamples=100)) is None
