"""The history file follows the records, and may fail without harm."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.training.history import History, read_history


def test_appends_and_continues(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "history.jsonl"
    history = History(path, [{"step": 1}])
    history.append({"step": 2, "loss": 0.5})
    history.append({"step": 3})
    assert (
        read_history(path)
        == history.records
        == [{"step": 1}, {"step": 2, "loss": 0.5}, {"step": 3}]
    )
    # A run that is resumed from an earlier checkpoint replaces the lines after it.
    assert read_history(path)[:1] == History(path, [{"step": 1}]).records == read_history(path)


def test_file_that_cannot_be_written(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("in the way")
    history = History(tmp_path / "file" / "history.jsonl")
    history.append({"step": 1})
    assert history.records == [{"step": 1}]
    assert caplog.text.count("training goes on") == 1


def test_in_memory_only() -> None:
    history = History(None)
    history.append({"step": 1})
    assert history.records == [{"step": 1}]
