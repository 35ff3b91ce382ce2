"""The finetune_heads step: from a config to an archive that predicts."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch

from steps.finetune_heads import FinetuneHeads
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, predict
from tango_ie.metrics import entity_scores
from tango_ie.training.finetuning import TrainingData, finetune
from tango_ie.training.history import read_history

from .given_steps import GivenCorpus
from .training_corpora import make_corpus, save_corpus

SIZES = {"train": 60, "dev": 20, "test": 20}
TRAINER = {
    "epochs": 4,
    "optimizer": {
        "learning_rate": 0.02,
        "groups": [{"pattern": "^encoder\\.", "learning_rate": 0.002}],
    },
    "hardware": {"device": "cpu"},
}


@pytest.fixture(scope="module")
def corpus_folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return save_corpus(tmp_path_factory.mktemp("corpus") / "c", make_corpus(("LOC", "PER"), SIZES))


def step(
    corpus_folder: str, encoder: Path, frozen: bool = False, **arguments: Any
) -> FinetuneHeads:
    model = {
        "type": "tango_ie::tagger",
        "encoder": {"type": "transformer", "model": str(encoder), "frozen": frozen},
    }
    given = {"model": model, "trainer": TRAINER, "seed": 1, **arguments}
    return FinetuneHeads(corpus=GivenCorpus(folder=corpus_folder), **given)


def test_trains_and_archives(corpus_folder: str, tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    wanted = step(corpus_folder, tiny_encoder)
    archive = wanted.result(workspace)
    assert isinstance(archive, Archive)
    corpus = Corpus.load(corpus_folder)
    dev = corpus["dev"].sentences()
    found = predict(archive.load(), dev, "cpu")
    f1 = entity_scores([s.entities for s in dev], [a.entities for a in found])["f1"]
    info = archive.info
    assert f1 == pytest.approx(info["best_score"]) and f1 > 0.6
    assert info["best_metric"] == "entities_f1"
    assert info["seed"] == 1 and info["unrepresentable"] == {}
    assert info["made_from"]["corpus_fingerprint"] == corpus.fingerprint
    assert info["made_from"]["trainer"]["optimizer"]["weight_decay"] == 0.01
    history = read_history(archive.folder / "history.jsonl")
    assert max(line["dev_entities_f1"] for line in history) == info["best_score"]
    assert not (workspace.step_dir(wanted) / "work").exists(), "no checkpoints are left"


def test_frozen_encoder(corpus_folder: str, tiny_encoder: Path, tmp_path: Path) -> None:
    archive = step(corpus_folder, tiny_encoder, frozen=True, dev_split=None).result(
        TangoIEWorkspace(str(tmp_path))
    )
    assert archive.info["num_trainable_parameters"] < 300 < archive.info["num_parameters"]
    assert archive.info["best_score"] is None


def test_what_enters_the_id(corpus_folder: str, tiny_encoder: Path) -> None:
    unique_id = step(corpus_folder, tiny_encoder).unique_id
    elsewhere = {"device": "cpu", "num_ranks": 2}
    watched = {"log_every": 3, "checkpoint_seconds": 5, "callbacks": ["tensorboard"]}
    same = TRAINER | {"hardware": elsewhere, "monitoring": watched, "gradient_clip": 1}
    assert step(corpus_folder, tiny_encoder, trainer=same).unique_id == unique_id
    for change in ({"seed": 2}, {"dev_split": None}, {"trainer": TRAINER | {"epochs": 5}}):
        assert step(corpus_folder, tiny_encoder, **change).unique_id != unique_id


def test_bad_arguments(corpus_folder: str, tiny_encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"trainer.*epochs"):
        step(corpus_folder, tiny_encoder, trainer={"epoch": 5})
    with pytest.raises(ConfigurationError, match="no split 'dve'"):
        step(corpus_folder, tiny_encoder, dev_split="dve").result(TangoIEWorkspace(str(tmp_path)))


def test_seed_decides_and_a_finished_run_is_not_repeated(
    corpus_folder: str, tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built = step(corpus_folder, tiny_encoder, trainer=TRAINER | {"epochs": 1})
    from tango_ie.core.config import realise

    model, trainer = realise(built.nodes["model"]), realise(built.nodes["trainer"])
    data = TrainingData(Corpus.load(corpus_folder))
    weights = []
    for seed, folder in ((1, "a"), (1, "b"), (2, "c")):
        torch.rand(3)
        archive = finetune(model, data, trainer, seed, tmp_path / folder)
        weights.append((archive.folder / "weights.safetensors").read_bytes())
    assert weights[0] == weights[1] != weights[2]
    # Killed between training and the writing of the result: what lies there is taken …
    with monkeypatch.context() as patch:
        patch.setattr("tango_ie.training.trainer.Trainer.train", None)
        assert finetune(model, data, trainer, 1, tmp_path / "a").info["seed"] == 1
    # … but not for another seed.
    assert finetune(model, data, trainer, 2, tmp_path / "a").info["seed"] == 2
    shutil.rmtree(tmp_path / "a")


def test_an_oracle_changes_nothing_but_the_history(
    corpus_folder: str, tiny_encoder: Path, tmp_path: Path
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    plain, asked = (
        step(corpus_folder, tiny_encoder, frozen=True, **more)
        for more in ({}, {"oracle_split": "test"})
    )
    assert plain.unique_id != asked.unique_id
    archives = [one.result(workspace) for one in (plain, asked)]
    test = Corpus.load(corpus_folder)["test"].sentences()
    found = [predict(archive.load(), test, "cpu") for archive in archives]
    assert found[0] == found[1]
    weights = [archive.load().state_dict() for archive in archives]
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])
    histories = [read_history(archive.folder / "history.jsonl") for archive in archives]
    epochs = [[line for line in lines if "epoch_seconds" in line] for lines in histories]
    assert not any(name.startswith("oracle") for line in epochs[0] for name in line)
    for line, other in zip(*epochs, strict=True):
        assert line["loss"] == other["loss"] and line["dev_entities_f1"] == other["dev_entities_f1"]
    kept = archives[1].info["best_epoch"]
    f1 = entity_scores([s.entities for s in test], [a.entities for a in found[1]])["f1"]
    assert epochs[1][kept - 1]["oracle_strict"] == pytest.approx(f1)
    assert archives[1].info["made_from"]["oracle_split"] == "test"
    assert archives[1].info["best_metric"] == "entities_f1"
