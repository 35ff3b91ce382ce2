"""Figures of papers beside ours."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from tango_ie.core.errors import ConfigurationError
from tango_ie.metrics import Scores
from tango_ie.reporting import Report, ReportFormat, compare, show
from tango_ie.reporting.columns import main_columns
from tango_ie.reporting.latex import latex
from tango_ie.reporting.markdown import markdown
from tango_ie.reporting.published import Measure, Published
from tango_ie.reporting.tables import csv_table, main_table

from .pages import Page
from .pooled import make_pooled

Variants = dict[str, list[Scores]]
SOURCE = "Crone (2020), Table 3, with ELMo"


def made(
    variants: Variants, measure: Measure = "micro F1", figures: dict[str, float] | None = None
) -> Report:
    given = figures or {"softmax": 57.45, "wide": 87}
    return compare(variants, resamples=100, published=Published(given, SOURCE, measure))


def test_a_muted_column_beside_ours(variants: Variants) -> None:
    report = made(variants, "macro F1")
    header, rows = main_table(report)
    place = header.index("published macro F1")
    assert header[place - 1 : place + 2] == ["macro F1", "published macro F1", "precision"]
    assert [row[place] for row in rows] == ["57.45", "–", "87.00"]
    assert rows[0][place - 1] == f"{100 * report.baseline.macro_f1.mean:.2f} ± " + (
        f"{100 * (report.baseline.macro_f1.sd or 0):.2f}"
    )
    muted = [column.key for column in main_columns(report) if column.is_muted]
    assert muted == ["published"]


def test_micro_f1_is_there_already(variants: Variants) -> None:
    report = made(variants, figures={"crf": 75.7, "wide": 78})
    header, rows = main_table(report)
    place = header.index("published F1")
    assert header[place + 1] == "precision"
    assert [row[place] for row in rows] == ["–", "75.7", "78.0"]
    assert "in the column “F1”." in report.published.sentence(report.variants)  # type: ignore[union-attr]


def test_over_folds() -> None:
    variants = {"base": [make_pooled(0.6)], "none": [make_pooled(0.7)]}
    macro, micro = (
        made(variants, measure, {"base": 83.74})
        for measure in ("macro F1 over folds", "micro F1 over folds")
    )
    header, _ = main_table(macro)
    place = header.index("published macro F1")
    assert header[place - 1] == "macro F1, 4 folds" and header.count("macro F1, 4 folds") == 1
    header, _ = main_table(micro)
    place = header.index("published micro F1")
    assert header[place - 2 : place] == ["macro F1, 4 folds", "micro F1, 4 folds"]
    assert "“macro F1, 4 folds”" in macro.published.sentence(macro.variants)  # type: ignore[union-attr]


def test_nothing_else_changes(variants: Variants) -> None:
    report, plain = made(variants, "macro F1"), compare(variants, resamples=100)
    assert replace(report, published=None) == plain
    assert (report.answer, report.verdicts, report.notes) == (
        plain.answer,
        plain.verdicts,
        plain.notes,
    )
    assert latex(report) == latex(plain)
    assert "ublished" not in markdown(plain) + csv_table(plain)


def test_it_is_kept_and_shown(variants: Variants, tmp_path: Path) -> None:
    report = made(variants, "macro F1")
    assert report.published is not None
    ReportFormat().write(report, tmp_path)
    assert ReportFormat().read(tmp_path) == report
    sentence = report.published.sentence(report.variants)
    assert SOURCE in sentence and "no difference" in sentence
    source = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert sentence in Page(source).text
    assert source.count('class="muted"') == 4
    assert sentence in (tmp_path / "table.md").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(csv_table(report))))
    assert [row["published_percent"] for row in rows] == ["57.45", "", "87"]
    assert {row["published_measure"] for row in rows} == {"macro F1"}


@pytest.mark.parametrize(("width", "told"), [(200, True), (80, False)])
def test_on_the_screen_with_its_source(variants: Variants, width: int, told: bool) -> None:
    console = Console(file=io.StringIO(), width=width)
    show(made(variants), console)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    assert ("published F1" in text) is told
    assert (SOURCE in " ".join(text.split())) is told


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"figures": {}}, "figures: there are no figures"),
        ({"source": " "}, "source: say which paper"),
        ({"measure": "F1"}, "measure: expected one of micro F1, macro F1, .* found 'F1'"),
        ({"figures": {"crf": 101.0}}, r"figures\.crf: expected a score in percent, .* 101\.0"),
        ({"figures": {"crf": -1.0}}, r"figures\.crf: .*found -1\.0"),
        ({"figures": {"crf": math.nan}}, r"figures\.crf: .*found nan"),
        ({"figures": {"crf": True}}, r"figures\.crf: .*found True"),
        ({"figures": {"crf": 0.726, "wide": 0.8}}, r"figures: 0\.8 .* looks like a fraction"),
    ],
)
def test_figures_that_cannot_be(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Published(**{"figures": {"crf": 72.63}, "source": SOURCE, **changes})


def test_figures_of_what_is_not_compared(variants: Variants) -> None:
    with pytest.raises(ConfigurationError, match=r"published\.figures: no .* 'crv'; did you mean"):
        made(variants, figures={"crv": 70})
    with pytest.raises(ConfigurationError, match=r"published\.measure: .*pooled over folds"):
        made(variants, "macro F1 over folds")
