"""A report in the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import rich
from rich import box
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderResult
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text
from tango.common.logging import cli_logger

from tango_ie.reporting.report import Report
from tango_ie.reporting.tables import main_table

# What is shown on a screen is no result: a change here must not make a cached report stale.
AFFECTS_RESULTS = False

_TEXT_WIDTH = 180  # of messages that are plain text
# Columns that a narrow terminal does without, the least needed first: parameters, speed, precision,
# recall, p, seeds, training time.
_EXPENDABLE = (10, 9, 2, 3, 7, 1, 8)


def show(report: Report | str | Path, console: Console | None = None) -> None:
    """Print the table, the verdicts and where the report lies.

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
        yield Text(report.subject, style="bold")
        yield self._table(console, options)
        for line in report.verdicts[1:] or report.verdicts:
            yield Text(f"• {line}")
        for note in report.notes:
            yield Text(f"• {note}", style="dim")
        if report.page is not None:
            # A path that is broken over two lines cannot be clicked.
            yield Text(f"report: {report.page}", style="cyan", no_wrap=True, overflow="ignore")
        yield Text()

    def _table(self, console: Console, options: ConsoleOptions) -> Table:
        unbounded = options.update(width=10_000)
        for count in range(len(_EXPENDABLE) + 1):
            table = self._draw({*_EXPENDABLE[:count]})
            if Measurement.get(console, unbounded, table).maximum <= options.max_width:
                break
        if count:
            table.caption = "more columns in the report"
        return table

    def _draw(self, left_out: set[int]) -> Table:
        header, rows = main_table(self.report)
        kept = [place for place in range(len(header)) if place not in left_out]
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for place in kept:
            justify = "right" if place else "left"
            table.add_column(Text(header[place]), justify=justify, overflow="fold")  # type: ignore[arg-type]
        for row in rows:
            table.add_row(*(Text(row[place]) for place in kept))
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
