"""A pipeline of two models: predict, predicted_entities, predict, join_predictions, evaluate."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from steps.compare import Compare
from steps.evaluate import Evaluate
from steps.join_predictions import JoinPredictions
from steps.predict import Predict
from steps.predicted_entities import PredictedEntities
from tango_ie.core.errors import DataError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Archive
from tango_ie.models import Model
from tests.models.joint_contract import JOINT
from tests.models.model_contract import fit

from .given_steps import GivenArchive, GivenCorpus


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    """A corpus and two models that have learned it by heart."""
    folder = tmp_path_factory.mktemp("given")
    corpus = Corpus.from_sentences({"train": JOINT, "test": JOINT})
    corpus.save(folder / "corpus")
    for name in ("tagger", "relation_classifier"):
        encoder = {"type": "tango_ie::transformer", "model": str(tiny_encoder), "frozen": True}
        params = {"type": f"tango_ie::{name}", "encoder": encoder}
        torch.manual_seed(0)
        model = Model.from_params(params, schema=corpus.schema)
        fit(model, JOINT, steps=80, rate=2e-2)
        info = {"seed": 1, "num_parameters": 10, "num_trainable_parameters": 2}
        Archive.save(model, folder / name, params, {**info, "train_seconds": 1.5})
    return folder


def steps_of(folder: Path, **of_tagger: Any) -> dict[str, Any]:
    corpus = GivenCorpus(folder=str(folder / "corpus"))
    tagger, classifier = (
        GivenArchive(folder=str(folder / name)) for name in ("tagger", "relation_classifier")
    )
    entities = Predict(archive=tagger, corpus=corpus, device="cpu", **of_tagger)
    made = PredictedEntities(predictions=entities, corpus=corpus)
    relations = Predict(archive=classifier, corpus=made, device="cpu", **of_tagger)
    joined = JoinPredictions(entities=entities, relations=relations)
    return {"corpus": corpus, "entities": entities, "relations": relations, "joined": joined}


def test_scored_against_the_gold_of_the_original(folder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    built = steps_of(folder)
    scores = Evaluate(predictions=built["joined"], corpus=built["corpus"])
    found = scores.result(workspace)
    strict = found.by("relations strict")
    assert strict.total.gold == 6 and strict.total.ratios.f1 == 1.0
    assert found.total.ratios.f1 == 1.0 and found.total.gold == 9
    assert found.info["archive"]["train_seconds"] == 3.0
    report = Compare(
        variants={"pipeline": [scores]},
        corpus=built["corpus"],
        predictions={"pipeline": [built["joined"]]},
        rule="relations strict",
    ).result(workspace)
    assert "Babbage" in (report.folder / "report.html").read_text(encoding="utf-8")
    assert report.num_sentences == len(JOINT)
    assert report.variants[0].num_parameters == 20


def test_relations_alone_are_of_another_corpus(folder: Path, tmp_path: Path) -> None:
    """The predictions on predicted entities cannot be scored by mistake as if on gold's corpus."""
    built = steps_of(folder)
    step = Evaluate(predictions=built["relations"], corpus=built["corpus"])
    with pytest.raises(DataError, match="the predictions were made on corpus"):
        step.result(TangoIEWorkspace(str(tmp_path)))
