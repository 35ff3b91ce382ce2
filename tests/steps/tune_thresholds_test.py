"""The step that tunes thresholds, on a model with random weights."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from steps.finetune_heads import FinetuneHeads
from steps.predict import Predict
from steps.transfer import Transfer
from steps.tune_thresholds import TuneThresholds
from tango_ie.core import ConfigurationError
from tango_ie.core.fingerprint import source_closure
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive, Predictions, ThresholdedModel
from tango_ie.models import Model

from .given_steps import GivenArchive, GivenCorpus
from .training_corpora import make_corpus, save_corpus


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, tiny_encoder: Path) -> Path:
    folder = tmp_path_factory.mktemp("given")
    corpus = make_corpus(("LOC", "PER"), {"train": 5, "dev": 30, "test": 30})
    save_corpus(folder / "corpus", corpus)
    params = {
        "type": "tango_ie::tagger",
        "encoder": {"type": "tango_ie::transformer", "model": str(tiny_encoder)},
    }
    torch.manual_seed(0)
    model = Model.from_params(params, schema=corpus.schema)
    Archive.save(model, folder / "archive", params, {"seed": 7, "made_from": {"seed": 7}})
    return folder


def tuning(folder: Path, **arguments: object) -> TuneThresholds:
    return TuneThresholds(
        archive=GivenArchive(folder=str(folder / "archive")),
        corpus=GivenCorpus(folder=str(folder / "corpus")),
        **{"device": "cpu", **arguments},
    )


@pytest.mark.parametrize("per_label", [False, True])
def test_predictions_of_the_new_archive_are_those_that_are_kept(
    folder: Path, tmp_path: Path, per_label: bool
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    tuned = tuning(folder, per_label=per_label)
    corpus = GivenCorpus(folder=str(folder / "corpus"))
    given = GivenArchive(folder=str(folder / "archive"))
    before, after = (
        Predict(archive=archive, corpus=corpus, split="dev", device="cpu").result(workspace)
        for archive in (given, tuned)
    )
    archive = tuned.result(workspace)
    assert isinstance(archive, Archive)
    model = archive.load()
    assert isinstance(model, ThresholdedModel)
    assert isinstance(before, Predictions) and isinstance(after, Predictions)
    found = model.thresholds.entities
    assert found is not None
    assert found.after.f1 >= found.before.f1
    assert sum(len(item.entities) for item in after.annotations) == found.after.predicted
    assert found.after.predicted < found.before.predicted
    assert list(after.annotations) == [model.thresholds.apply(item) for item in before.annotations]
    assert archive.info["made_from"]["thresholds"]["per_label"] == per_label
    assert bool(found.per_label) == per_label
    assert after.info["archive"]["thresholds"]["entities"]["overall"] == found.overall
    assert after.info["entity_types"] == before.info["entity_types"] == ["LOC", "PER"]


@pytest.mark.parametrize("reset_head", [False, True])
def test_a_model_with_thresholds_is_not_trained_further(
    folder: Path, tmp_path: Path, reset_head: bool
) -> None:
    step = Transfer(
        archive=tuning(folder),
        corpus=GivenCorpus(folder=str(folder / "corpus")),
        trainer={"epochs": 1, "hardware": {"device": "cpu"}},
        reset_head=reset_head,
    )
    with pytest.raises(ConfigurationError, match="a model with thresholds only predicts"):
        step.result(TangoIEWorkspace(str(tmp_path)))


def test_thresholds_are_not_tuned_twice(folder: Path, tmp_path: Path) -> None:
    corpus = GivenCorpus(folder=str(folder / "corpus"))
    step = TuneThresholds(archive=tuning(folder), corpus=corpus, device="cpu")
    with pytest.raises(ConfigurationError, match="this model has thresholds already"):
        step.result(TangoIEWorkspace(str(tmp_path)))


def test_an_unknown_split_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no split 'dve'"):
        tuning(folder, split="dve").result(TangoIEWorkspace(str(tmp_path)))


def test_what_cannot_change_thresholds_is_not_in_the_id(folder: Path) -> None:
    unique_id = tuning(folder).unique_id
    assert tuning(folder, device="auto", token_budget=9).unique_id == unique_id
    assert tuning(folder, per_label=True).unique_id != unique_id
    assert tuning(folder, split="test").unique_id != unique_id


def test_thresholds_are_no_part_of_what_trains_a_model() -> None:
    for step in (FinetuneHeads, Transfer):
        assert not any("threshold" in name for name in source_closure(step))
