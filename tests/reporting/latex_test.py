"""The table for papers: no TeX is at hand, so what TeX would stumble over is looked for."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.metrics import Scores
from tango_ie.reporting import Report, compare
from tango_ie.reporting.latex import escape, latex

from .conftest import make_scores

Variants = dict[str, list[Scores]]
ODD = r"[a]_b & 50 % → {x} \y #1 $ ~ ^ <i> |"


def table(text: str) -> list[list[str]]:
    """The cells of the tabular, header first."""
    body = text.split(r"\toprule")[1].split(r"\bottomrule")[0].replace(r"\midrule", "")
    rows = [row.strip() for row in body.split("\\\\\n") if row.strip()]
    return [[cell.strip() for cell in re.split(r"(?<!\\)&", row)] for row in rows]


def is_balanced(text: str) -> bool:
    """Whether every brace that is one of TeX's own is closed."""
    depth = 0
    for sign in re.sub(r"\\.", "", text, flags=re.DOTALL):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if depth < 0:
            return False
    return depth == 0


@pytest.fixture
def report(variants: Variants) -> Report:
    return compare({**variants, ODD: variants["wide"]}, "softmax", resamples=200)


def test_it_is_whole(report: Report) -> None:
    text = latex(report)
    assert is_balanced(text)
    layout = re.search(r"\\begin{tabular}{(l[lr]*)}", text)
    assert layout is not None
    rows = table(text)
    assert {len(row) for row in rows} == {len(layout[1])}
    assert [row[0] for row in rows[1:4]] == ["softmax", "crf", "wide"]
    assert rows[0][2:6] == ["precision", "recall", "F1", "F1 $-$ softmax"]
    for name in re.findall(r"\\begin{(\w+)}", text):
        assert text.count(rf"\begin{{{name}}}") == text.count(rf"\end{{{name}}}") == 1
    # Dollars in pairs; no sign of Unicode that plain LaTeX may lack; no comment but the first line.
    assert re.sub(r"\\\$", "", text).count("$") % 2 == 0
    assert text.isascii()
    assert [line for line in text.splitlines() if re.search(r"(?<!\\)%", line)] == [
        r"% needs \usepackage{booktabs}"
    ]


def test_every_command_is_of_latex_or_booktabs(report: Report) -> None:
    known = (
        "begin end usepackage centering small caption toprule midrule bottomrule textbf par "
        "medskip parbox linewidth footnotesize pm rightarrow dagger ddagger textbackslash "
        "textasciitilde textasciicircum textless textgreater textbar"
    )
    assert {*re.findall(r"\\([a-z]+)", latex(report))} <= {*known.split()}


def test_the_best_means_are_bold_and_findings_marked(report: Report) -> None:
    header, *rows = table(latex(report))
    bold = [[place for place, cell in enumerate(row) if r"\textbf" in cell] for row in rows]
    assert bold[:2] == [[], []]
    assert bold[2] == bold[3] == [header.index(name) for name in ("precision", "recall", "F1")]
    marked = [row[5].endswith(r"$^{\dagger}$") for row in rows]
    assert marked == [
        variant.difference is not None and variant.difference.significant
        for variant in report.variants
    ]
    text = latex(report)
    assert "after Holm's correction for 3 comparisons" in text
    assert "200 resamples" in text
    assert escape(report.rule) in text


def test_what_the_correction_took_back_has_another_mark() -> None:
    scores = {"a": [make_scores(0.7, seed) for seed in (1, 2, 3)]}
    for number in range(12):
        recall = 0.7 + 0.005 * number
        scores[f"b{number}"] = [make_scores(recall, seed) for seed in (4, 5, 6)]
    report = compare(scores, resamples=200)
    found = [variant.difference for variant in report.variants[1:]]
    taken = [item is not None and item.excludes_zero and not item.significant for item in found]
    assert any(taken)
    _, _, *rows = table(latex(report))
    assert [r"\ddagger" in row[5] for row in rows] == taken
    assert "but not after the correction" in latex(report)


def test_one_variant_has_nothing_to_be_better_than() -> None:
    text = latex(compare({"a": [make_scores()]}))
    assert r"\textbf" not in text
    assert "bootstrap" not in text
    assert is_balanced(text)


def test_one_seed_of_each_is_said() -> None:
    text = latex(compare({"a": [make_scores(0.5)], "b": [make_scores(0.9)]}, resamples=100))
    assert "says nothing of other seeds" in text
    assert "bootstrap over test sentences" in text


@given(st.text())
def test_no_text_breaks_the_table(text: str) -> None:
    shown = escape(text)
    assert is_balanced(shown)
    assert "\n" not in shown
    for sign in "&%#_":
        assert re.search(rf"(?<!\\){sign}", shown) is None
    assert not shown.startswith(("[", "*"))
