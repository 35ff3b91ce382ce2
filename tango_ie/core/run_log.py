"""The log of a run, kept beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from tango.common.logging import TANGO_CONSOLE_WIDTH, CliFilter, RichHandler, insert_handlers

_WIDTH = 160


@contextmanager
def capture_logs(path: Path) -> Iterator[None]:
    """Append everything that is logged meanwhile to the file ``path``.

    Tango's own handler empties the file first, which loses the log of an earlier start.
    """
    with path.open("a", encoding="utf-8") as stream:
        console = Console(
            color_system=None,
            file=stream,
            force_terminal=False,
            width=TANGO_CONSOLE_WIDTH or _WIDTH,
        )
        handlers = []
        for is_cli_handler in (True, False):
            handler = RichHandler(console=console, markup=is_cli_handler)
            handler.addFilter(CliFilter(filter_out=not is_cli_handler))
            handlers.append(handler)
        with insert_handlers(*handlers):
            yield
