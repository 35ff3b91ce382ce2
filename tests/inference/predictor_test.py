"""Prediction: order, batches, texts, devices."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.inference import Archive, Predictor, predict
from tango_ie.inference import predictor as predictor_module
from tango_ie.models import Model
from tests.models.model_contract import SENTENCES, assert_same

MANY = [
    replace(SENTENCES[place % 4], words=SENTENCES[place % 4].words + ("and",) * (place % 7))
    for place in range(50)
]


@pytest.mark.parametrize("budget", [1, 17, 64, 10_000])
def test_the_size_of_batches_changes_nothing(trained: Model, budget: int) -> None:
    expected = [predict(trained, [sentence])[0] for sentence in MANY]
    assert any(found.entities for found in expected)
    assert_same(predict(trained, MANY, token_budget=budget), expected, tolerance=1e-5)


def test_chunks_are_joined_in_order(trained: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = predict(trained, MANY)
    monkeypatch.setattr(predictor_module, "_CHUNK", 7)
    assert_same(predict(trained, iter(MANY)), expected, tolerance=1e-5)


def test_progress(trained: Model) -> None:
    done: list[int] = []
    Predictor(trained, token_budget=40).predict_sentences(MANY, on_progress=done.append)
    assert sum(done) == len(MANY) and len(done) > 3


def test_predictor(trained: Model, tagger_params: dict[str, Any], tmp_path: Path) -> None:
    archive = Archive.save(trained, tmp_path / "archive", tagger_params, {})
    predictor = Predictor(archive, device="cpu")
    found = predictor.predict_words([list(sentence.words) for sentence in SENTENCES])
    assert_same(found, predict(trained, SENTENCES), tolerance=0)
    text = "Ada Lovelace  met Babbage in London."
    sentence = predictor.predict_text(text)
    assert sentence.offsets is not None
    surfaces = {
        (
            entity.label,
            text[sentence.offsets[entity.start][0] : sentence.offsets[entity.end - 1][1]],
        )
        for entity in sentence.entities
    }
    assert surfaces == {("PER", "Ada Lovelace"), ("PER", "Babbage"), ("LOC", "London")}
    assert [item.words for item in predictor.predict_texts(["", "  \n "])] == [(), ()]


def test_weights_are_left_alone(trained: Model) -> None:
    before = {name: weight.clone() for name, weight in trained.state_dict().items()}
    predict(trained, SENTENCES, precision="bf16")
    for name, weight in trained.state_dict().items():
        assert weight.dtype == before[name].dtype and torch.equal(weight, before[name])


def test_training_goes_on_after_prediction(trained: Model) -> None:
    predict(trained, SENTENCES)
    output = trained(trained.collate(trained.encode(SENTENCES)))
    output.loss.backward()
    trained.zero_grad()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"device": "cuda:99"}, "this machine has [0-9]+ GPUs"),
        ({"device": "gpu"}, "is no device"),
        ({"token_budget": 0}, "at least 1"),
    ],
)
def test_arguments_that_cannot_work(
    trained: Model, arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        predict(trained, SENTENCES, **arguments)


def test_entities_of_words_are_not_gold(trained: Model) -> None:
    with_gold = [Sentence(("Paris",), (Entity("LOC", 0, 1),))]
    without = [Sentence(("Paris",))]
    assert_same(predict(trained, with_gold), predict(trained, without), tolerance=0)


@pytest.mark.gpu
def test_a_gpu_finds_the_same(
    tagger_params: dict[str, Any], trained: Model, tmp_path: Path
) -> None:
    archive = Archive.save(trained, tmp_path / "archive", tagger_params, {})
    expected = predict(archive.load(), MANY, device="cpu", precision="float32")
    assert_same(predict(archive.load(), MANY, device="cuda", precision="float32"), expected, 1e-3)
    rough = predict(archive.load(), MANY, device="cuda", precision="bf16")
    assert [set(item.entities) for item in rough] == [set(item.entities) for item in expected]
