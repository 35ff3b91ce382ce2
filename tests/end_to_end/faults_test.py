"""`kill -9` of `tango run`, then the same command: the same weights as if nothing had happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

SENTENCES = "Mara B-PER\nLind I-PER\nin O\nGhent B-LOC\n\nOslo B-LOC\ngreets O\nIvo B-PER\n\n"
LIMIT = 120.0


@pytest.fixture
def command(repository: Path) -> Callable[[Path], subprocess.Popen[str]]:
    def start(folder: Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "tango", "run", "train.json"],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(repository), "OMP_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    return start


def prepare(folder: Path, repository: Path, encoder: Path) -> Path:
    """A corpus large enough to be caught in the middle, and a config."""
    folder.mkdir()
    (folder / "train.txt").write_text(SENTENCES * 4000, encoding="utf-8")
    (folder / "dev.txt").write_text(SENTENCES, encoding="utf-8")
    (folder / "tango.yml").write_bytes((repository / "tango.yml").read_bytes())
    columns = {"type": "tango_ie::column", "columns": ["word", "entities"]}
    files = {"train": "train.txt", "dev": "dev.txt"}
    convert = {"type": "tango_ie::convert_dataset", "reader": columns, "splits": files}
    transformer = {"type": "tango_ie::transformer", "model": str(encoder)}
    train = {
        "type": "tango_ie::finetune_heads",
        "model": {"type": "tango_ie::tagger", "encoder": transformer},
        "corpus": {"type": "ref", "ref": "convert"},
        "trainer": {"max_steps": 120, "monitoring": {"checkpoint_steps": 10}},
    }
    config = {"steps": {"convert": convert, "train": train}}
    (folder / "train.json").write_text(json.dumps(config), encoding="utf-8")
    return folder


def result(folder: Path, step: str, name: str) -> bytes:
    (found,) = (folder / "workspace" / "cache").glob(f"{step}-*/result/{name}")
    return found.read_bytes()


def wait_for(process: subprocess.Popen[str], sign: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT
    while not sign():
        assert process.poll() is None, process.communicate()[1]
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.005)


def test_killed_in_conversion_and_twice_in_training(
    tmp_path: Path,
    repository: Path,
    tiny_encoder: Path,
    command: Callable[[Path], subprocess.Popen[str]],
) -> None:
    quiet = prepare(tmp_path / "quiet", repository, tiny_encoder)
    killed = prepare(tmp_path / "killed", repository, tiny_encoder)
    undisturbed = command(quiet)
    cache = killed / "workspace" / "cache"

    def steps_at_least(count: int) -> Callable[[], bool]:
        return lambda: any(
            int(path.name.rpartition("-")[2]) >= count
            for path in cache.glob("FinetuneHeads-*/work/checkpoints/step-*")
        )

    signs: list[Callable[[], bool]] = [
        lambda: any(cache.glob("ConvertDataset-*/work")),
        steps_at_least(20),
        steps_at_least(60),
    ]
    for sign in signs:
        process = command(killed)
        wait_for(process, sign)
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert process.returncode == -signal.SIGKILL
    last = command(killed)
    for process in (undisturbed, last):
        errors = process.communicate(timeout=LIMIT)[1]
        assert process.returncode == 0, errors
        assert "Traceback" not in errors
    for step, name in (("ConvertDataset", "corpus.json"), ("FinetuneHeads", "weights.safetensors")):
        assert result(killed, step, name) == result(quiet, step, name)
    assert json.loads(result(killed, "FinetuneHeads", "info.json"))["resumed"] >= 1
    assert not list(cache.glob("*/work")), "checkpoints are deleted when the step succeeds"
