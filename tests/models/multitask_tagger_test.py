"""The tagger of several layers: the contract, its loss against a loop, controls, and inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, predict
from tango_ie.models import Model, MultitaskTagger
from tango_ie.models.base import SeveralLayers
from tests.models.model_contract import SENTENCES, ModelContract, assert_same, fit

POS = {"Ada": "NNP", "the": "DT", "nothing": "NN", "here": "RB", "in": "IN", ".": "."}


def tagged(sentence: Sentence) -> Sentence:
    pos = tuple(POS.get(word, "NNP" if word[0].isupper() else "VB") for word in sentence.words)
    chunk = tuple("I-NP" if tag in ("NN", "NNP") else "O" for tag in pos)
    return replace(sentence, tags={"pos": pos, "chunk": chunk})


TAGGED = tuple(map(tagged, SENTENCES))
SCHEMA = Schema.from_sentences(TAGGED)
FLAWED = [TAGGED[0], replace(TAGGED[1], tags={}), SENTENCES[2], TAGGED[3]]
"""Two sentences without tags."""


def multitask_params(folder: Path, tasks: dict[str, Any], **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    return {"type": "multitask_tagger", "encoder": encoder, "tasks": tasks, **params}


def build(folder: Path, tasks: dict[str, Any], seed: int = 0, **params: Any) -> MultitaskTagger:
    torch.manual_seed(seed)
    model = Model.from_params(multitask_params(folder, tasks, **params), schema=SCHEMA)
    assert isinstance(model, MultitaskTagger)
    return model


class _Contract(ModelContract):
    sentences = TAGGED

    def test_adapting_keeps_what_both_schemas_have(self, model: Model) -> None:
        """Layers of tags that the new schema lacks stay: see below."""


class TestThreeLayers(_Contract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        chunk = {"head": "crf", "recurrent": {"size": 8}, "weight": 0.5}
        tasks = {"ner": {"head": "crf"}, "pos": {"weight": 0.3}, "chunk": chunk}
        return multitask_params(encoder_folder, tasks, predict=["ner", "chunk", "pos"])

    def test_odd_sentences(self, model: Model) -> None:
        odd = [Sentence(()), Sentence(("x",)), Sentence(("word",) * 900), Sentence(("\u200b",))]
        found = predict(model, odd)
        assert found[0] == Annotations(tags={"pos": (), "chunk": ()})
        assert [len(item.tags["chunk"]) for item in found] == [0, 1, 900, 1]
        assert_same(predict(model, odd, token_budget=100_000), found, self.tolerance)
        assert model(model.collate(model.encode(odd))).loss.isfinite()


class TestUncertainty(_Contract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        tasks = {"ner": {"scheme": "bioes"}, "pos": {}}
        return multitask_params(encoder_folder, tasks, weighting="uncertainty")


class TestGoldInputs(_Contract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return multitask_params(encoder_folder, {"ner": {}}, inputs=["pos"], input_size=5)

    def test_odd_sentences(self, model: Model) -> None:
        odd = [Sentence(()), tagged(Sentence(("x",))), tagged(Sentence(("word",) * 900))]
        found = predict(model, odd)
        assert_same(predict(model, odd, token_budget=100_000), found, self.tolerance)

    def test_unknown_gold_is_named_in_training(self, model: Model) -> None:
        with pytest.raises(DataError, match=r"'UNKNOWN'.*it knows .*LOC"):
            model.encode([replace(TAGGED[3], entities=(Entity("UNKNOWN", 0, 1),))])


@pytest.mark.parametrize("head", ["softmax", "crf"])
@pytest.mark.parametrize("weighting", ["fixed", "mean"])
def test_one_task_is_the_tagger(tiny_encoder: Path, head: str, weighting: str) -> None:
    """The same weights, the same draws of dropout, the same losses."""
    losses, weights = [], []
    ours = multitask_params(tiny_encoder, {"ner": {"head": head}}, weighting=weighting)
    plain = {"type": "tagger", "encoder": ours["encoder"], "head": head}
    for params in (ours, plain):
        torch.manual_seed(0)
        model = Model.from_params(params, schema=SCHEMA)
        model.train()
        optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3)
        batch = model.collate(model.encode(TAGGED))
        for _ in range(3):
            optimiser.zero_grad()
            output = model(batch)
            (output.loss / output.loss_weight).backward()
            optimiser.step()
            losses.append((output.loss.item(), output.loss_weight.item()))
        weights.append([*model.parameters()])
    assert losses[:3] == losses[3:]
    assert all(torch.equal(one, other) for one, other in zip(*weights, strict=True))


def test_arms_begin_with_the_same_numbers(tiny_encoder: Path) -> None:
    single = build(tiny_encoder, {"ner": {}}).state_dict()
    for tasks in ({"ner": {}, "pos": {}, "chunk": {}}, {"ner": {}, "pos": {"shuffle": True}}):
        weights = build(tiny_encoder, tasks).state_dict()
        for name, weight in single.items():
            assert torch.equal(weight, weights[name])


def by_hand(model: MultitaskTagger, sentence: Sentence) -> dict[str, Tensor]:
    """Negative log-likelihood of each task, word by word, from the encoder's vectors."""
    batch = model.encoder.collate(model.encoder.encode([sentence]))
    words = model.encoder(batch)[0]  # (T, H)
    losses = {}
    for name in model.tasks:
        head = model.heads[name].tags
        ids = head.gold(sentence)
        if ids is not None:
            picked = zip(words, ids.tolist(), strict=True)
            losses[name] = sum(
                -(head.weight @ word + head.bias).log_softmax(0)[tag] for word, tag in picked
            )
    return losses


@pytest.mark.parametrize("weighting", ["fixed", "mean", "uncertainty"])
def test_the_loss_against_a_loop(tiny_encoder: Path, weighting: str) -> None:
    own = {"weight": 0.3} if weighting == "fixed" else {}
    tasks = {"ner": {}, "pos": own, "chunk": {}}
    model = build(tiny_encoder, tasks, weighting=weighting).eval()
    with torch.no_grad():
        for head in model.heads.values():
            head.tags.weight.normal_(std=0.5)
        output = model(model.collate(model.encode(FLAWED)))
        expected = 0.0
        for sentence in FLAWED:
            for name, loss in by_hand(model, sentence).items():
                if weighting == "uncertainty":
                    expected += loss / (2 * torch.exp(torch.tensor(-0.5))) - 0.25 * len(sentence)
                else:
                    share = 1 / 3 if weighting == "mean" else model.tasks[name].weight
                    expected += share * loss
    assert output.loss.item() == pytest.approx(float(expected), rel=1e-5)
    assert output.loss_weight.item() == sum(map(len, FLAWED)), "all words have gold for entities"
    counts = {name: int(count) for name, (_, count) in output.task_losses.items()}
    assert counts == {"ner": 16, "pos": 8, "chunk": 8}


@pytest.mark.parametrize("weighting", ["fixed", "mean", "uncertainty"])
@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_micro_batches_give_the_gradient_of_the_whole(
    tiny_encoder: Path, weighting: str, head: str
) -> None:
    """With parts in which a task has no gold at all."""
    tasks = {"ner": {"head": head}, "pos": {"head": head}}
    model = build(tiny_encoder, tasks, weighting=weighting).eval()
    features = [*model.encode(FLAWED[:3]), *model.encode(TAGGED[:2], layers=["pos"])]
    gradients, weights = [], []
    for parts in ([features], [features[:2], features[2:3], features[3:]]):
        model.zero_grad()
        outputs = [model(model.collate(part)) for part in parts]
        for output in outputs:
            output.loss.backward()
        weights.append(sum(output.loss_weight.item() for output in outputs))
        gradients.append([parameter.grad.clone() for parameter in model.parameters()])
    assert weights[0] == weights[1] == 15 + 13
    for whole, summed in zip(*gradients, strict=True):
        assert torch.allclose(whole, summed, atol=1e-5, rtol=1e-3)


@pytest.mark.parametrize("head", ["softmax", "crf"])
def test_sentences_without_gold_do_not_count(tiny_encoder: Path, head: str) -> None:
    model = build(tiny_encoder, {"ner": {"head": head}, "pos": {"head": head}}).eval()
    mixed = [*model.encode(TAGGED[:2], layers=["pos"]), *model.encode(SENTENCES[2:])]
    output = model(model.collate(mixed))
    for name, features in (
        ("ner", model.encode(SENTENCES[2:])),
        ("pos", model.encode(TAGGED[:2])),
    ):
        alone = model(model.collate(features)).task_losses[name]
        loss, count = output.task_losses[name]
        assert loss.item() == pytest.approx(alone[0].item(), rel=1e-5)
        assert count.item() == alone[1].item()
    nobody = model(model.collate(model.encode(TAGGED, layers=["chunk"])))
    assert nobody.loss.item() == nobody.loss_weight.item() == 0
    nobody.loss.backward()


def test_only_a_word_s_first_sub_word_is_trained_on(tiny_encoder: Path) -> None:
    """No other sub-word, no special token and no padding gets a gradient, or counts in the loss."""
    model = build(tiny_encoder, {"ner": {}, "pos": {}, "chunk": {"head": "crf"}}).eval()
    seen: list[Tensor] = []

    def watch(module: Any, inputs: Any, output: Any) -> None:
        output.last_hidden_state.retain_grad()
        seen.append(output.last_hidden_state)

    model.encoder.transformer.register_forward_hook(watch)
    batch = model.collate(model.encode(TAGGED))
    output = model(batch)
    output.loss.backward()
    (hidden,) = seen  # (B, S, H)
    got = hidden.grad.abs().sum(-1) > 0  # (B, S)
    firsts = torch.zeros_like(got)
    tokenizer = model.encoder.tokenizer.tokenizer
    for row, sentence in enumerate(TAGGED):
        place = 1  # behind [CLS]
        for word in sentence.words:
            firsts[row, place] = True
            place += len(tokenizer.tokenize(word))
    assert got.sum() < batch.words.attention_mask.sum() - 2 * len(TAGGED)
    assert torch.equal(got, firsts)
    words = sum(map(len, TAGGED))
    assert [int(count) for _, count in output.task_losses.values()] == [words] * 3


def test_auxiliary_heads_rest_in_prediction(tiny_encoder: Path) -> None:
    tasks = {"ner": {}, "pos": {"recurrent": {"size": 4}}, "chunk": {}}
    model = build(tiny_encoder, tasks)
    fit(model, TAGGED, steps=40, rate=1e-2)
    runs: Counter[str] = Counter()
    for name, head in model.heads.items():
        head.register_forward_hook(lambda *_, name=name: runs.update([name]))
    found = predict(model, SENTENCES)
    assert runs == {"ner": 1} and not any(item.tags for item in found)
    model.predicted = ["ner", "pos"]
    asked = predict(model, SENTENCES)
    assert runs == {"ner": 2, "pos": 1}
    assert [item.entities for item in asked] == [item.entities for item in found]
    assert [item.tags for item in asked] == [{"pos": one.tags["pos"]} for one in TAGGED]


def test_archives_keep_what_is_asked_for(tiny_encoder: Path, tmp_path: Path) -> None:
    params = multitask_params(
        tiny_encoder, {"ner": {}, "pos": {}}, predict=["pos", "ner"], weighting="gradnorm"
    )
    model = build(tiny_encoder, **{k: v for k, v in params.items() if k not in ("type", "encoder")})
    fit(model, TAGGED, steps=5, rate=1e-2)
    model.weighting.weights.copy_(torch.tensor([0.4, 1.6]))
    archive = Archive.save(model, tmp_path, params, {})
    loaded = archive.load()
    assert predict(loaded, SENTENCES) == predict(model, SENTENCES)
    assert loaded.weighting.weights.tolist() == model.weighting.weights.tolist()


def deal(model: MultitaskTagger, sentences: Sequence[Sentence], task: int) -> list[list[int]]:
    features = model.encode(sentences)
    return [item.gold[task].tolist() for item in features if item.gold[task] is not None]


def test_shuffled_labels(tiny_encoder: Path) -> None:
    many = [*TAGGED, *FLAWED] * 10
    tasks = {"ner": {}, "pos": {"shuffle": True}, "chunk": {}}
    model = build(tiny_encoder, tasks)
    gold = build(tiny_encoder, {"ner": {}, "pos": {}, "chunk": {}})
    place = [*model.tasks].index("pos")
    dealt, right = deal(model, many, place), deal(gold, many, place)
    flat = [[tag for tags in rows for tag in tags] for rows in (dealt, right)]
    assert [len(tags) for tags in dealt] == [len(tags) for tags in right]
    assert Counter(flat[0]) == Counter(flat[1]) and flat[0] != flat[1]
    assert deal(model, many, place) == dealt, "the same for every rank and after an interruption"
    assert deal(build(tiny_encoder, tasks, seed=1), many, place) != dealt
    for other in {0, 1, 2} - {place}:
        assert deal(model, many, other) == deal(gold, many, other)


def test_gold_inputs(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, {"ner": {}}, inputs=["pos"], encoder={"frozen": True})
    fit(model, TAGGED, steps=40, rate=3e-2)
    other = [replace(s, tags={"pos": ("DT",) * len(s)}) for s in TAGGED]
    assert predict(model, other) != predict(model, TAGGED), "gold tags are read"
    with pytest.raises(DataError, match=r"reads the gold layer 'pos' as input.*'Paris' has none"):
        predict(model, SENTENCES[3:])
    with pytest.raises(DataError, match=r"the tag 'XX' \(layer pos\) of 'Paris' is not known"):
        predict(model, [replace(TAGGED[3], tags={"pos": ("XX",)})])
    before = model.inputs[0].weight.clone()
    tags = SCHEMA.tag_layers["pos"]
    model.adapt(replace(SCHEMA, tag_layers={"pos": ("AA", *tags[2:])}))
    assert torch.equal(model.inputs[0].weight[1:], before[2:])


def test_a_layer_that_a_new_schema_lacks_stays(tiny_encoder: Path, tmp_path: Path) -> None:
    params = multitask_params(tiny_encoder, {"ner": {}, "pos": {}}, predict=["ner", "pos"])
    model = build(tiny_encoder, {"ner": {}, "pos": {}}, predict=["ner", "pos"])
    fit(model, TAGGED, steps=40, rate=1e-2)
    before = predict(model, SENTENCES)
    model.adapt(Schema(entity_types=("LOC", "PER", "WORK")))
    assert model.schema.tag_layers == {"pos": SCHEMA.tag_layers["pos"]}
    after = predict(model, SENTENCES)
    assert [item.tags for item in after] == [item.tags for item in before]
    assert predict(Archive.save(model, tmp_path, params, {}).load(), SENTENCES) == after
    model.adapt(Schema(entity_types=("LOC",), tag_layers={"pos": ("NNP", "ZZ")}))
    assert model.heads["pos"].tags.tags == ("NNP", "ZZ")


def test_a_main_task_of_word_tags(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, {"pos": {}})
    assert isinstance(model, SeveralLayers) and model.main_layer == "pos"
    assert model.unrepresentable(TAGGED) == {}
    fit(model, TAGGED, steps=40, rate=1e-2)
    assert [item.tags["pos"] for item in predict(model, SENTENCES)] == [
        sentence.tags["pos"] for sentence in TAGGED
    ]
    named = {"names": {"layer": "entities"}, "words": {"layer": "pos"}}
    renamed = build(tiny_encoder, named, main="names")
    assert renamed.layers == {"names": "entities", "words": "pos"}


def test_autocast_and_bf16(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, {"ner": {"recurrent": {"size": 4}}, "pos": {}}, inputs=["chunk"])
    with torch.autocast("cpu", torch.bfloat16):
        output = model(model.collate(model.encode(TAGGED)))
    assert output.loss.dtype == torch.float32
    output.loss.backward()
    predict(model, TAGGED, precision="bf16")


NER, POS_TASK = {"ner": {}}, {"ner": {}, "pos": {}}


@pytest.mark.parametrize(
    ("tasks", "params", "message"),
    [
        ({}, {}, "tasks: name at least one task"),
        ({"pos": {}, "chunk": {}}, {}, "main: say which of chunk, pos"),
        (POS_TASK, {"main": "nre"}, "main: there is no task 'nre'; did you mean 'ner'"),
        (POS_TASK, {"predict": ["pos"]}, "predict: the main task 'ner' is missing"),
        (POS_TASK, {"predict": ["ner", "ner"]}, "predict: name each task once"),
        ({"ner": {}, "deprel": {}}, {}, "no layer of tags 'deprel'; it has chunk, pos"),
        ({"ner": {}, "type": {"layer": "pos"}}, {}, "tasks: 'type' cannot name a task"),
        ({"ner": {}, "pos": {}, "p": {"layer": "pos"}}, {}, "two tasks tag the layer 'pos'"),
        ({"ner": {"shuffle": True}}, {}, r"tasks\.ner\.shuffle: entities cannot be shuffled"),
        ({"ner": {"weight": 0}}, {}, "weight: must be more than 0, found 0.0; leave the"),
        ({"ner": {"dropout": 1}}, {}, "dropout: must lie in"),
        ({"ner": {"recurrent": {"size": 0}}}, {}, "size: must be at least 1, found 0"),
        ({"ner": {"heads": "crf"}}, {}, r"tasks\.ner\.heads: Task has no argument 'heads'"),
        (NER, {"inputs": ["dep"]}, "no layer of tags 'dep' that could be given as input"),
        (POS_TASK, {"inputs": ["pos"]}, "inputs: the layer 'pos' is there twice"),
        (NER, {"input_size": 0}, "input_size: must be at least 1"),
        (POS_TASK, {"weighting": "pcgard"}, "did you mean 'pcgrad'"),
        ({"ner": {}, "pos": {"weight": 2}}, {"weighting": "mean"}, "weighting: 'mean' decides"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, tasks: dict[str, Any], params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, tasks, **params)
