"""A corpus in the terminal."""

from __future__ import annotations

from pathlib import Path

import rich
from rich import box
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text
from tango.common.logging import cli_logger

from tango_ie.data import Corpus
from tango_ie.reporting.corpus_page import PAGE
from tango_ie.reporting.corpus_tables import label_table, split_table
from tango_ie.reporting.corpus_wording import findings, subject
from tango_ie.reporting.terminal import Message

# What is shown on a screen is no result: a change here must not make a cached corpus stale.
AFFECTS_RESULTS = False

_MOST_LABELS = 8


def show_corpus(corpus: Corpus | str | Path, console: Console | None = None) -> None:
    """Print what is in a corpus, what to beware of, and where its page lies.

    Args:
        corpus: a corpus, or the folder of one, such as ``workspace/latest/convert/result``.
        console: by default rich's own.

    Raises:
        DataError: there is no corpus in the folder.
    """
    loaded = corpus if isinstance(corpus, Corpus) else Corpus.load(corpus)
    (console or rich.get_console()).print(CorpusScreen(loaded))


def log_corpus(corpus: Corpus) -> None:
    """Show a corpus in the middle of a run, through Tango's own messages."""
    cli_logger.info(Message(CorpusScreen(corpus)))


class CorpusScreen:
    """What :func:`show_corpus` prints: a rich renderable."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        corpus = self.corpus
        yield Text()
        yield Text(subject(corpus), style="bold")
        yield self._table()
        for line in findings(corpus):
            yield Text(f"• {line}")
        if corpus.folder is not None and (corpus.folder / PAGE).is_file():
            # A path that is broken over two lines cannot be clicked.
            path = corpus.folder / PAGE
            yield Text(f"page: {path}", style="cyan", no_wrap=True, overflow="ignore")
        yield Text()

    def _table(self) -> Table:
        header, rows = split_table(self.corpus)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
        for place, name in enumerate(header):
            justify = "right" if place else "left"
            table.add_column(Text(name), justify=justify, overflow="fold")  # type: ignore[arg-type]
        for row in rows:
            table.add_row(*map(Text, row))
        for key in ("entities", "relations"):
            self._add_labels(table, key)
        return table

    def _add_labels(self, table: Table, key: str) -> None:
        labels = label_table(self.corpus, key).rows
        if not labels:
            return
        table.add_section()
        for label, cells in labels[:_MOST_LABELS]:
            table.add_row(Text(label), *(Text(cell.text) for cell in cells))
        rest = len(labels) - _MOST_LABELS
        if rest > 0:
            table.add_row(Text(f"{rest:,} further types of {key}", style="dim"))
