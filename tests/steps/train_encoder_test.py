"""The train_encoder step: a better language model, which encoders and further steps use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from steps.finetune_heads import FinetuneHeads
from steps.train_encoder import TrainEncoder
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive
from tango_ie.modules.encoders import EncoderArchive

from .given_steps import GivenCorpus
from .training_corpora import make_corpus, save_corpus

TRAINER = {
    "epochs": 3,
    "optimizer": {"learning_rate": 0.01},
    "hardware": {"device": "cpu"},
    "monitoring": {"log_every": 2},
}


@pytest.fixture(scope="module")
def corpora(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("corpora")
    sizes = {"train": 80, "dev": 20}
    one = save_corpus(folder / "one", make_corpus(("LOC", "PER"), sizes))
    two = save_corpus(folder / "two", make_corpus(("ORG",), {"train": 30}, seed=1))
    return [one, two]


def step(corpora: list[str], encoder: Path, **arguments: Any) -> TrainEncoder:
    given = [GivenCorpus(folder=folder) for folder in corpora]
    corpus = given if len(given) > 1 else given[0]
    arguments = {"trainer": TRAINER, "max_length": 32, "model": str(encoder)} | arguments
    return TrainEncoder(corpus=corpus, **arguments)


def test_learns_and_is_used(corpora: list[str], tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    first = step(corpora, tiny_encoder, masking={"unit": "span"})
    encoder = first.result(workspace)
    assert isinstance(encoder, EncoderArchive)
    info = encoder.info
    assert info["new_head"] is True
    assert info["best_metric"] == "perplexity"
    assert len(info["dev_perplexity"]) == 3
    assert info["dev_perplexity"][-1] < info["dev_perplexity"][0] < 200
    assert len(info["loss_curve"]) > 3
    assert len(info["made_from"]["corpus_fingerprints"]) == 2
    assert (encoder.folder / "history.jsonl").exists()
    # The next step of this kind goes on with the head …
    second = step(corpora[:1], tiny_encoder, model=first, seed=1).result(workspace)
    assert second.info["new_head"] is False
    assert second.info["dev_perplexity"][0] < info["dev_perplexity"][0]
    # … and a tagger takes the encoder.
    tagger = FinetuneHeads(
        model={"type": "tagger", "encoder": {"type": "transformer", "model": first}},
        corpus=GivenCorpus(folder=corpora[0]),
        trainer={"epochs": 1, "optimizer": {"learning_rate": 0}, "hardware": {"device": "cpu"}},
    ).result(workspace)
    assert isinstance(tagger, Archive)
    trained = encoder.folder / "model.safetensors"
    assert _embeddings(trained, "bert.").equal(_embeddings(tagger.folder / "weights.safetensors"))


def _embeddings(file: Path, prefix: str = "encoder.transformer.") -> torch.Tensor:
    from safetensors.torch import load_file

    return load_file(file)[f"{prefix}embeddings.word_embeddings.weight"]


def test_same_seed_same_encoder(corpora: list[str], tiny_encoder: Path, tmp_path: Path) -> None:
    weights = []
    for folder in ("a", "b"):
        torch.rand(3)
        quick = step(corpora[:1], tiny_encoder, trainer=TRAINER | {"epochs": 1}, dev_split=None)
        encoder = quick.result(TangoIEWorkspace(str(tmp_path / folder)))
        weights.append((encoder.folder / "model.safetensors").read_bytes())
        assert encoder.info["dev_perplexity"] == []
    assert weights[0] == weights[1]


def test_bad_arguments(corpora: list[str], tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    with pytest.raises(ConfigurationError, match="no split 'trian', only dev, train"):
        step(corpora, tiny_encoder, train_splits=["trian"]).result(workspace)
    with pytest.raises(ConfigurationError, match=r"masking\.unit"):
        step(corpora, tiny_encoder, masking={"unit": "letter"})
    with pytest.raises(ConfigurationError, match="probability must lie"):
        step(corpora, tiny_encoder, masking={"probability": 2}).result(workspace)
