"""The predict step on a model with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from steps.encode_corpus import EncodeCorpus
from steps.predict import Predict
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive, Predictions, predict
from tango_ie.models import Model

from .given_steps import GivenArchive, GivenCorpus

INFO = {"seed": 3, "train_seconds": 1.5}
SENTENCES = {
    "train": [Sentence(("ada", "wrote"), (Entity("PER", 0, 1),))],
    "test": [
        Sentence(("in", "ghent"), (Entity("LOC", 1, 2),)),
        Sentence(("ada",)),
        Sentence(("the", "bank", "of", "ghent"), (Entity("ORG", 1, 4), Entity("LOC", 3, 4))),
    ],
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """A corpus and an archive whose model has never seen ORG."""
    folder = tmp_path_factory.mktemp("given")
    corpus = Corpus.from_sentences(SENTENCES)
    corpus.save(folder / "corpus")
    params = {
        "type": "tango_ie::tagger",
        "encoder": {"type": "tango_ie::transformer", "model": str(tiny_encoder)},
    }
    torch.manual_seed(0)
    schema = Corpus.from_sentences({"train": SENTENCES["test"][:1] + SENTENCES["train"]}).schema
    Archive.save(Model.from_params(params, schema=schema), folder / "archive", params, INFO)
    return folder


def step(folder: Path, **arguments: object) -> Predict:
    return Predict(
        archive=GivenArchive(folder=str(folder / "archive")),
        corpus=GivenCorpus(folder=str(folder / "corpus")),
        **{"device": "cpu", **arguments},
    )


def test_predictions_and_all_that_a_report_needs(folder: Path, tmp_path: Path) -> None:
    found = step(folder).result(TangoIEWorkspace(str(tmp_path)))
    assert isinstance(found, Predictions)
    model = Archive(folder / "archive").load()
    assert list(found.annotations) == predict(model, SENTENCES["test"], "cpu")
    info = dict(found.info)
    assert info.pop("seconds") > 0
    assert info.pop("sentences_per_second") > 0
    assert info == {
        "archive": INFO,
        "history": None,
        "entity_types": ["LOC", "PER"],
        "relation_types": [],
        "unrepresentable": {"nested": 1},
        "split": "test",
        "corpus_fingerprint": Corpus.from_sentences(SENTENCES).fingerprint,
        "sentences": 3,
        "device": "cpu",
        "precision": "float32",
    }


def test_from_the_features_of_a_frozen_encoder(
    folder: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    encoder = {"type": "tango_ie::transformer", "model": str(tiny_encoder), "frozen": True}
    params = {"type": "tango_ie::tagger", "encoder": encoder}
    torch.manual_seed(0)
    schema = Corpus.from_sentences(SENTENCES).schema
    Archive.save(Model.from_params(params, schema=schema), tmp_path / "archive", params, INFO)
    corpus = GivenCorpus(folder=str(folder / "corpus"))
    features = EncodeCorpus(encoder=encoder, corpus=corpus, splits=["test"], device="cpu")
    given = {"archive": GivenArchive(folder=str(tmp_path / "archive")), "device": "cpu"}
    plain, kept = (
        Predict(**given, corpus=corpus, **more).result(workspace)
        for more in ({}, {"features": features})
    )
    assert any(item.entities for item in plain.annotations)
    # What is compared of an entity is label and span.
    assert [item.entities for item in kept.annotations] == [
        item.entities for item in plain.annotations
    ]
    assert kept.info["kept_features"] is True and kept.info["sentences_per_second"] is None
    assert kept.info["sentences"] == 3 and "kept_features" not in plain.info
    with pytest.raises(ConfigurationError, match="not the vectors of an encoder of this model"):
        step(folder, features=features).result(workspace)


def test_an_unknown_split_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"no split 'tset'.* did you mean 'test'"):
        step(folder, split="tset").result(TangoIEWorkspace(str(tmp_path)))


def test_what_cannot_change_predictions_is_not_in_the_id(folder: Path) -> None:
    unique_id = step(folder).unique_id
    assert step(folder, device="auto", token_budget=7).unique_id == unique_id
    assert step(folder, split="train").unique_id != unique_id
    assert step(folder, precision="bf16").unique_id != unique_id
