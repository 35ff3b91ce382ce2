"""A report in the terminal."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import rich
from rich import box
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderResult
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from tango.common.logging import cli_logger

from tango_ie.reporting.columns import Column, main_columns
from tango_ie.reporting.report import Report

# What is shown on a screen is no result: a change here must not make a cached report stale.
AFFECTS_RESULTS = False

_TEXT_WIDTH = 180  # of messages that are plain text
# Columns that a narrow terminal does without, the least needed first; fields of the config, which
# are told by their prefix, stand together.
_CONFIG = "config."
_EXPENDABLE = (
    "parameters",
    "speed",
    "memory",
    "precision",
    "recall",
    "measured",
    "published",
    "folds",
    _CONFIG,
    "p",
    "seeds",
    "training",
)


def show(report: Report | str | Path, console: Console | None = None) -> None:
    """Print question and answer, the table, the verdicts and where the report lies.

    Args:
        report: a report, or the folder of one.
        console: by default rich's own.

    Raises:
        DataError: there is no report in the folder.
    """
    loaded = report if isinstance(report, Report) else Report.load(report)
    (console or rich.get_console()).print(Screen(loaded))


def log(report: Report) -> None:
    """Show a report in the middle of a run, through Tango's own messages."""
    cli_logger.info(Message(Screen(report)))


class Screen:
    """What :func:`show` prints: a rich renderable that fits its table to the terminal."""

    def __init__(self, report: Report) -> None:
        self.report = report

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        report = self.report
        yield Text()
        yield Text(report.question, style="bold")
        yield Text(report.answer)
        yield Text(report.subject, style="dim")
        columns = self._columns(console, options)
        table = _draw(columns)
        if len(columns) < len(main_columns(report)):
            table.caption = "more columns in the report"
        yield table
        if report.published is not None and any(column.is_muted for column in columns):
            yield Text(report.published.sentence(report.variants), style="dim")
        for line in report.verdicts[1:] or report.verdicts:
            yield Text(f"• {line}")
        for note in report.notes:
            yield Text(f"• {note}", style="dim")
        if report.page is not None:
            # A path that is broken over two lines cannot be clicked.
            yield Text(f"report: {report.page}", style="cyan", no_wrap=True, overflow="ignore")
        yield Text()

    def _columns(self, console: Console, options: ConsoleOptions) -> tuple[Column, ...]:
        """As many as fit."""
        unbounded = options.update(width=10_000)
        columns = main_columns(self.report)
        left = _expendable(columns)
        while Measurement.get(console, unbounded, _draw(columns)).maximum > options.max_width:
            if not left:
                break
            dropped = left.pop(0)
            columns = tuple(column for column in columns if column.key != dropped)
        return columns


def _expendable(columns: Sequence[Column]) -> list[str]:
    """Keys in the order in which columns go; of the config's fields the last goes first."""
    keys = [column.key for column in columns]
    fields = [key for key in reversed(keys) if key.startswith(_CONFIG)]
    return [
        key
        for name in _EXPENDABLE
        for key in (fields if name == _CONFIG else [name])
        if key in keys
    ]


def _draw(columns: Sequence[Column]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(
            Text(column.header),
            justify="right" if column.is_number else "left",
            style="dim" if column.is_muted else "",
            overflow="fold",
        )
    for cells in zip(*(column.cells for column in columns), strict=True):
        table.add_row(*map(Text, cells))
    return table


class Message(str):
    """Drawn on rich's console; plain text for what knows no rich (files, other processes)."""

    _screen: ConsoleRenderable

    def __new__(cls, screen: ConsoleRenderable) -> Message:
        console = Console(file=io.StringIO(), width=_TEXT_WIDTH)
        with console.capture() as captured:
            console.print(screen)
        # Tango reads the messages of other processes as markup.
        message = super().__new__(cls, escape(captured.get()))
        message._screen = screen
        return message

    def __rich__(self) -> ConsoleRenderable:
        return self._screen
