"""What is on the screen, and in logs."""

from __future__ import annotations

import io
import logging
from itertools import pairwise
from pathlib import Path

import pytest
from rich.console import Console
from tango.common.logging import RichHandler, cli_logger

from tango_ie.core.errors import DataError
from tango_ie.metrics import Scores
from tango_ie.reporting import ReportFormat, compare, show
from tango_ie.reporting.terminal import log

from .conftest import make_scores


@pytest.fixture
def folder(variants: dict[str, list[Scores]], tmp_path: Path) -> Path:
    named = {**variants, "[red]x[/red]": variants["wide"]}
    ReportFormat().write(compare(named, "softmax", resamples=200), tmp_path)
    return tmp_path


def screen(folder: Path, width: int) -> str:
    console = Console(file=io.StringIO(), width=width)
    show(folder, console)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_a_wide_terminal_shows_all_columns_and_the_path(folder: Path) -> None:
    text = screen(folder, 200)
    (crf,) = [line for line in text.splitlines() if line.startswith(" crf")]
    assert "3.5 k / 22.7 M" in crf
    assert "[red]x[/red]" in text
    assert "not distinguishable from zero" in text
    assert f"report: {folder / 'report.html'}\n" in text
    assert "more columns" not in text


@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_narrow_terminal_drops_columns_not_digits(folder: Path, width: int) -> None:
    lines = screen(folder, width).splitlines()
    crf = [line for line in lines if line.startswith(" crf")]
    assert len(crf) == 1
    assert " ± " in crf[0]
    assert crf[0].count("[") == 1
    assert all(len(line) <= width for line in lines if "report.html" not in line)
    assert any("more columns in the report" in line for line in lines)


def test_question_and_answer_stand_above(folder: Path) -> None:
    lines = [line for line in screen(folder, 120).splitlines() if line]
    assert lines[0] == "Which of crf, wide and [red]x[/red] is better than softmax?"
    assert lines[1].startswith("2 of 3 score higher than softmax (wide and [red]x[/red]);")


def test_columns_go_by_name_the_least_needed_first() -> None:
    def made(head: str, rate: float, seed: int) -> Scores:
        config = {"model": {"head": head, "rate": rate}, "seed": seed}
        return make_scores(rate, seed, archive={"made_from": config})

    arms = {"a": ("softmax", 0.7), "b": ("crf", 0.8)}
    report = compare(
        {name: [made(*arm, seed) for seed in (1, 2)] for name, arm in arms.items()}, resamples=100
    )

    def header(width: int) -> list[str]:
        console = Console(file=io.StringIO(), width=width)
        show(report, console)
        text: str = console.file.getvalue()  # type: ignore[attr-defined]
        (line,) = [line for line in text.splitlines() if line.strip().startswith("variant")]
        return line.split()

    assert header(200)[:3] == ["variant", "head", "rate"]
    gone = [set(header(200)) - set(header(width)) for width in (140, 100, 70, 50)]
    assert all(before <= after for before, after in pairwise(gone))
    assert "parameters" in gone[0] and "head" not in gone[0]
    assert "rate" in gone[2] and "precision" in gone[2]
    assert {"F1", "interval"} <= {*header(40)}


def test_a_folder_without_a_report_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"results\.json"):
        show(tmp_path)


@pytest.mark.parametrize("kind", ["console", "console of another process", "file"])
def test_in_a_log_it_is_a_table_where_rich_writes_and_text_elsewhere(
    folder: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    stream = io.StringIO()
    handler: logging.Handler = logging.StreamHandler(stream)
    if kind != "file":
        console = Console(file=stream, width=100 if kind == "console" else 160)
        handler = RichHandler(console=console, markup=True, show_path=False)
    if kind == "console of another process":
        handler.addFilter(_pickled)
    monkeypatch.setattr(cli_logger, "handlers", [handler])
    monkeypatch.setattr(cli_logger, "disabled", False)
    monkeypatch.setattr(cli_logger, "isEnabledFor", lambda level: level >= logging.INFO)
    log(ReportFormat().read(folder))
    text = stream.getvalue()
    assert "───" in text
    assert f"report: {folder / 'report.html'}" in text
    assert ("more columns in the report" in text) is (kind == "console")
    assert ("\\[red]x" if kind == "file" else "[red]x[/red]") in text


def _pickled(record: logging.LogRecord) -> bool:
    """What Tango's socket makes of a message."""
    record.msg = record.getMessage()
    return type(record.msg) is str
