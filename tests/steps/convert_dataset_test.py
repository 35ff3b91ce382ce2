"""The conversion step: what enters its key, and that a kept corpus is what was read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tango.step import Step as TangoStep

from steps.convert_dataset import ConvertDataset
from tango_ie.core import ConfigurationError, DataError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data import Corpus, Entity

CLEAN = "Ada B-PER\nLind I-PER\nsings O\n\nOslo B-LOC\n"
BROKEN = "Ada I-PER\nsings O\n"


@pytest.fixture
def workspace(tmp_path: Path) -> TangoIEWorkspace:
    return TangoIEWorkspace(str(tmp_path / "workspace"))


def written(path: Path, text: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return str(path)


def convert_step(path: str, **changes: Any) -> ConvertDataset:
    config = {
        "type": "tango_ie::convert_dataset",
        "reader": {"type": "tango_ie::column", "columns": ["word", "entities"], "scheme": "iob2"},
        "splits": {"train": path},
        **changes,
    }
    step = TangoStep.from_params(config, step_name="convert")
    assert isinstance(step, ConvertDataset)
    return step


def test_a_corpus_in_the_workspace(tmp_path: Path, workspace: TangoIEWorkspace) -> None:
    step = convert_step(written(tmp_path / "a.txt", CLEAN), names={"PER": "person"})
    corpus = step.result(workspace)
    assert isinstance(corpus, Corpus)
    assert corpus["train"][0].entities == (Entity("PER", 0, 2),)
    assert corpus.schema.natural_name("PER") == "person"
    again = convert_step(str(tmp_path / "a.txt"), names={"PER": "person"})
    assert again in workspace.step_cache
    assert again.result(workspace).fingerprint == corpus.fingerprint


def test_the_key_follows_content_not_place(tmp_path: Path) -> None:
    first = convert_step(written(tmp_path / "a.txt", CLEAN)).unique_id
    assert convert_step(written(tmp_path / "moved" / "b.txt", CLEAN)).unique_id == first
    assert convert_step(written(tmp_path / "c.txt", CLEAN + "\n\nIvo B-PER\n")).unique_id != first


def test_repairs_are_kept_with_the_corpus_or_refused(
    tmp_path: Path, workspace: TangoIEWorkspace
) -> None:
    path = written(tmp_path / "broken.txt", BROKEN)
    assert "entities" in str(convert_step(path).result(workspace).statistics["train"])
    with pytest.raises(DataError, match=r"broken.txt.*1"):
        convert_step(path, strict=True).result(workspace)


def test_a_missing_file_is_named_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"steps\.convert\.splits\.train.*trian\.txt"):
        _ = convert_step(str(tmp_path / "trian.txt")).unique_id


def test_what_was_found_is_shown_once_with_a_page(
    tmp_path: Path, workspace: TangoIEWorkspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Corpus] = []
    monkeypatch.setattr("steps.convert_dataset.log_corpus", shown.append)
    step = convert_step(written(tmp_path / "a.txt", CLEAN))
    step.ensure_result(workspace)
    step.ensure_result(workspace)
    assert [corpus.folder for corpus in shown] == [workspace.step_dir(step) / "result"]
    assert (workspace.step_dir(step) / "result" / "corpus.html").is_file()
