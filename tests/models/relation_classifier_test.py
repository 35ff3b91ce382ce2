"""The classifier of relations between given entities: the contract, loss and decoding by loops."""

from __future__ import annotations

import logging
from abc import ABC
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import predict
from tango_ie.models import Model, RelationClassifier
from tests.models.joint_contract import JOINT, JOINT_SCHEMA, JointContract
from tests.models.model_contract import assert_same, fit


def classifier_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    wanted = {"size": 24, "type_size": 5, **params}
    return {"type": "relation_classifier", "encoder": encoder, **wanted}


def build(folder: Path, schema: Schema = JOINT_SCHEMA, **params: Any) -> RelationClassifier:
    torch.manual_seed(0)
    model = Model.from_params(classifier_params(folder, **params), schema=schema)
    assert isinstance(model, RelationClassifier)
    return model


def random_build(folder: Path, **params: Any) -> RelationClassifier:
    """With weights large enough for all parts to matter."""
    model = build(folder, **params).eval()
    with torch.no_grad():
        for weight in model.scorer.parameters():
            weight.normal_(std=0.4)
    return model


class ClassifierContract(JointContract, ABC):
    """The contract, where entities are input."""

    # With scores, as another model's entities have them.
    sentences = tuple(
        replace(one, entities=tuple(replace(entity, score=0.5) for entity in one.entities))
        for one in JOINT
    )

    def test_gold_is_not_looked_at_in_prediction(self, model: Model) -> None:
        """Relations are not."""
        unknown = [
            replace(one, relations=(Relation("UNKNOWN", 0, 0),)) if one.entities else one
            for one in self.sentences
        ]
        assert_same(predict(model, unknown), predict(model, self.sentences), tolerance=0)

    def test_unknown_entities_are_named_in_prediction(self, model: Model) -> None:
        with pytest.raises(DataError, match=r"'UNKNOWN'.*it knows LOC"):
            predict(model, [Sentence(("a",), (Entity("UNKNOWN", 0, 1),))])


class TestContract(ClassifierContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return classifier_params(encoder_folder)


class TestFrozenWithSums(ClassifierContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        encoder = {"frozen": True, "layers": "mix"}
        return classifier_params(encoder_folder, encoder=encoder, reduction="sum", dropout=0.0)


# -- loss and decoding by loops --

NESTED = Sentence(
    ("the", "bank", "of", "Ghent", "met", "Ada"),
    (Entity("ORG", 1, 4), Entity("LOC", 3, 4), Entity("PER", 5, 6)),
    (Relation("in", 0, 1), Relation("met", 2, 0)),
)
SENTENCES = (*JOINT, NESTED)


def slow_scores(
    model: RelationClassifier, sentence: Sentence
) -> dict[tuple[int, int], dict[str, float]]:
    """The logits of all pairs of different entities, one at a time, as the docstring has them."""
    batch = model.collate(model.encode([sentence], with_gold=False))
    words = model.encoder(batch.words)[0]  # (T, H)
    scorer = model.scorer
    types = [scorer.types.index(entity.label) for entity in sentence.entities]
    vectors = [
        torch.cat([words[one.start : one.end].max(0).values, scorer.type_vectors.weight[place]])
        for one, place in zip(sentence.entities, types, strict=True)
    ]
    scores = {}
    for i, head in enumerate(sentence.entities):
        for j, tail in enumerate(sentence.entities):
            if i == j and not model.self_pairs:
                continue
            first, second = sorted((head, tail), key=lambda entity: entity.start)
            between = words[first.end : second.start]
            context = between.max(0).values if len(between) else torch.zeros(words.size(1))
            features = scorer.heads(vectors[i]) + scorer.tails(vectors[j])
            logits = scorer.labels((features + scorer.contexts(context)).relu())
            scores[i, j] = dict(zip(model.relation_types, logits.tolist(), strict=True))
    return scores


@pytest.mark.parametrize(("reduction", "self_pairs"), [("mean", False), ("sum", True)])
def test_the_loss_against_a_loop(tiny_encoder: Path, reduction: str, self_pairs: bool) -> None:
    model = random_build(tiny_encoder, reduction=reduction, self_pairs=self_pairs)
    expected = 0.0
    with torch.no_grad():
        output = model(model.collate(model.encode(SENTENCES)))
        for sentence in SENTENCES:
            losses = [0.0]
            for ends, logits in slow_scores(model, sentence).items():
                for label, logit in logits.items():
                    sign = 1 if Relation(label, *ends) in sentence.relations else -1
                    losses.append(-torch.tensor(sign * logit).sigmoid().log().item())
            expected += sum(losses) / (max(len(losses) - 1, 1) if reduction == "mean" else 1)
    assert output.loss.item() == pytest.approx(expected, rel=1e-4)
    assert output.loss_weight.item() == len(SENTENCES)


@pytest.mark.parametrize("self_pairs", [False, True])
def test_decoding_against_a_loop(tiny_encoder: Path, self_pairs: bool) -> None:
    model = random_build(tiny_encoder, threshold=0.6, self_pairs=self_pairs)
    number = 0
    for sentence, found in zip(SENTENCES, predict(model, SENTENCES), strict=True):
        with torch.no_grad():
            logits = slow_scores(model, sentence)
        expected = {
            Relation(label, *ends): torch.tensor(logit).sigmoid().item()
            for ends, own in logits.items()
            for label, logit in own.items()
        }
        sure = {relation for relation, score in expected.items() if score > 0.6}
        assert {*found.relations} == sure
        number += len(sure)
        for relation in found.relations:
            assert relation.score == pytest.approx(expected[relation], abs=1e-5)
    assert number > 5


# -- entities are input --


def test_entities_come_back_as_they_are(tiny_encoder: Path) -> None:
    """In their order, with their scores; of those that repeat the first has the relations."""
    entities = (
        Entity("LOC", 4, 5, score=0.3),
        Entity("PER", 0, 1, score=0.9, subtype="poet"),
        Entity("LOC", 4, 5, score=0.7),
        Entity("PER", 2, 3),
    )
    sentence = Sentence(("Ada", "met", "Ida", "in", "Riga"), entities)
    model = random_build(tiny_encoder, threshold=0.1)
    found = predict(model, [sentence])[0]
    assert found.entities is sentence.entities
    assert {place for one in found.relations for place in (one.head, one.tail)} == {0, 1, 3}
    once = predict(model, [replace(sentence, entities=(*entities[:2], entities[3]))])[0]
    places = {0: 0, 1: 1, 2: 3}
    moved = {replace(one, head=places[one.head], tail=places[one.tail]) for one in once.relations}
    assert moved == {*found.relations}


def test_other_entities_give_other_relations(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, encoder={"frozen": True})
    fit(model, JOINT, steps=150, rate=1e-2)
    found = predict(model, JOINT)
    assert [{*one.relations} for one in found] == [{*one.relations} for one in JOINT]
    fewer = [replace(one, entities=one.entities[:1], relations=()) for one in JOINT]
    assert not any(one.relations for one in predict(model, fewer))


def test_sentences_without_entities_are_noticed(
    tiny_encoder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = build(tiny_encoder)
    plain = [Sentence(("word", "and", f"word {number}")) for number in range(17)]
    with caplog.at_level(logging.WARNING):
        assert predict(model, plain) == predict(model, plain)
    assert caplog.text.count("not one of 17 sentences has entities") == 1


def test_few_entities_have_no_pairs_and_no_loss(tiny_encoder: Path) -> None:
    few = [Sentence(("a", "b")), Sentence(("Paris",), (Entity("LOC", 0, 1),))]
    output = (model := build(tiny_encoder))(model.collate(model.encode(few)))
    assert output.logits.shape == (0, 2) and output.loss.item() == 0
    output.loss.backward()
    grads = [weight.grad for weight in model.parameters() if weight.grad is not None]
    assert all(grad.isfinite().all() for grad in grads)


def test_relations_of_an_entity_with_itself(tiny_encoder: Path) -> None:
    twice = (Entity("LOC", 0, 1), Entity("LOC", 0, 1), Entity("PER", 1, 2))
    relations = (Relation("in", 0, 1), Relation("in", 2, 2), Relation("in", 2, 1))
    sentence = Sentence(("Riga", "Ada"), twice, relations)
    model = build(tiny_encoder)
    assert model.unrepresentable([sentence, *JOINT]) == {"relation_with_itself": 2}
    assert model.unrepresentable(JOINT) == {}
    assert len(model.encode([sentence])[0].relations) == 1
    with pytest.raises(DataError, match="strict = false"):
        build(tiny_encoder, strict=True).encode([sentence])
    allowed = build(tiny_encoder, strict=True, self_pairs=True)
    assert allowed.unrepresentable([sentence]) == {}
    batch = allowed.collate(allowed.encode([sentence]))
    assert len(batch.pairs) == 4 and len(batch.gold.pairs) == 3


def test_autocast(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    batch = model.collate(model.encode(JOINT))
    with torch.autocast("cpu", torch.bfloat16):
        output = model(batch)
    assert output.logits.dtype == output.loss.dtype == torch.float32
    output.loss.backward()


def test_adapting_keeps_the_vectors_of_types(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    old = model.scorer.type_vectors.weight.clone()
    model.adapt(Schema(entity_types=("EVENT", "PER"), relation_types=("met", "new")))
    assert torch.equal(model.scorer.type_vectors.weight[1], old[2])
    assert model.relation_types == ("met", "new")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"size": 0}, r"size: must be at least 1"),
        ({"type_size": 0}, r"type_size: must be at least 1"),
        ({"dropout": 1.0}, r"dropout: must lie in"),
        ({"threshold": 0.0}, r"threshold: must lie in \(0, 1\)"),
        ({"reduction": "max"}, r"reduction"),
        ({"treshold": 0.5}, r"no argument 'treshold'"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_a_corpus_without_entity_types(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs entity types"):
        build(tiny_encoder, Schema(relation_types=("in",)))


@pytest.mark.gpu
def test_on_a_gpu_the_same(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder)
    here = predict(model, SENTENCES, "cpu")
    assert_same(predict(model, SENTENCES, "cuda", "float32"), here, tolerance=1e-4)
