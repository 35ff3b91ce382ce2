"""The trainer on one rank: it learns, keeps the best epoch, and says what is wrong."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.config import Lazy, read, realise
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.training import loop
from tango_ie.training.history import read_history
from tango_ie.training.progress import TrainingError
from tango_ie.training.randomness import seed_everything
from tango_ie.training.trainer import Trainer
from tests.training.tiny_model import (
    SCHEMA,
    TinyBatch,
    TinyEvaluation,
    TinyOutput,
    TinyTagger,
    make_sentences,
)


def make(**params: Any) -> Trainer:
    defaults = {"optimizer": {"learning_rate": 0.03}, "batching": {"token_budget": 64}}
    return Trainer.from_params(defaults | params)


def train(folder: Path, model: TinyTagger | None = None, dev: bool = True, **params: Any) -> Any:
    if model is None:
        seed_everything(0)
        model = TinyTagger(SCHEMA)
    evaluation = TinyEvaluation(make_sentences(30, seed=1)) if dev else None
    trainer = make(**params)
    return model, trainer.train(model, make_sentences(80), folder, 1, evaluation)


def test_learns_and_tells(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "_SECONDS_WORTH_KEEPING", float("inf"))  # on a busy machine, too
    model, result = train(tmp_path, epochs=8, monitoring={"log_every": 5})
    epochs = [record for record in result.history if "dev_accuracy" in record]
    assert len(epochs) == 8
    assert epochs[-1]["loss"] < 0.6 * epochs[0]["loss"]
    assert epochs[-1]["dev_accuracy"] > 0.8
    assert [record["step"] for record in result.history if record not in epochs][:2] == [5, 10]
    assert read_history(tmp_path / "history.jsonl") == result.history
    info = result.info
    assert info["best_score"] == max(record["dev_accuracy"] for record in epochs)
    assert info["best_metric"] == "accuracy"
    assert (
        info["num_parameters"]
        == info["num_trainable_parameters"]
        == sum(parameter.numel() for parameter in model.parameters())
    )
    assert (info["epochs"], info["seed"], info["device"]) == (8, 1, "cpu")
    assert (info["precision"], info["num_ranks"], info["resumed"]) == ("float32", 1, 0)
    assert info["sentences_per_second"] > 0 and info["train_seconds"] > 0
    assert not model.training
    assert int(model.steps_seen) == epochs[info["best_epoch"] - 1]["step"]
    assert not (tmp_path / "checkpoints").exists(), "too short for any"


def test_same_seed_same_weights(tmp_path: Path) -> None:
    states = []
    for name in ("a", "b"):
        torch.rand(3)  # the state of the generators must not matter
        model, _ = train(tmp_path / name, epochs=2)
        states.append(model.state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])


def test_best_epoch_is_kept(tmp_path: Path) -> None:
    class Worsening(TinyEvaluation):
        def __call__(self, model: Any) -> dict[str, float]:
            calls.append({k: v.clone() for k, v in model.state_dict().items()})
            return {"accuracy": [0.1, 0.9, 0.5, 0.4][len(calls) - 1], "error": 0.0}

    calls: list[dict[str, torch.Tensor]] = []
    seed_everything(0)
    model = TinyTagger(SCHEMA)
    trainer = make(epochs=9, early_stopping={"patience": 2})
    result = trainer.train(model, make_sentences(40), tmp_path, 0, Worsening(make_sentences(3)))
    assert (result.info["epochs"], result.info["best_epoch"]) == (4, 2)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, calls[1][name])


def test_max_steps_and_no_dev(tmp_path: Path) -> None:
    _, result = train(tmp_path, dev=False, max_steps=7, epochs=50)
    assert result.info["steps"] == 7
    assert result.info["best_score"] is None
    assert result.history[-1]["step"] == 7
    assert result.history[-1]["learning_rate"] < 0.2 * 0.03, "the schedule ends with training"


def test_loss_is_a_mean_over_units(tmp_path: Path) -> None:
    """The step must be the gradient of sum(loss) / sum(weight), as computed by hand."""
    seed_everything(0)
    model = TinyTagger(SCHEMA, dropout=0.0)
    by_hand = copy.deepcopy(model)
    sentences = make_sentences(3)
    params = {"gradient_clip": None, "schedule": {"type": "constant", "warmup": 0}}
    make(max_steps=1, **params).train(model, sentences, tmp_path, 0)
    output = by_hand(by_hand.collate(by_hand.encode(sentences)))
    (output.loss / output.loss_weight).backward()
    optimizer = torch.optim.AdamW(by_hand.parameters(), lr=0.03, weight_decay=0.0)
    optimizer.step()
    torch.testing.assert_close(model.head.bias, by_hand.head.bias)


def test_frozen_part_stays(tmp_path: Path) -> None:
    seed_everything(0)
    model = TinyTagger(SCHEMA)
    model.encoder.requires_grad_(False)
    before = copy.deepcopy(model.encoder.state_dict())
    _, result = train(tmp_path, model, epochs=2)
    assert result.info["num_trainable_parameters"] < result.info["num_parameters"]
    for name, tensor in model.encoder.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_bf16_keeps_float32_weights(tmp_path: Path) -> None:
    seen = set()

    class Watching(TinyTagger):
        def forward(self, batch: TinyBatch) -> TinyOutput:
            output = super().forward(batch)
            assert output.logits is not None
            seen.add(output.logits.dtype)
            return output

    seed_everything(0)
    model, result = train(tmp_path, Watching(SCHEMA), dev=False, epochs=1, precision="bf16")
    assert seen == {torch.bfloat16}
    assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}
    assert result.info["precision"] == "bf16"


def test_empty_and_endless_sentences(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="not one training sentence"):
        make().train(TinyTagger(SCHEMA), [], tmp_path, 0)
    seed_everything(0)
    result = make(epochs=1, batching={"token_budget": 2}).train(
        TinyTagger(SCHEMA), make_sentences(5), tmp_path, 0
    )
    assert result.info["steps"] == 5, "over-long sentences are trained on, one by one"


def test_loss_that_explodes(tmp_path: Path) -> None:
    class Exploding(TinyTagger):
        def forward(self, batch: TinyBatch) -> TinyOutput:
            output = super().forward(batch)
            assert output.loss is not None
            output.loss = output.loss * float("inf")
            return output

    with pytest.raises(TrainingError, match="lower the learning rate"):
        train(tmp_path, Exploding(SCHEMA), epochs=1)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"epochs": 0}, "epochs"),
        ({"max_steps": 0}, "max_steps"),
        ({"gradient_clip": 0}, "gradient_clip"),
        ({"precision": "fp16"}, "precision"),
        ({"optimiser": {}}, "optimizer"),
        ({"optimizer": {"lr": 1}}, "optimizer.lr"),
        ({"schedule": {"type": "linnear"}}, "linear"),
        ({"batching": {"token_budget": "many"}}, "batching.token_budget"),
        ({"monitoring": {"log_every": 0}}, "log_every"),
        ({"monitoring": {"checkpoint_seconds": -1}}, "checkpoint_seconds"),
    ],
)
def test_bad_settings(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        Trainer.from_params(params)


def test_defaults_spelled_out_are_the_same() -> None:
    def canonical(params: dict[str, Any]) -> dict[str, Any]:
        lazy: Lazy[Trainer] = realise(read(Lazy[Trainer], params))
        return lazy.params

    spelled = {"optimizer": {"type": "adamw", "groups": []}, "schedule": {"warmup": 0.1}}
    assert canonical({}) == canonical(spelled)
    assert canonical({})["type"] == "tango_ie::trainer"
    assert Trainer(epochs=3).optimizer == Trainer.from_params({"epochs": 3}).optimizer


def test_metric_is_checked_before_training(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no dev score 'f1'"):
        train(tmp_path, early_stopping={"metric": "f1"})


@pytest.mark.gpu
def test_on_gpu(tmp_path: Path) -> None:
    model, result = train(tmp_path, epochs=5, precision="auto")
    assert result.info["device"].startswith("cuda")
    assert next(model.parameters()).device.type == "cpu"
