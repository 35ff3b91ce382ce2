"""The cascade tagger: the contract, its loss and its decoding by loops."""

from __future__ import annotations

from abc import ABC
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import predict
from tango_ie.inference.thresholds import find_thresholds
from tango_ie.models import CascadeJoint, Model
from tests.models.joint_contract import JOINT, JOINT_SCHEMA, JointContract
from tests.models.model_contract import assert_micro_batches_add_up, assert_same, fit, redrawn

FUSIONS = ("shared", "own", "hidden")
Found = dict[tuple[tuple[int, int], str, tuple[int, int]], float]

# As sets of triples have them: one type, and no entities but those of triples.
UNTYPED = tuple(
    replace(
        one,
        entities=tuple(replace(entity, label="LOC") for entity in one.entities),
        relations=one.relations or tuple(Relation("in", 0, 0) for _ in one.entities[:1]),
    )
    for one in JOINT
)


def joint_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    return {"type": "cascade_joint", "encoder": encoder, **params}


def build(folder: Path, schema: Schema = JOINT_SCHEMA, **params: Any) -> CascadeJoint:
    torch.manual_seed(0)
    model = Model.from_params(joint_params(folder, **params), schema=schema)
    assert isinstance(model, CascadeJoint)
    return model


def random_build(folder: Path, **params: Any) -> CascadeJoint:
    """With weights large enough for all parts to matter, of which half say yes."""
    model = build(folder, **params).eval()
    redrawn(model, std=0.4)
    with torch.no_grad():
        words = model(batch_of(model, [Sentence(one.words) for one in JOINT])).words
        model.spans.bias -= model.spans(words).mean(0)
        model.objects.labels.bias -= slow_logits(model, words, (2, 4)).mean(0)
    return model


def batch_of(model: CascadeJoint, sentences: Any) -> Any:
    return model.collate(model.encode(sentences))


class CascadeContract(JointContract, ABC):
    def test_the_loss_falls(self, model: Model) -> None:
        """At a higher rate than that of the contract: at first hardly any word starts a span."""
        losses = fit(model, self.sentences, steps=12, rate=1e-2)
        assert losses[-1] < 0.8 * losses[0]


class TestCascade(CascadeContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return joint_params(encoder_folder)


class TestCascadeOfThePaper(CascadeContract):
    """Subjects, of which one is drawn, and free tails."""

    sentences = UNTYPED

    def params(self, encoder_folder: Path) -> dict[str, Any]:
        relations = {"subjects": "one", "vector": "ends", "fusion": "own", "weight": 0.7}
        return joint_params(
            encoder_folder,
            entities={"targets": "subjects"},
            relations=relations,
            reduction="sum",
            dropout=0.0,
        )


class TestCascadeInSlices(CascadeContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return joint_params(encoder_folder, relations={"size": 24, "tails": "free"}, memory=0.001)


# -- loss and decoding by loops --


def slow_logits(model: CascadeJoint, words: torch.Tensor, subject: tuple[int, int]) -> torch.Tensor:
    """Of starts and ends of objects, (T, 2 R): the paper's equations, word by word."""
    start, end = subject
    own = words[start:end]
    if model.relations.vector == "ends":
        own = torch.stack([words[start], words[end - 1]])
    vector = own.mean(0)
    rows = []
    for word in words:
        tagger = model.objects
        if model.relations.fusion == "shared":
            rows.append(tagger.labels(word + vector))
        elif model.relations.fusion == "own":
            rows.append(tagger.labels(word) + tagger.subjects(vector))
        else:
            rows.append(tagger.labels((tagger.hidden(word) + tagger.subjects(vector)).relu()))
    return torch.stack(rows)


def slow_entropy(logits: torch.Tensor, true: set[tuple[int, int]]) -> float:
    """Binary cross-entropy in sum over all cells (T, C)."""
    loss = 0.0
    for row, cells in enumerate(logits.tolist()):
        for column, logit in enumerate(cells):
            sign = 1 if (row, column) in true else -1
            loss -= torch.nn.functional.logsigmoid(torch.tensor(sign * logit)).item()
    return loss


def slow_loss(model: CascadeJoint, sentence: Sentence) -> tuple[float, float]:
    """Of gold that nothing is left out of."""
    with torch.no_grad():
        words = model(model.collate(model.encode([sentence], with_gold=False))).words
        types, labels = model.spans.names, model.objects.names
        subjects = sentence.entities
        if model.entities.targets == "subjects":
            heads = {relation.head for relation in sentence.relations}
            subjects = tuple(one for place, one in enumerate(subjects) if place in heads)
        true = {(one.start, types.index(one.label)) for one in subjects}
        true |= {(one.end - 1, len(types) + types.index(one.label)) for one in subjects}
        of_entities = slow_entropy(model.spans(words), true)
        of_relations = []
        for subject in subjects:
            true = set()
            for relation in sentence.relations:
                if sentence.entities[relation.head] == subject:
                    tail = sentence.entities[relation.tail]
                    label = labels.index(relation.label)
                    true |= {(tail.start, label), (tail.end - 1, len(labels) + label)}
            logits = slow_logits(model, words, (subject.start, subject.end))
            of_relations.append(slow_entropy(logits, true))
    if model.reduction == "sum":
        return of_entities, sum(of_relations)
    size = len(sentence.words)
    return of_entities / size, sum(of_relations) / (size * max(len(of_relations), 1))


@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize("vector", ["mean", "ends"])
@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("targets", ["entities", "subjects"])
def test_the_loss_against_a_slow_one(
    tiny_encoder: Path, targets: str, reduction: str, vector: str, fusion: str
) -> None:
    sentences = JOINT if targets == "entities" else UNTYPED
    model = random_build(
        tiny_encoder,
        schema=Schema.from_sentences(sentences),
        entities={"targets": targets},
        relations={"vector": vector, "fusion": fusion, "weight": 0.7},
        reduction=reduction,
    )
    with torch.no_grad():
        output = model(batch_of(model, sentences))
    expected = [slow_loss(model, one) for one in sentences]
    entities, relations = (sum(column) for column in zip(*expected, strict=True))
    assert output.terms["entities"].item() == pytest.approx(entities, rel=1e-4)
    assert output.terms["relations"].item() == pytest.approx(relations, rel=1e-4)
    assert output.loss.item() == pytest.approx(entities + 0.7 * relations, rel=1e-4)
    assert output.loss_weight.item() == len(sentences)


def test_one_subject_is_all_of_them_on_average(tiny_encoder: Path) -> None:
    """Each subject of each sentence is drawn, and the mean of what they cost is the loss of all."""
    model = random_build(tiny_encoder, relations={"subjects": "one"}, dropout=0.0)
    pair = JOINT[:1] + JOINT[-1:]  # three subjects each
    batch = batch_of(model, pair)
    with torch.no_grad():
        expected = model(batch).terms["relations"].item()
        model.train()
        model.encoder.eval()
        torch.manual_seed(0)
        drawn = [model(batch).terms["relations"].item() for _ in range(120)]
    distinct = {round(loss, 4) for loss in drawn}
    assert len(distinct) == 9
    assert sum(distinct) / 9 == pytest.approx(expected, abs=1e-3)


def slow_spans(logits: torch.Tensor, threshold: float) -> dict[tuple[int, int, int], float]:
    """Start, end (half-open) and label: the nearest end of each start, one after the other."""
    scores = logits.sigmoid().tolist()
    size, num_labels = len(scores), len(scores[0]) // 2 if scores else 0
    found = {}
    for label in range(num_labels):
        for start in range(size):
            if scores[start][label] <= threshold:
                continue
            for end in range(start, size):
                if scores[end][num_labels + label] > threshold:
                    score = scores[start][label] * scores[end][num_labels + label]
                    found[start, end + 1, label] = score
                    break
    return found


def slow_decode(model: CascadeJoint, sentence: Sentence) -> tuple[dict[Entity, float], Found]:
    """Entities and triples of spans, with scores."""
    words = model(model.collate(model.encode([sentence], with_gold=False))).words
    entity_logits = model.spans(words)
    spans = slow_spans(entity_logits, model.entities.threshold)
    names = model.spans.names
    entities = {Entity(names[kind], *ends): score for (*ends, kind), score in spans.items()}
    found = {(start, end) for start, end, _ in spans}
    triples = {}
    added: Found = {}
    for subject in sorted(found):
        objects = slow_spans(slow_logits(model, words, subject), model.relations.threshold)
        for (start, end, label), score in objects.items():
            if (start, end) in found:
                triples[subject, model.objects.names[label], (start, end)] = score
            elif model.tails == "free":
                triples[subject, model.objects.names[label], (start, end)] = score
                every = entity_logits.sigmoid()
                types = every[start, : len(names)] * every[end - 1, len(names) :]
                entity = Entity(names[int(types.argmax())], start, end)
                added[entity] = max(added.get(entity, 0.0), score)
    return entities | added, triples


@pytest.mark.parametrize("fusion", FUSIONS)
@pytest.mark.parametrize("tails", ["found", "free"])
def test_decoding_against_a_loop(tiny_encoder: Path, tails: str, fusion: str) -> None:
    model = random_build(
        tiny_encoder,
        entities={"threshold": 0.5},
        relations={"tails": tails, "threshold": 0.55, "fusion": fusion, "vector": "ends"},
    )
    number = more = 0
    sentences = [*JOINT, Sentence(("x",) * 9), Sentence(tuple("abcdefgh"))]
    with torch.no_grad():
        model.spans.bias -= 0.5
        batch = batch_of(model, sentences)
        found = model.decode(batch, model(batch))
        for sentence, one in zip(sentences, found, strict=True):
            entities, triples = slow_decode(model, sentence)
            shown = {entity: entity.score for entity in one.entities}
            assert shown == pytest.approx(entities, abs=1e-5)
            assert len(shown) == len(one.entities)
            scored = {}
            for relation in one.relations:
                head, tail = one.entities[relation.head], one.entities[relation.tail]
                for end in (head, tail):  # the most probable of those with the same span
                    same = [e for e in one.entities if (e.start, e.end) == (end.start, end.end)]
                    assert end.score == max(e.score for e in same)
                ends = (head.start, head.end), (tail.start, tail.end)
                scored[ends[0], relation.label, ends[1]] = relation.score
            assert scored == pytest.approx(triples, abs=1e-5)
            assert len(scored) == len(one.relations)
            number += len(scored)
            more += len(entities)
    assert number > 5 and more > 5


def test_slices_change_nothing(tiny_encoder: Path) -> None:
    """Loss, gradients and predictions, down to one subject at a time."""
    for fusion in FUSIONS:
        results = []
        for memory in (256, 1e-6):
            model = random_build(tiny_encoder, relations={"fusion": fusion}, memory=memory)
            output = model(batch_of(model, JOINT))
            output.loss.backward()
            gradients = [weight.grad for weight in model.parameters()]
            results.append((output.loss.item(), gradients, predict(model, JOINT)))
        (loss, gradients, found), (sliced, others, again) = results
        assert sliced == pytest.approx(loss, rel=1e-5)
        assert any(one.relations for one in found)
        assert_same(again, found, tolerance=1e-5)
        for one, other in zip(gradients, others, strict=True):
            assert torch.allclose(one, other, rtol=1e-3, atol=1e-5 + 1e-4 * one.abs().max().item())


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_gradient_of_a_batch_is_the_sum_of_its_parts(
    tiny_encoder: Path, reduction: str
) -> None:
    model = random_build(tiny_encoder, reduction=reduction)
    assert_micro_batches_add_up(model, JOINT)


def test_padding_changes_nothing(tiny_encoder: Path) -> None:
    """Neither loss nor predictions, beside a sentence that is much longer."""
    model = random_build(tiny_encoder)
    terms, found = [], []
    for sentences in (JOINT, (*JOINT, Sentence(("word",) * 60))):
        batch = batch_of(model, sentences)
        with torch.no_grad():
            output = model(batch)
            terms.append(output.terms["relations"].item())
            found.append(model.decode(batch, output)[: len(JOINT)])
    assert terms[0] == pytest.approx(terms[1], rel=1e-5)
    assert_same(found[0], found[1], tolerance=1e-5)
    assert sum(len(one.relations) for one in found[0]) > 3


# -- overlapping triples --

NAMES = ("Ada", "Ida", "Eva", "Una")
OVERLAPPING = tuple(
    Sentence(
        (one, "of", "New", "York", "met", other),
        (Entity("PER", 0, 1), Entity("LOC", 2, 4), Entity("PER", 5, 6)),
        # One pair with two relations, in both directions; a shared subject; a shared object.
        (
            Relation("in", 0, 1),
            Relation("born", 0, 1),
            Relation("met", 0, 2),
            Relation("knows", 2, 0),
            Relation("in", 2, 1),
            Relation("self", 2, 2),
        ),
    )
    for one, other in zip(NAMES, NAMES[::-1], strict=True)
)


@pytest.mark.parametrize("params", [{}, {"relations": {"tails": "free"}}])
def test_learns_triples_that_overlap(tiny_encoder: Path, params: dict[str, Any]) -> None:
    model = build(tiny_encoder, Schema.from_sentences(OVERLAPPING), **params)
    assert model.unrepresentable(OVERLAPPING) == {}
    fit(model, OVERLAPPING, steps=50, rate=1e-2)
    for sentence, found in zip(OVERLAPPING, predict(model, OVERLAPPING), strict=True):
        assert {*found.entities} == {*sentence.entities}
        assert {*found.relations} == {*sentence.relations}


CROSSED = Sentence(
    ("Ada", "met", "Ida", "Eva", "met", "Una"),
    tuple(Entity("PER", place, place + 1) for place in (0, 2, 3, 5)),
    (Relation("met", 0, 1), Relation("met", 2, 3)),
)


def test_what_a_sum_cannot_do(tiny_encoder: Path) -> None:
    """Other than with a hidden layer, subjects differ in one number, which they add to all words:
    no weights find the two triples of ``CROSSED`` alone. With shared weights, one word is as much
    the object of another as the other way round."""
    for fusion in FUSIONS:
        model = random_build(tiny_encoder, relations={"fusion": fusion})
        with torch.no_grad():
            words = model(batch_of(model, [CROSSED])).words
            one, other = (slow_logits(model, words, (place, place + 1)) for place in (0, 3))
        assert ((one - other).std(0).max() < 1e-5) == (fusion != "hidden")
        assert torch.allclose(one[3], other[0], atol=1e-5) == (fusion == "shared")


# -- gold that has no place, and arguments --


def test_what_cannot_be_represented(tiny_encoder: Path) -> None:
    nested = Sentence(
        ("a", "b", "c", "d"),
        (Entity("PER", 0, 2), Entity("PER", 0, 1), Entity("LOC", 3, 4)),
        (Relation("in", 1, 2), Relation("in", 0, 2), Relation("met", 2, 2)),
    )
    kept = replace(
        nested,
        entities=nested.entities[::2],
        relations=(Relation("in", 0, 1), Relation("met", 1, 1)),
    )
    model = build(tiny_encoder).eval()
    losses = [model(batch_of(model, [one])).loss.item() for one in (nested, kept)]
    assert losses[0] == losses[1]
    assert model.unrepresentable([nested]) == {"nested": 1, "relation_of_left_out_entity": 1}
    assert model.unrepresentable([kept]) == {}
    with pytest.raises(DataError, match="strict = false"):
        build(tiny_encoder, strict=True).encode([nested])


def test_unknown_relations_are_named(tiny_encoder: Path) -> None:
    wrong = replace(JOINT[0], relations=(Relation("to", 0, 1),))
    with pytest.raises(DataError, match=r"the relation type 'to' .* it knows in, met"):
        build(tiny_encoder).encode([wrong])


def test_sentences_without_subjects(tiny_encoder: Path) -> None:
    few = [Sentence(("a", "b")), Sentence(("c",))]
    for params in ({}, {"relations": {"subjects": "one", "fusion": "own"}}):
        model = build(tiny_encoder, **params)
        output = model(batch_of(model, few))
        assert output.terms["relations"].item() == 0
        output.loss.backward()
        assert model.spans.weight.grad.abs().sum() > 0
    assert predict(model.eval(), few) == [Annotations()] * 2


def test_autocast(tiny_encoder: Path) -> None:
    for params in ({}, {"relations": {"subjects": "one", "fusion": "own"}}):
        model = build(tiny_encoder, **params)
        with torch.autocast("cpu", torch.bfloat16):
            output = model(batch_of(model, JOINT))
        assert output.entity_logits.dtype == output.loss.dtype == torch.float32
        output.loss.backward()
        assert all(weight.grad.isfinite().all() for weight in model.parameters())


@pytest.mark.parametrize("fusion", FUSIONS)
def test_adapting_keeps_what_is_known(tiny_encoder: Path, fusion: str) -> None:
    """Types in another order: nothing that the model computes changes."""
    relations = {"fusion": fusion, "tails": "free", "threshold": 0.2}
    model = random_build(tiny_encoder, relations=relations)
    before = predict(model, JOINT)
    model.adapt(Schema(entity_types=("PER", "ORG", "LOC"), relation_types=("met", "in")))
    after = predict(model, JOINT)
    assert sum(len(one.relations) for one in before) > 3
    for one, other in zip(after, before, strict=True):
        assert one.entities == other.entities
        assert {*one.relations} == {*other.relations}


def test_thresholds_are_found_for_it(tiny_encoder: Path) -> None:
    """Scores are what ``tune_thresholds`` needs: of entities and relations, in [0, 1]."""
    model = random_build(tiny_encoder, relations={"tails": "free"})
    found = predict(model, JOINT)
    thresholds = find_thresholds(JOINT, found)
    assert thresholds.entities is not None and thresholds.relations is not None
    kept = [thresholds.apply(one) for one in found]
    assert sum(len(one.entities) for one in kept) < sum(len(one.entities) for one in found)


def test_a_batch_moves_as_one(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    batch = batch_of(model, JOINT).to(torch.device("meta"))
    gold = batch.gold
    tensors = (batch.places, gold.entity_cells, gold.object_cells, gold.subjects.siblings)
    assert all(tensor.is_meta for tensor in tensors)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"entities": {"threshold": 1.0}}, r"threshold: must lie in \(0, 1\)"),
        ({"entities": {"targets": "heads"}}, r"entities\.targets: "),
        (
            {"entities": {"targets": "subjects"}, "relations": {"tails": "found"}},
            r"tails: the first tagger is to find subjects only",
        ),
        ({"relations": {"size": 0}}, r"size: must be at least 1"),
        ({"relations": {"size": 5, "fusion": "own"}}, r"size: the fusion own has no hidden layer"),
        ({"relations": {"weight": -1.0}}, r"weight: must be 0 or more"),
        ({"relations": {"threshold": 0.0}}, r"threshold: must lie in \(0, 1\)"),
        ({"memory": 0.0}, "memory: must be more than 0"),
        ({"dropout": 1.0}, r"dropout: must lie in \[0, 1\)"),
        ({"tails": "free"}, "no argument 'tails'"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_a_corpus_without_entities_or_relations(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs relation types"):
        build(tiny_encoder, Schema(entity_types=("LOC",)))
    with pytest.raises(ConfigurationError, match="needs entity types"):
        build(tiny_encoder, Schema(relation_types=("in",)))


def test_the_budget_is_no_part_of_a_result() -> None:
    assert "memory" in CascadeJoint.SKIP_ID_ARGUMENTS


@pytest.mark.gpu
def test_on_a_gpu_the_same(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder, relations={"tails": "free", "size": 7})
    batch = batch_of(model, JOINT)
    with torch.no_grad():
        here = model(batch)
        found = model.decode(batch, here)
        there_batch = batch.to(torch.device("cuda"), non_blocking=True)
        there = model.cuda()(there_batch)
        again = model.decode(there_batch, there)
    assert there.loss.item() == pytest.approx(here.loss.item(), rel=1e-4)
    assert_same(again, found, tolerance=1e-4)
