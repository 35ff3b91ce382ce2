"""The transformer encoder with a tuning: in models, archives, transfer, and with its options."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tango_ie.core.config import Lazy, read, realise
from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive
from tango_ie.models import Model
from tango_ie.modules.encoders import Encoder, TransformerEncoder
from tango_ie.training.optimisation import AdamW, ParameterGroup
from tests.models.model_contract import SENTENCES, ModelContract, fit
from tests.modules.encoders.tiny_encoders import SENTENCES as WORDS
from tests.modules.encoders.tiny_encoders import as_sentences

Folder = Callable[[str], Path]
UNIPELT = {"type": "unipelt", "adapter": 8, "prefix": 4, "prefix_mid": 16, "lora": 4}
SCHEMA = Schema(entity_types=("LOC", "ORG", "PER"))


def tagger_params(folder: Path, tuning: Any, **encoder: Any) -> dict[str, Any]:
    given = {"type": "transformer", "model": str(folder), "tuning": tuning, **encoder}
    return {"type": "tagger", "encoder": given}


def build(folder: Path, tuning: Any = UNIPELT, **params: Any) -> TransformerEncoder:
    torch.manual_seed(0)
    encoder = Encoder.from_params(tagger_params(folder, tuning, **params)["encoder"])
    assert isinstance(encoder, TransformerEncoder)
    return stir(encoder.eval())


def stir(encoder: TransformerEncoder) -> TransformerEncoder:
    """Move the new weights away from where they start: LoRA's are zero there, with no gradient."""
    if encoder.tuning is not None:
        generator = torch.Generator().manual_seed(1)
        with torch.no_grad():
            for weight in encoder.tuning.parameters():
                weight.add_(torch.randn(weight.shape, generator=generator), alpha=0.1)
    return encoder


def run(encoder: TransformerEncoder, words: list[list[str]]) -> Tensor:
    with torch.no_grad():
        vectors: Tensor = encoder(encoder.collate(encoder.encode(as_sentences(words))))
    return vectors


class TunedContract(ModelContract):
    """The contract, from weights of which none is exactly zero."""

    tuning: dict[str, Any]

    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return tagger_params(encoder_folder, self.tuning, layers="mix")

    @pytest.fixture
    def model(self, lazy: Lazy[Model]) -> Model:
        torch.manual_seed(0)
        model: Any = lazy.construct(schema=Schema.from_sentences(self.sentences))
        stir(model.encoder)
        return model

    def test_the_loss_falls(self, model: Model) -> None:
        losses = fit(model, self.sentences, steps=30, rate=1e-2)  # few weights need more
        assert losses[-1] < 0.8 * losses[0]


class TestUnipelt(TunedContract):
    tuning = UNIPELT


class TestLora(TunedContract):
    tuning = {"type": "lora", "rank": 4, "alpha": 8.0}


@pytest.mark.parametrize("family", ["bert", "roberta", "xlm_roberta"])
def test_rows_do_not_depend_on_each_other(family: str, encoder_folder: Folder) -> None:
    encoder = build(encoder_folder(family), max_length=12, window_overlap=4)
    sentences = [*WORDS, [word for words in WORDS for word in words] * 2]
    together = run(encoder, sentences)
    for row, words in zip(together, sentences, strict=True):
        assert torch.allclose(row[: len(words)], run(encoder, [words])[0], atol=1e-5)


def test_gates_look_at_words_alone(encoder_folder: Folder) -> None:
    encoder = build(encoder_folder("bert"))
    batch = encoder.collate(encoder.encode(as_sentences(WORDS)))
    words = encoder.context_words(batch.attention_mask)
    special = {*encoder.tokenizer.prefix, *encoder.tokenizer.suffix, encoder.tokenizer.pad_id}
    for ids, row in zip(batch.input_ids.tolist(), words.tolist(), strict=True):
        seen = {piece for piece, is_word in zip(ids, row, strict=True) if is_word}
        assert not seen & special or seen == {*encoder.tokenizer.prefix, *encoder.tokenizer.suffix}


def test_the_base_stays_and_dropout_goes_on(tiny_encoder: Path) -> None:
    model: Any = realise(read(Lazy[Model], tagger_params(tiny_encoder, UNIPELT))).construct(
        schema=SCHEMA
    )
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    losses = fit(model, SENTENCES, steps=20, rate=1e-2)
    assert losses[-1] < losses[0]
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, before[name]) == name.startswith("encoder.transformer"), name
    encoder = model.train().encoder
    batch = encoder.collate(encoder.encode(SENTENCES))
    assert encoder.transformer.training
    assert not torch.equal(encoder(batch), encoder(batch))


def test_training_in_bf16(tiny_encoder: Path) -> None:
    encoder = build(tiny_encoder).train()
    with torch.autocast("cpu", torch.bfloat16):
        vectors = encoder(encoder.collate(encoder.encode(SENTENCES)))
    assert vectors.dtype == torch.float32
    vectors.square().sum().backward()
    for name, weight in encoder.named_parameters():
        if weight.requires_grad:
            assert weight.grad is not None and weight.grad.dtype == torch.float32, name
            assert weight.grad.isfinite().all(), name


def test_layers_that_are_not_built_are_not_tuned(encoder_folder: Folder) -> None:
    whole, lower = (build(encoder_folder("bert"), layers=layers) for layers in ("last", 1))
    assert whole.tuning is not None and lower.tuning is not None
    assert 2 * lower.tuning.counts()["lora"] == whole.tuning.counts()["lora"]


def test_it_says_what_is_trained(encoder_folder: Folder, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        encoder = build(encoder_folder("bert"), {"type": "adapter", "size": 5, "gate": True})
    assert encoder.tuning is not None
    whole = sum(weight.numel() for weight in encoder.transformer.parameters())
    assert f"trains 396 weights beside the encoder's {whole:,}" in caplog.text
    assert "adapter 362, gates 34" in caplog.text
    trained = sum(weight.numel() for weight in encoder.parameters() if weight.requires_grad)
    assert trained == 396 == 2 * (2 * 16 * 5 + 5 + 16 + 17)


def test_groups_of_the_optimiser(tiny_encoder: Path) -> None:
    model: Any = Model.from_params(tagger_params(tiny_encoder, UNIPELT), schema=SCHEMA)
    rates = (ParameterGroup(r"^encoder\.", learning_rate=0.5),)
    groups = AdamW(learning_rate=0.1, groups=rates).build(model).param_groups
    tuned = {id(weight) for weight in model.encoder.tuning.parameters()}
    found = {id(weight) for group in groups if group["lr"] == 0.5 for weight in group["params"]}
    assert found == tuned
    rest = {id(weight) for group in groups if group["lr"] == 0.1 for weight in group["params"]}
    assert rest == {id(weight) for weight in model.head.parameters()}
    only = (ParameterGroup(r"^encoder\.tuning\.lora\.", learning_rate=0.3),)
    groups = AdamW(groups=only).build(model).param_groups
    assert sum(len(group["params"]) for group in groups if group["lr"] == 0.3) == 16


@pytest.mark.parametrize("tuning", [UNIPELT, {"type": "prefix", "length": 2}])
def test_archived(tuning: dict[str, Any], tiny_encoder: Path, tmp_path: Path) -> None:
    lazy = realise(read(Lazy[Model], tagger_params(tiny_encoder, tuning)))
    model: Any = lazy.construct(schema=SCHEMA).eval()
    stir(model.encoder)
    archive = Archive.save(model, tmp_path / "archive", lazy.params, {})
    assert "tango_ie_prefixed" not in (archive.folder / "encoder" / "config.json").read_text()
    again: Any = archive.load()
    batch = model.collate(model.encode(SENTENCES))
    with torch.inference_mode():
        assert torch.equal(again(batch).logits, model(batch).logits)
    # Trained further, as `transfer` does, it is still tuned.
    again.adapt(Schema(entity_types=("LOC", "WORK")))
    assert {
        name.split(".")[1]
        for name, weight in again.named_parameters()
        if name.startswith("encoder.") and weight.requires_grad
    } == {"tuning"}
    second = Archive.save(again, tmp_path / "second", archive.params, {}).load()
    sentences = [Sentence(("Paris", "is", "here"))]
    with torch.inference_mode():
        one, other = (item(item.collate(item.encode(sentences))) for item in (again, second))
    assert torch.equal(one.logits, other.logits)


def test_an_untuned_encoder_says_so(encoder_folder: Folder, tmp_path: Path) -> None:
    encoder = build(encoder_folder("bert"), None)
    assert encoder.tuning is None
    assert encoder.archived_params(tmp_path / "encoder")["tuning"] is None
    assert all(weight.requires_grad for weight in encoder.parameters())


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"frozen": True}, "frozen: .* leave one of them away"),
        ({"tuning": {"type": "unipelt", "lora": 0}}, "lora: must be at least 1"),
        ({"tuning": {"type": "unipelts"}}, "unipelt"),
    ],
)
def test_what_cannot_be(params: dict[str, Any], message: str, encoder_folder: Folder) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(encoder_folder("bert"), params.pop("tuning", UNIPELT), **params)


def test_deberta_takes_adapters_alone(encoder_folder: Folder) -> None:
    with pytest.raises(ConfigurationError, match="tuning: DebertaV2Model"):
        build(encoder_folder("deberta"))
    encoder = build(encoder_folder("deberta"), {"type": "adapter", "gate": True})
    assert run(encoder, WORDS).isfinite().all()
