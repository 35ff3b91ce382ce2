"""The transfer step: labels that both corpora have keep their weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from steps.transfer import Transfer
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive
from tango_ie.models import Model, Tagger

from .given_steps import GivenArchive, GivenCorpus
from .training_corpora import make_corpus, save_corpus


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    folder = tmp_path_factory.mktemp("given")
    first = make_corpus(("LOC", "PER"), {"train": 5})
    save_corpus(folder / "corpus", make_corpus(("ORG", "PER"), {"train": 40, "dev": 15}))
    params = {
        "type": "tango_ie::tagger",
        "encoder": {"type": "tango_ie::transformer", "model": str(tiny_encoder)},
    }
    torch.manual_seed(0)
    model: Model = Model.from_params(params, schema=first.schema)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.01)
    Archive.save(model, folder / "archive", params, {"seed": 7})
    return folder


def step(folder: Path, learning_rate: float, **arguments: Any) -> Transfer:
    trainer = {
        "epochs": 2,
        "optimizer": {"learning_rate": learning_rate},
        "hardware": {"device": "cpu"},
    }
    return Transfer(
        archive=GivenArchive(folder=str(folder / "archive")),
        corpus=GivenCorpus(folder=str(folder / "corpus")),
        trainer=trainer,
        **arguments,
    )


def rows(model: Tagger, label: str) -> torch.Tensor:
    return model.head.weight[[model.tag_set.tags.index(f"{mark}-{label}") for mark in "BI"]]


@pytest.mark.parametrize("reset_head", [False, True])
def test_what_is_kept(folder: Path, tmp_path: Path, reset_head: bool) -> None:
    before = Archive(folder / "archive").load()
    archive = step(folder, 0.0, reset_head=reset_head).result(TangoIEWorkspace(str(tmp_path)))
    assert isinstance(archive, Archive)
    after = archive.load()
    assert isinstance(before, Tagger) and isinstance(after, Tagger)
    assert archive.schema.entity_types == ("ORG", "PER")
    for name, tensor in before.encoder.state_dict().items():
        assert torch.equal(after.encoder.state_dict()[name], tensor)
    assert torch.equal(rows(before, "PER"), rows(after, "PER")) != reset_head
    assert archive.info["made_from"]["archive"] == {"seed": 7}


def test_trains_and_depends_on_the_seed(folder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    archives = [step(folder, 0.01, seed=seed).result(workspace) for seed in (1, 2)]
    heads = [archive.load().state_dict()["head.weight"] for archive in archives]
    assert not torch.equal(*heads)
    before = Archive(folder / "archive").load().state_dict()
    name = next(name for name in before if name.startswith("encoder") and "weight" in name)
    assert not torch.equal(archives[0].load().state_dict()[name], before[name])
    assert Corpus.load(folder / "corpus").fingerprint in str(archives[0].info["made_from"])
