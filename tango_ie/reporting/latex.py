"""The main table for a paper: LaTeX with booktabs, and nothing else that is not LaTeX's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tango_ie.metrics.difference import Difference
from tango_ie.reporting.columns import Column, main_columns
from tango_ie.reporting.fold_averages import num_folds

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report

# What a run costs is for the page; papers have it in their text. The oracle and what others have
# published are no results.
_LEFT_OUT = ("training", "memory", "speed", "oracle", "measured", "published")
_BEFORE_F1 = ("precision", "recall")  # as in papers
_SCORES = ("precision", "recall", "f1")
_SURE, _ALONE = r"$^{\dagger}$", r"$^{\ddagger}$"
_SIGNS = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "%": r"\%",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': "''",
    # After \\ a bracket would be read as its argument, and a star as part of it.
    "*": "{*}",
    "[": "{[}",
    "]": "{]}",
    "±": r"$\pm$",
    "−": r"$-$",
    "–": "--",
    "—": "---",
    "×": r"$\times$",
    "≤": r"$\leq$",
    "≥": r"$\geq$",
    "→": r"$\rightarrow$",
    "←": r"$\leftarrow$",
    "…": r"\ldots{}",
    "’": "'",
}
_SPECIAL = re.compile("|".join(map(re.escape, _SIGNS)))


def latex(report: Report) -> str:
    """A ``table`` that can be pasted into a document that loads booktabs.

    The best mean of each score is bold; the notes below say what the marks mean and what the
    figures are.
    """
    columns = _in_order(main_columns(report))
    best = {name: _best(report, name) for name in _SCORES}
    rows = [
        " & ".join(_cell(report, column, place, best) for column in columns) + r" \\"
        for place in range(len(report.variants))
    ]
    layout = "".join("r" if column.is_number else "l" for column in columns)
    lines = [
        r"% needs \usepackage{booktabs}",
        r"\begin{table}",
        r"\centering",
        r"\small",
        rf"\caption{{{escape(report.subject)}}}",
        rf"\begin{{tabular}}{{{layout}}}",
        r"\toprule",
        " & ".join(escape(column.header) for column in columns) + r" \\",
        r"\midrule",
        *rows,
        r"\bottomrule",
        r"\end{tabular}",
        r"\par\medskip",
        rf"\parbox{{\linewidth}}{{\footnotesize {' '.join(_notes(report))}}}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    r"""Text as LaTeX shows it, every sign of LaTeX's own made harmless.

    >>> escape("k_5 & 50 %: +0.10 → −0.31")
    'k\\_5 \\& 50 \\%: +0.10 $\\rightarrow$ $-$0.31'
    """
    printable = "".join(sign for sign in " ".join(text.split()) if sign.isprintable())
    return _SPECIAL.sub(lambda found: _SIGNS[found[0]], printable)


def _in_order(columns: Sequence[Column]) -> list[Column]:
    kept = [column for column in columns if column.key not in (*_LEFT_OUT, *_BEFORE_F1)]
    place = [column.key for column in kept].index("f1")
    kept[place:place] = [column for column in columns if column.key in _BEFORE_F1]
    return kept


def _cell(report: Report, column: Column, place: int, best: dict[str, Sequence[int]]) -> str:
    text = escape(column.cells[place])
    if place in best.get(column.key, ()):
        return rf"\textbf{{{text}}}"
    if column.key == "difference":
        return text + _mark(report.variants[place].difference)
    return text


def _best(report: Report, name: str) -> Sequence[int]:
    """Places of the best mean as it is shown; of none where there is one variant."""
    means = [round(getattr(variant, name).mean, 4) for variant in report.variants]
    if len(means) < 2:
        return ()
    return [place for place, mean in enumerate(means) if mean == max(means)]


def _mark(found: Difference | None) -> str:
    if found is None:
        return ""
    if found.significant:
        return _SURE
    return _ALONE if found.excludes_zero else ""


def _notes(report: Report) -> list[str]:
    """What the figures and the marks mean, one sentence each."""
    found = [item.difference for item in report.variants if item.difference is not None]
    notes = [
        f"Precision, recall and F1 are micro averages in percent, mean ± sd over seeds: "
        f"{report.rule}."
    ]
    folds = num_folds(report.variants)
    if folds is not None:
        notes.append(
            f"They are of the test sentences of all {folds} folds; macro F1 is the mean ± sd over "
            "the folds, each scored by itself."
        )
    if not found:
        return list(map(escape, notes))
    first = found[0]
    drawn = "documents" if first.by_document else "sentences"
    over = f"seeds and test {drawn}" if first.covers_seeds else f"test {drawn}"
    paired = ", seeds paired" if first.paired_seeds else ""
    notes.append(
        f"Differences in points, with {100 * report.confidence:g} % intervals from a hierarchical "
        f"bootstrap over {over} ({first.resamples:,} resamples{paired})."
    )
    if not all(item.covers_seeds for item in found):
        notes.append(
            "With one seed of each variant an interval covers test sentences alone, and says "
            "nothing of other seeds."
        )
    many = first.comparisons > 1
    level = f"{1 - report.confidence:.2g}"
    corrected = f" after Holm's correction for {first.comparisons} comparisons" if many else ""
    lines = [escape(note) for note in notes]
    if many:
        lines.append(escape("p-values are corrected (Holm)."))
    if any(item.significant for item in found):
        lines.append(_SURE + escape(f" distinguishable from zero, p < {level}{corrected}."))
    if any(item.excludes_zero and not item.significant for item in found):
        lines.append(_ALONE + escape(" the interval excludes zero, but not after the correction."))
    best = escape("The best mean is bold, which is no claim that it differs from the others.")
    return [*lines, best]
