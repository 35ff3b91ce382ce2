"""A corpus on the screen."""

from __future__ import annotations

import io
import logging
from pathlib import Path

import pytest
from rich.console import Console
from tango.common.logging import cli_logger

from tango_ie.core.errors import DataError
from tango_ie.data import Corpus
from tango_ie.reporting import ReportedCorpusFormat, show_corpus
from tango_ie.reporting.corpus_terminal import log_corpus

from .corpora import small_corpus, wide_corpus


def screen(corpus: Corpus | Path, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width)
    show_corpus(corpus, console)
    text: str = console.file.getvalue()  # type: ignore[attr-defined]
    return text


def test_a_written_corpus_is_shown_with_its_page(tmp_path: Path) -> None:
    ReportedCorpusFormat().write(small_corpus(), tmp_path)
    text = screen(tmp_path)
    lines = [" ".join(line.split()) for line in text.splitlines()]
    for line in (
        "5 sentences in 2 splits with 7 entities of 3 types and 5 relations of 3 types",
        "sentences 3 2",
        "PER 2 2",
        "<LOC> 0 1",
        "• 1 of 2 sentences of test (50.0 %) occur word for word in train",
        "• 1 entity type of test does not occur in train: <LOC> (1)",
        "• 1,234 × I <without> B",
        f"page: {tmp_path / 'corpus.html'}",
    ):
        assert line in lines


def test_a_corpus_in_memory_has_no_page() -> None:
    assert "page:" not in screen(small_corpus())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_many_types_are_cut_and_lines_fit(width: int) -> None:
    lines = screen(wide_corpus(216), width).splitlines()
    assert sum("further types" in line for line in lines) == 2
    assert len(lines) < 60
    assert all(len(line) <= width for line in lines)


def test_a_folder_without_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"corpus\.json"):
        show_corpus(tmp_path)


def test_in_a_log(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(cli_logger, "handlers", [logging.StreamHandler(stream)])
    monkeypatch.setattr(cli_logger, "disabled", False)
    monkeypatch.setattr(cli_logger, "isEnabledFor", lambda level: level >= logging.INFO)
    log_corpus(small_corpus())
    assert "• 1,234 × I <without> B" in stream.getvalue()
