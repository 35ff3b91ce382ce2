"""`tango run` as a user gives it: results, a second run from the cache, errors on screen."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAIN = """\
Mara B-PER
Lind I-PER
lives O
in O
Ghent B-LOC

Oslo B-LOC
greets O
Ivo B-PER

"""

SMOKE = """\
local corpora = import '{repository}/configs/lib/corpora.libsonnet';
local encoders = import '{repository}/configs/lib/encoders.libsonnet';
local experiment = import '{repository}/configs/lib/experiment.libsonnet';
local models = import '{repository}/configs/lib/models.libsonnet';
local training = import '{repository}/configs/lib/training.libsonnet';
local encoder = encoders.transformer('{encoder}');
experiment.ablation(
  corpora.columns({{ train: 'train.txt', dev: 'train.txt', test: 'train.txt' }}),
  [
    {{ name: 'softmax', model: models.tagger(encoder) }},
    {{ name: 'crf', model: models.tagger(encoder, head='crf') }},
  ],
  [1],
  training.fine_tuning(epochs=2, learning_rate=1e-3),
)
"""


class Project:
    """A folder of a user, who has installed the package and is in no repository."""

    def __init__(self, folder: Path, repository: Path, encoder: Path) -> None:
        self.folder = folder
        (folder / "train.txt").write_text(TRAIN * 8, encoding="utf-8")
        self.write("smoke.jsonnet", SMOKE.format(repository=repository, encoder=encoder))
        (folder / "tango.yml").write_text(
            (repository / "tango.yml").read_text(encoding="utf-8"), encoding="utf-8"
        )
        self.environment = {
            **os.environ,
            "PYTHONPATH": str(repository),
            "GIT_CEILING_DIRECTORIES": str(folder),
            "COLUMNS": "200",
        }

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(
        self, *arguments: str, folder: Path | None = None, command: str = "tango"
    ) -> subprocess.CompletedProcess[str]:
        return self.call(command, "run", *arguments, folder=folder)

    def call(
        self, command: str, *arguments: str, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", command, *arguments],
            cwd=folder or self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )


@pytest.fixture(scope="module")
def project(
    tmp_path_factory: pytest.TempPathFactory, repository: Path, tiny_encoder: Path
) -> Project:
    return Project(tmp_path_factory.mktemp("project"), repository, tiny_encoder)


@pytest.fixture(scope="module")
def first(project: Project) -> subprocess.CompletedProcess[str]:
    return project.run("smoke.jsonnet")


def screen(process: subprocess.CompletedProcess[str]) -> str:
    return process.stdout + process.stderr


def results(project: Project) -> list[Path]:
    """The results in the cache, without what is written at every look."""
    return sorted((project.folder / "workspace" / "cache").glob("*/result"))


def test_it_trains_and_compares(project: Project, first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0, screen(first)
    assert "Traceback" not in screen(first)
    assert len(results(project)) == 1 + 2 * 3 + 1
    report = project.folder / "workspace" / "latest" / "compare" / "result"
    table = (report / "table.md").read_text(encoding="utf-8")
    assert "softmax" in table
    assert "crf" in table
    assert set(json.loads((report / "results.json").read_text(encoding="utf-8"))) >= {"variants"}


def test_finished_runs_are_compared_with_their_sentences(
    project: Project, first: subprocess.CompletedProcess[str]
) -> None:
    assert first.returncode == 0, screen(first)
    done = project.call("tango_ie.cli", "compare", "--where", "head=crf", "--output", "again")
    assert done.returncode == 0, screen(done)
    page = (project.folder / "again" / "report.html").read_text(encoding="utf-8")
    assert "<h2>Examples</h2>" in page


def test_nothing_is_pickled(project: Project, first: subprocess.CompletedProcess[str]) -> None:
    assert first.returncode == 0, screen(first)
    files = [path for path in (project.folder / "workspace").rglob("*") if path.is_file()]
    assert not [path for path in files if path.suffix in (".pkl", ".pt", ".pth", ".bin", ".dill")]


def test_a_second_run_takes_everything_from_the_cache(
    project: Project, first: subprocess.CompletedProcess[str]
) -> None:
    assert first.returncode == 0, screen(first)
    before = {path: path.stat().st_mtime_ns for path in results(project)}
    again = project.run("smoke.jsonnet")
    assert again.returncode == 0, screen(again)
    assert "Starting step" not in screen(again)
    assert {path: path.stat().st_mtime_ns for path in results(project)} == before


def test_it_runs_from_a_subfolder(
    project: Project, first: subprocess.CompletedProcess[str]
) -> None:
    assert first.returncode == 0, screen(first)
    inner = project.folder / "inner"
    inner.mkdir()
    project.write(
        "inner/smoke.jsonnet",
        (project.folder / "smoke.jsonnet")
        .read_text(encoding="utf-8")
        .replace("'train.txt'", "'../train.txt'"),
    )
    before = results(project)
    again = project.run("smoke.jsonnet", folder=inner)
    assert again.returncode == 0, screen(again)
    assert "Starting step" not in screen(again)
    assert results(project) == before


TRAIN_STEP = {
    "type": "tango_ie::finetune_heads",
    "model": {
        "type": "tango_ie::tagger",
        "encoder": {"type": "tango_ie::transformer", "model": "x"},
    },
    "corpus": {"type": "ref", "ref": "convert"},
    "trainer": {},
}
CONVERT_STEP = {
    "type": "tango_ie::convert_dataset",
    "reader": {"type": "tango_ie::column", "columns": ["word", "entities"]},
    "splits": {"train": "train.txt"},
}
# What is wrong: change of the training step, where the message says it is, what it must mention.
MISTAKES = {
    "misspelt name": ({"type": "tango_ie::finetune_head"}, "steps.train.type", "finetune_heads"),
    "misspelt key": ({"sed": 1}, "steps.train.sed", "seed"),
    "wrong type": ({"seed": "one"}, "steps.train.seed", "whole number"),
    "missing value": (
        {"model": {"type": "tango_ie::tagger"}},
        "steps.train.model.encoder",
        "value",
    ),
    "misspelt part": ({"model": {"type": "tango_ie::taggr"}}, "steps.train.model.type", "tagger"),
    "unknown step": ({"corpus": {"type": "ref", "ref": "covert"}}, "steps.train.corpus", "convert"),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_gives_one_message_with_its_place(project: Project, mistake: str) -> None:
    change, place, hint = MISTAKES[mistake]
    steps = {"convert": CONVERT_STEP, "train": {**TRAIN_STEP, **change}}
    project.write("wrong.json", json.dumps({"steps": steps}))
    process = project.run("wrong.json")
    assert process.returncode != 0
    assert "Traceback" not in screen(process)
    assert place in screen(process)
    assert hint in screen(process)
    assert screen(process).count("error:") == 1


def test_an_unset_external_variable_is_said_plainly(project: Project, repository: Path) -> None:
    # Tango itself reads a config before any code of ours is loaded, and shows a traceback.
    config = repository / "configs" / "ner" / "conll2003.jsonnet"
    process = project.run(str(config), command="tango_ie.cli")
    assert process.returncode != 0
    assert "Traceback" not in screen(process)
    assert "CORPORA" in screen(process)
