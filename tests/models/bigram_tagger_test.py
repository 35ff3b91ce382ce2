"""CNNBiF: the contract for its arms, the loss against a loop, and the tagger that it contains."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import predict
from tango_ie.models import BigramTagger, Model
from tango_ie.models.tagger import Tagger
from tests.models.model_contract import SENTENCES, ModelContract, assert_micro_batches_add_up, fit

SCHEMA = Schema(entity_types=("LOC", "ORG", "PER"))
NO_LINK = {"weight": 0.0}


def bigram_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    return {"type": "bigram_tagger", "encoder": encoder, **params}


def build(folder: Path, **params: Any) -> BigramTagger:
    torch.manual_seed(0)
    model = Model.from_params(bigram_params(folder, **params), schema=SCHEMA)
    assert isinstance(model, BigramTagger)
    return model


class TestObjective(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return bigram_params(encoder_folder)


class TestFusedCrf(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        link = {"weight": 0.3, "positive": "group", "positive_weight": 2.0}
        return bigram_params(encoder_folder, head="crf", fuse=True, link=link, bigram_size=8)


class TestConcat(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return bigram_params(encoder_folder, features="concat", scheme="bioes")


@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_without_objective_and_fusion_it_is_the_tagger(tiny_encoder: Path, head: str) -> None:
    """The same weights, the same draws of dropout, the same losses."""
    losses, weights, draws = [], [], []
    for params in (
        bigram_params(tiny_encoder, head=head, link=NO_LINK),
        bigram_params(tiny_encoder, head=head) | {"type": "tagger"},
    ):
        torch.manual_seed(0)
        model = Model.from_params(params, schema=SCHEMA)
        model.train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
        batch = model.collate(model.encode(SENTENCES))
        for _ in range(3):
            optimiser.zero_grad()
            output = model(batch)
            output.loss.backward()
            optimiser.step()
            losses.append(output.loss.item())
        weights.append(model.state_dict())
        draws.append(torch.rand(()))
    assert losses[:3] == losses[3:] and draws[0] == draws[1]
    assert list(weights[0]) == list(weights[1])
    assert all(torch.equal(weights[0][name], weights[1][name]) for name in weights[0])


def test_the_objective_leaves_the_tagger_s_start_alone(tiny_encoder: Path) -> None:
    linked, plain = build(tiny_encoder), build(tiny_encoder, link=NO_LINK)
    assert isinstance(linked, Tagger)
    for name, weight in plain.state_dict().items():
        assert torch.equal(weight, linked.state_dict()[name])
    assert predict(linked, SENTENCES) == predict(plain, SENTENCES)


@pytest.mark.parametrize("fuse", [False, True])
def test_the_loss_against_a_loop(tiny_encoder: Path, fuse: bool) -> None:
    """Sentence by sentence, bigram by bigram, from the words' vectors."""
    model = build(tiny_encoder, fuse=fuse, link={"weight": 0.7, "positive_weight": 3.0}).eval()
    convolution, link = model.bigrams.convolution, model.link_head.linear
    with torch.no_grad():
        for weight in (*model.head.parameters(), *link.parameters(), *convolution.parameters()):
            weight.normal_(std=0.2)
        expected = 0.0
        for sentence in SENTENCES:
            batch = model.collate(model.encode([sentence]))
            words = model.encoder(batch.words)[0]  # (T, H)
            bigrams = [
                (convolution.weight[..., 0] @ one + convolution.weight[..., 1] @ two)
                .add(convolution.bias)
                .relu()
                for one, two in zip(words[:-1], words[1:], strict=True)  # noqa: RUF007
            ]
            nothing = torch.zeros(model.bigrams.output_size)
            padded = [nothing, *bigrams, nothing]
            for place, (word, tag) in enumerate(zip(words, batch.tag_ids[0], strict=True)):
                beside = [padded[place], padded[place + 1]] if fuse else []
                scores = model.head.weight @ torch.cat([word, *beside]) + model.head.bias
                expected -= scores.log_softmax(0)[tag].item()
            for place, bigram in enumerate(bigrams):
                linked = any(
                    entity.start <= place and place + 1 < entity.end for entity in sentence.entities
                )
                scores = link.weight @ bigram + link.bias
                share = scores.log_softmax(0)[int(linked)].item()
                expected -= 0.7 * (3.0 if linked else 1.0) * share
        output = model(model.collate(model.encode(SENTENCES)))
    assert output.loss.item() == pytest.approx(expected, rel=1e-5)
    assert output.loss_weight.item() == sum(len(sentence) for sentence in SENTENCES)


@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_the_gradient_of_a_batch_is_the_sum_of_its_parts(tiny_encoder: Path, head: str) -> None:
    """With sentences of one word among them, which have no bigrams."""
    model = build(tiny_encoder, head=head, fuse=True, link={"positive_weight": 2.0}).eval()
    assert_micro_batches_add_up(model, SENTENCES)


@pytest.mark.parametrize("features", ["cnn", "concat"])
def test_one_word_has_no_objective(tiny_encoder: Path, features: str) -> None:
    linked, plain = build(tiny_encoder, features=features), build(tiny_encoder, link=NO_LINK)
    losses = [
        model.eval()(model.collate(model.encode(SENTENCES[3:]))).loss.item()
        for model in (linked, plain)
    ]
    assert losses[0] == losses[1]


NESTED = Sentence(
    ("a", "b", "c", "d"), (Entity("ORG", 0, 2), Entity("LOC", 0, 1), Entity("PER", 1, 3))
)


def test_entities_that_tags_cannot_hold_have_no_links(tiny_encoder: Path) -> None:
    model = build(tiny_encoder).eval()
    kept = replace(NESTED, entities=NESTED.entities[:1])
    losses = [model(model.collate(model.encode([one]))).loss.item() for one in (NESTED, kept)]
    assert losses[0] == losses[1]
    assert model.unrepresentable([NESTED]) == {"crossing": 1, "nested": 1}


@pytest.mark.parametrize(("fuse", "runs"), [(False, 0), (True, 1)])
def test_what_runs_at_prediction(tiny_encoder: Path, fuse: bool, runs: int) -> None:
    model = build(tiny_encoder, fuse=fuse)
    calls: list[str] = []
    model.bigrams.register_forward_hook(lambda *_: calls.append("bigrams"))
    model.link_head.register_forward_hook(lambda *_: calls.append("link"))
    predict(model, SENTENCES)
    assert calls == ["bigrams"] * runs
    model(model.collate(model.encode(SENTENCES)))
    assert calls[runs:] == ["bigrams", "link"]


@pytest.mark.parametrize(
    ("params", "has_bigrams", "has_link", "width"),
    [
        ({}, True, True, 32),
        ({"fuse": True}, True, True, 96),
        ({"fuse": True, "bigram_size": 5}, True, True, 42),
        ({"fuse": True, "link": NO_LINK}, True, False, 96),
        ({"features": "concat"}, True, True, 32),
        ({"link": NO_LINK}, False, False, 32),
    ],
)
def test_an_arm_has_only_what_it_needs(
    tiny_encoder: Path, params: dict[str, Any], has_bigrams: bool, has_link: bool, width: int
) -> None:
    model = build(tiny_encoder, **params)
    assert (model.bigrams is not None, model.link_head is not None) == (has_bigrams, has_link)
    assert model.head.in_features == width


def test_autocast(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, fuse=True)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(model.collate(model.encode(SENTENCES)))
    assert output.logits.dtype == output.loss.dtype == torch.float32
    output.loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_adapting_keeps_the_objective(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, fuse=True)
    fit(model, SENTENCES, steps=3, rate=1e-2)
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    old_tags = model.tag_set.tags
    model.adapt(Schema(entity_types=("EVENT", "PER")))
    for name, weight in model.state_dict().items():
        if not name.startswith("head."):
            assert torch.equal(weight, before[name])
    here, there = model.tag_set.tags.index("I-PER"), old_tags.index("I-PER")
    assert torch.equal(model.head.weight[here], before["head.weight"][there])
    assert model.head.in_features == 96


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"features": "concat", "fuse": True}, "fuse: without a convolution"),
        ({"features": "concat", "bigram_size": 4}, "bigram_size: must be"),
        ({"bigram_size": 0}, "bigram_size: must be 1 or more"),
        ({"link": {"weight": -1.0}}, "weight: must be 0 or more"),
        ({"link": {"positive": "entities"}}, r"link\.positive: .*did you mean 'entity'"),
        ({"link_weight": 1.0}, "no argument 'link_weight'"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)
