"""Archives that keep thresholds: applied however they are loaded, and not trained further."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations
from tango_ie.inference import (
    AnnotationThresholds,
    Archive,
    ArchiveFormat,
    Predictor,
    ThresholdedModel,
    predict,
    save_with_thresholds,
)
from tango_ie.inference.thresholded import has_thresholds
from tango_ie.metrics import Thresholds
from tango_ie.models import Model
from tests.models.model_contract import SENTENCES, assert_same

INFO = {"seed": 3, "made_from": {"model": {"head": "crf"}}}


@pytest.fixture
def plain(trained: Model, tagger_params: dict[str, Any], tmp_path: Path) -> Archive:
    return Archive.save(trained, tmp_path / "plain", tagger_params, INFO)


@pytest.fixture
def found(plain: Archive) -> list[Annotations]:
    return predict(plain.load(), SENTENCES, "cpu")


@pytest.fixture
def thresholds(found: list[Annotations]) -> AnnotationThresholds:
    """Half of what is predicted is kept."""
    scores = sorted(entity.score or 0 for item in found for entity in item.entities)
    middle = (scores[len(scores) // 2 - 1] + scores[len(scores) // 2]) / 2
    return AnnotationThresholds(Thresholds(middle, {"ORG": 0.0}))


@pytest.fixture
def archive(plain: Archive, thresholds: AnnotationThresholds, tmp_path: Path) -> Archive:
    return save_with_thresholds(plain, thresholds, tmp_path / "tuned", {"split": "dev"})


def test_all_ways_of_loading_apply_them(
    archive: Archive,
    found: list[Annotations],
    thresholds: AnnotationThresholds,
    tmp_path: Path,
) -> None:
    expected = [thresholds.apply(item) for item in found]
    number = sum(len(item.entities) for item in expected)
    assert 0 < number < sum(len(item.entities) for item in found)
    copied = tmp_path / "copied"
    ArchiveFormat().write(archive, copied)
    archive.folder.rename(tmp_path / "moved")
    for again in (Archive(tmp_path / "moved"), ArchiveFormat().read(copied)):
        assert_same(predict(again.load(), SENTENCES, "cpu"), expected, tolerance=0)
        assert_same(Predictor(again, "cpu").predict_sentences(SENTENCES), expected, tolerance=0)
    words = [sentence.words for sentence in SENTENCES]
    assert_same(Predictor(again, "cpu").predict_words(words), expected, tolerance=0)


def test_the_archive_says_what_it_is(
    archive: Archive, plain: Archive, thresholds: AnnotationThresholds
) -> None:
    assert has_thresholds(archive) and not has_thresholds(plain)
    assert archive.schema == plain.schema
    assert archive.params["model"] == plain.params
    assert archive.info["seed"] == 3
    assert archive.info["thresholds"] == thresholds.to_json()
    assert archive.info["made_from"] == {**INFO["made_from"], "thresholds": {"split": "dev"}}
    assert str(archive.folder.parent) not in (archive.folder / "config.json").read_text()
    assert json.loads((archive.folder / "config.json").read_text())["model"]["relations"] is None


def test_weights_are_those_of_the_model(archive: Archive, plain: Archive) -> None:
    model = archive.load()
    assert isinstance(model, ThresholdedModel)
    for name, tensor in plain.load().state_dict().items():
        assert torch.equal(model.model.state_dict()[name], tensor)
    assert model.relation_types == ()
    assert model.unrepresentable(SENTENCES) == model.model.unrepresentable(SENTENCES)


def test_encoders_of_half_precision_leave_the_model_as_it_is(archive: Archive) -> None:
    model = archive.load()
    Predictor(model, "cpu", "bf16").predict_sentences(SENTENCES)
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_it_only_predicts(archive: Archive) -> None:
    model = archive.load()
    assert not model.training
    for refused in (model.train, lambda: model.adapt(model.schema)):
        with pytest.raises(ConfigurationError, match="a model with thresholds only predicts"):
            refused()
    assert not model.eval().training


def test_thresholds_on_thresholds_are_refused(
    archive: Archive, thresholds: AnnotationThresholds, tmp_path: Path
) -> None:
    with pytest.raises(ConfigurationError, match="archive: this model has thresholds already"):
        save_with_thresholds(archive, thresholds, tmp_path / "twice", {})
    assert not (tmp_path / "twice").exists()
