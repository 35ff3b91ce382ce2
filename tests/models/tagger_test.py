"""The tagger: the contract for its variants, and what is its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, predict
from tango_ie.models import Model
from tango_ie.models.tagger import Tagger
from tests.models.model_contract import SENTENCES, ModelContract, fit

SCHEMA = Schema(entity_types=("LOC", "ORG", "PER"))


def tagger_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    return {"type": "tagger", "encoder": encoder, **params}


def build(folder: Path, schema: Schema = SCHEMA, **params: Any) -> Tagger:
    torch.manual_seed(0)
    model = Model.from_params(tagger_params(folder, **params), schema=schema)
    assert isinstance(model, Tagger)
    return model


class TestSoftmax(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return tagger_params(encoder_folder)


class TestCrf(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return tagger_params(encoder_folder, head="crf", scheme="bioes")


class TestMixOfMeans(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        encoder = {"layers": "mix", "pooling": "mean", "max_length": 20}
        return tagger_params(encoder_folder, scheme="bioes", encoder=encoder)


def test_frozen_encoder_stays_as_it_was(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, head="crf", encoder={"frozen": True})
    before = {name: weight.clone() for name, weight in model.encoder.state_dict().items()}
    losses = fit(model, SENTENCES, steps=20, rate=1e-2)
    assert losses[-1] < losses[0]
    for name, weight in model.encoder.state_dict().items():
        assert torch.equal(weight, before[name])


def test_both_heads_lose_alike_at_the_start(tiny_encoder: Path) -> None:
    losses = [
        fit(build(tiny_encoder, head=head), SENTENCES, steps=1, rate=0.0)[0]
        for head in ("softmax", "crf")
    ]
    # The CRF knows which sequences are legal, so it is a little better, per word too.
    assert 0.5 * losses[0] < losses[1] <= losses[0]


@pytest.mark.parametrize("scheme", ["iob2", "bioes"])
@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_an_untrained_model_decodes_only_what_is_legal(
    tiny_encoder: Path, head: str, scheme: str
) -> None:
    model = build(tiny_encoder, head=head, scheme=scheme).eval()
    with torch.no_grad():
        model.head.weight.normal_(std=3.0)
    sentences = [Sentence(tuple("abcdefghij"[: 1 + k % 10] * 3)) for k in range(40)]
    found = predict(model, sentences)
    assert sum(len(item.entities) for item in found) > 40
    for sentence, item in zip(sentences, found, strict=True):
        ends = [0]
        for entity in item.entities:
            assert ends[-1] <= entity.start < entity.end <= len(sentence)
            ends.append(entity.end)


def test_the_crf_gives_the_exact_posterior(tiny_encoder: Path) -> None:
    """Against the change of the log-partition when the field is forced through the span."""
    model = build(tiny_encoder, head="crf").eval()
    fit(model, SENTENCES, steps=10, rate=3e-3)
    crf, tags = model.crf, model.tag_set
    assert crf is not None
    with torch.no_grad():
        for weight in crf.parameters():
            weight.normal_()
        batch = model.collate(model.encode(SENTENCES[:1], with_gold=False))
        output = model(batch)
        (found,) = model.decode(batch, output)
        assert found.entities
        total = crf.log_partition(output.logits, batch.words.word_mask)
        for entity in found.entities:
            forced = output.logits.clone()
            begin, inner = (tags.tags.index(f"{prefix}-{entity.label}") for prefix in "BI")
            for place in range(entity.start, entity.end):
                own = begin if place == entity.start else inner
                forced[0, place, torch.arange(len(tags)) != own] = -1e9
            if entity.end < len(SENTENCES[0]):
                forced[0, entity.end, inner] = -1e9
            share = (crf.log_partition(forced, batch.words.word_mask) - total).exp().item()
            assert entity.score == pytest.approx(share, abs=1e-4)


NESTED = Sentence(
    ("a", "b", "c", "d", "e"),
    (
        Entity("ORG", 0, 3),
        Entity("LOC", 1, 2),
        Entity("PER", 0, 3),
        Entity("PER", 2, 4),
        Entity("ORG", 0, 3),
        Entity("LOC", 4, 5),
    ),
)


def test_entities_that_overlap(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    assert model.unrepresentable([NESTED, *SENTENCES, NESTED]) == {
        "crossing": 2,
        "nested": 2,
        "same_span": 2,
    }
    (features,) = model.encode([NESTED])
    assert [model.tag_set.tags[tag] for tag in features.tag_ids] == [
        "B-ORG",
        "I-ORG",
        "I-ORG",
        "O",
        "B-LOC",
    ]
    with pytest.raises(DataError, match=r"LOC \[1, 2\) overlaps .* 'a b c d e'.*strict = false"):
        build(tiny_encoder, strict=True).encode([NESTED])


@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_the_unit_of_the_loss_is_the_word(tiny_encoder: Path, head: str) -> None:
    model = build(tiny_encoder, head=head).eval()
    output = model(model.collate(model.encode(SENTENCES)))
    assert output.loss_weight.item() == sum(len(sentence) for sentence in SENTENCES)


def test_gold_is_optional_in_a_batch(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    output = model(model.collate(model.encode(SENTENCES, with_gold=False)))
    assert output.loss is None and output.loss_weight is None


@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_autocast(tiny_encoder: Path, head: str) -> None:
    model = build(tiny_encoder, head=head)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(model.collate(model.encode(SENTENCES)))
    assert output.logits.dtype == output.loss.dtype == torch.float32
    output.loss.backward()


def test_archives_from_before_the_field_became_a_part_of_the_head(
    tiny_encoder: Path, tmp_path: Path
) -> None:
    params = tagger_params(tiny_encoder, head="crf")
    model = build(tiny_encoder, head="crf")
    fit(model, SENTENCES, steps=5, rate=1e-2)
    archive = Archive.save(model, tmp_path, params, {})
    weights = load_file(tmp_path / "weights.safetensors")
    old = {name.replace("head.crf.", "crf."): weight for name, weight in weights.items()}
    assert old.keys() != weights.keys()
    save_file(old, tmp_path / "weights.safetensors")
    assert predict(archive.load(), SENTENCES) == predict(model, SENTENCES)


@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_adapt_moves_rows_and_transitions(tiny_encoder: Path, head: str) -> None:
    model = build(tiny_encoder, head=head)
    with torch.no_grad():
        for weight in (model.head.weight, model.head.bias, *(model.crf or model.head).parameters()):
            weight.normal_()
    old_tags, old_head, old_crf = model.tag_set.tags, model.head, model.crf
    torch.manual_seed(3)
    model.adapt(Schema(entity_types=("EVENT", "PER")))
    for tag in ("O", "B-PER", "I-PER"):
        here, there = model.tag_set.tags.index(tag), old_tags.index(tag)
        assert torch.equal(model.head.weight[here], old_head.weight[there])
        assert torch.equal(model.head.bias[here], old_head.bias[there])
        if model.crf is not None and old_crf is not None:
            outside = model.crf.transitions[here, 0], old_crf.transitions[there, 0]
            assert torch.equal(*outside)
            assert torch.equal(model.crf.starts[here], old_crf.starts[there])
    fresh = model.head.weight[model.tag_set.tags.index("B-EVENT")]
    assert 0 < fresh.abs().mean() < 0.1
    again = build(tiny_encoder, head=head)
    torch.manual_seed(3)
    again.adapt(Schema(entity_types=("EVENT", "PER")))
    assert torch.equal(again.head.weight[again.tag_set.tags.index("B-EVENT")], fresh)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"head": "softmaxx"}, r"head: expected .*did you mean 'softmax'"),
        ({"dropout": 1.0}, "dropout must lie in"),
        ({"heads": "crf"}, "no argument 'heads'"),
        ({"encoder": {"poling": "first"}}, r"encoder\.poling"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_a_schema_without_entities(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs entity types"):
        build(tiny_encoder, schema=Schema())
