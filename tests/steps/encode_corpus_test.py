"""The encode_corpus step, and trainings on top of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from steps.encode_corpus import EncodeCorpus
from steps.finetune_heads import FinetuneHeads
from steps.train_encoder import TrainEncoder
from steps.transfer import Transfer
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, predict
from tango_ie.modules.encoders import EncodedCorpus

from .given_steps import GivenCorpus
from .training_corpora import make_corpus, save_corpus

HARDWARE = {"hardware": {"device": "cpu", "num_ranks": 1}}
TRAINER = {"epochs": 3, "optimizer": {"learning_rate": 0.02}, "monitoring": {"log_every": 1}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    sizes = {"train": 60, "dev": 20}
    corpus = make_corpus(("LOC", "PER"), sizes)
    return save_corpus(tmp_path_factory.mktemp("corpus") / "corpus", corpus)


def finetune(corpus: str, encoder: dict[str, Any], **arguments: Any) -> FinetuneHeads:
    return FinetuneHeads(
        model={"type": "tagger", "head": "crf", "encoder": encoder},
        corpus=GivenCorpus(folder=corpus),
        trainer=TRAINER | HARDWARE | arguments,
    )


def history(archive: Archive) -> list[dict[str, Any]]:
    lines = (archive.folder / "history.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


@pytest.mark.parametrize("more", [{}, {"layers": "mix", "context": {"tokens": 6}}])
def test_the_same_scores_as_without(
    more: dict[str, Any], folder: str, tiny_encoder: Path, tmp_path: Path
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    encoder = {"type": "transformer", "model": str(tiny_encoder), "frozen": True, **more}
    encoding = EncodeCorpus(encoder=encoder, corpus=GivenCorpus(folder=folder))
    assert isinstance(encoding.result(workspace), EncodedCorpus)
    cached = {"type": "cached_features", "features": encoding}
    archives = [finetune(folder, item).result(workspace) for item in (encoder, cached)]
    curves = [history(archive) for archive in archives]
    assert len(curves[0]) == len(curves[1]) > 3
    for one, other in zip(*curves, strict=True):
        assert one.get("dev_entities_f1") == other.get("dev_entities_f1")
        assert one.get("loss") == pytest.approx(other.get("loss"), abs=1e-5)
    assert archives[0].info["best_score"] > 0.3
    for name in ("num_parameters", "num_trainable_parameters"):
        assert archives[0].info[name] == archives[1].info[name]
    # The archive has the encoder in files of the step that kept its vectors, and does not need it.
    weights = archives[1].folder / "encoder" / "weights.safetensors"
    assert weights.samefile(encoding.result(workspace).folder / "weights.safetensors")
    dev = Corpus.load(folder)["dev"].sentences()
    found = [predict(archives[0].load(), dev)]
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(archives[1].folder, elsewhere)
    shutil.rmtree(encoding.result(workspace).folder)
    found.append(predict(Archive(elsewhere).load(), dev))
    assert [item.entities for item in found[0]] == [item.entities for item in found[1]]
    further = Transfer(
        archive=finetune(folder, cached),
        corpus=GivenCorpus(folder=folder),
        trainer=TRAINER | HARDWARE | {"epochs": 1},
        reset_head=True,
    ).result(workspace)
    assert further.params == archives[1].params
    assert further.info["num_parameters"] == archives[0].info["num_parameters"]


def test_of_a_trained_encoder(folder: str, tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    trained = TrainEncoder(
        model=str(tiny_encoder),
        corpus=GivenCorpus(folder=folder),
        trainer={"epochs": 1} | HARDWARE,
        max_length=32,
    )
    encoding = EncodeCorpus(
        encoder={"type": "transformer", "model": trained, "frozen": True},
        corpus=GivenCorpus(folder=folder),
        splits=["dev"],
        dtype="float16",
    )
    result = encoding.result(workspace)
    assert result.info["splits"] == ["dev"] and result.info["dtype"] == "float16"


def test_what_cannot_change_vectors_is_not_in_the_key(folder: str, tiny_encoder: Path) -> None:
    def key(**arguments: Any) -> str:
        encoder = {"type": "transformer", "model": str(tiny_encoder), "frozen": True}
        step = EncodeCorpus(
            **{"encoder": encoder, "corpus": GivenCorpus(folder=folder), **arguments}
        )
        return step.unique_id

    assert key() == key(device="cpu", token_budget=7)
    assert key() != key(dtype="float16")


def test_bad_arguments(folder: str, tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    encoder = {"type": "transformer", "model": str(tiny_encoder)}
    corpus = GivenCorpus(folder=folder)
    with pytest.raises(ConfigurationError, match="set frozen to true"):
        EncodeCorpus(encoder=encoder, corpus=corpus).result(workspace)
    with pytest.raises(ConfigurationError, match="no split 'tset'"):
        EncodeCorpus(encoder=encoder | {"frozen": True}, corpus=corpus, splits=["tset"]).result(
            workspace
        )
    with pytest.raises(ConfigurationError, match=r"features: step .* gives Corpus"):
        finetune(folder, {"type": "cached_features", "features": corpus})
