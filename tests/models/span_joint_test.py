"""The span model: the contract, loss and decoding by loops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import predict
from tango_ie.models import Model, SpanJoint
from tests.models.joint_contract import (
    JOINT,
    JOINT_SCHEMA,
    JointContract,
)
from tests.models.model_contract import assert_micro_batches_add_up, assert_same, redrawn


def span_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    wanted = {"candidates": {"width_size": 4, "overlaps": "keep"}, **params}
    return {"type": "span_joint", "encoder": encoder, **wanted}


def build(folder: Path, schema: Schema = JOINT_SCHEMA, **params: Any) -> SpanJoint:
    torch.manual_seed(0)
    model = Model.from_params(span_params(folder, **params), schema=schema)
    assert isinstance(model, SpanJoint)
    return model


def random_build(folder: Path, **params: Any) -> SpanJoint:
    """With weights large enough for all parts to matter, and pairs not nearly all false."""
    model = build(folder, **params).eval()
    redrawn(model, std=0.3)
    return model


class TestKept(JointContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return span_params(encoder_folder)


class TestDropped(JointContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return span_params(
            encoder_folder,
            encoder={"pooling": "max"},
            candidates={"overlaps": "drop", "max_width": 4, "width_size": 3},
            negatives={"spans": 5, "pairs": 2, "strong": False},
            relations={"weight": 2.0, "threshold": 0.5, "keep": 3},
        )


# -- loss and decoding by loops --


class Slow:
    """One sentence, one span and one pair at a time, as the paper has it."""

    def __init__(self, model: SpanJoint, sentence: Sentence) -> None:
        self.model = model
        batch = model.collate(model.encode([sentence], with_gold=False))
        self.words = model.encoder(batch.words)[0]  # (T, H)

    def spans(self) -> list[tuple[int, int]]:
        width = self.model.candidates.max_width
        size = len(self.words)
        return [(i, j) for i in range(size) for j in range(i + 1, min(i + width, size) + 1)]

    def span(self, start: int, end: int) -> torch.Tensor:
        width = self.model.spans.widths.weight[end - start - 1]
        return torch.cat([self.words[start:end].max(0).values, width])

    def types(self, start: int, end: int) -> torch.Tensor:
        context = self.words.max(0).values
        logits = self.model.spans.labels(torch.cat([self.span(start, end), context]))
        return logits.log_softmax(-1)

    def relations(self, head: tuple[int, int], tail: tuple[int, int]) -> torch.Tensor:
        between = self.words[min(head[1], tail[1]) : max(head[0], tail[0])]
        context = between.max(0).values if len(between) else torch.zeros_like(self.words[0])
        pairs = self.model.pairs
        weight = torch.cat([pairs.heads.weight, pairs.tails.weight, pairs.gaps.weight], dim=1)
        evidence = torch.cat([self.span(*head), self.span(*tail), context])
        return (weight @ evidence + pairs.heads.bias).sigmoid()


def spans_of(entities: Any) -> list[tuple[int, int]]:
    return [(entity.start, entity.end) for entity in entities]


def test_the_loss_against_a_loop(tiny_encoder: Path) -> None:
    """In evaluation mode: all spans, all pairs of gold entities."""
    model = random_build(tiny_encoder, relations={"weight": 0.7}, candidates={"max_width": 3})
    types = ("none", *model.spans.names)
    expected = {"entities": 0.0, "relations": 0.0}
    with torch.no_grad():
        for sentence in JOINT:
            slow = Slow(model, sentence)
            gold = dict(zip(spans_of(sentence.entities), sentence.entities, strict=True))
            losses = [
                -slow.types(*span)[types.index(gold[span].label if span in gold else "none")].item()
                for span in slow.spans()
            ]
            expected["entities"] += sum(losses) / len(losses)
            losses = []
            for i, head in enumerate(gold):
                for j, tail in enumerate(gold):
                    if i == j:
                        continue
                    chances = slow.relations(head, tail)
                    for label, chance in zip(model.relation_types, chances, strict=True):
                        true = Relation(label, i, j) in sentence.relations
                        losses.append(-(chance if true else 1 - chance).log().item())
            expected["relations"] += sum(losses) / max(len(losses), 1)
        output = model(model.collate(model.encode(JOINT)))
    terms = {name: term.item() for name, term in output.terms.items()}
    assert terms == pytest.approx(expected, rel=1e-4)
    total = expected["entities"] + 0.7 * expected["relations"]
    assert output.loss.item() == pytest.approx(total, rel=1e-4)
    assert output.loss_weight.item() == len(JOINT)


@pytest.mark.parametrize("overlaps", ["keep", "drop"])
@pytest.mark.parametrize("keep", [None, 4])
def test_decoding_against_a_loop(tiny_encoder: Path, overlaps: str, keep: int | None) -> None:
    model = random_build(
        tiny_encoder,
        candidates={"max_width": 4, "overlaps": overlaps},
        relations={"threshold": 0.6, "keep": keep},
    )
    found = predict(model, JOINT)
    number = 0
    for sentence, one in zip(JOINT, found, strict=True):
        with torch.no_grad():
            slow = Slow(model, sentence)
            entities = []
            for span in slow.spans():
                chances = slow.types(*span).exp()
                label = int(chances.argmax())
                if label:
                    entities.append(
                        Entity(model.spans.names[label - 1], *span, chances[label].item())
                    )
            ranked = sorted(entities, key=lambda entity: -entity.score)
            if overlaps == "drop":
                free: list[Entity] = []
                for entity in ranked:
                    if all(entity.end <= it.start or it.end <= entity.start for it in free):
                        free.append(entity)
                ranked = free
                entities = [entity for entity in entities if entity in free]
            relations = [
                Relation(label, i, j, chance)
                for i, head in enumerate(entities)
                for j, tail in enumerate(entities)
                if i != j and head in ranked[:keep] and tail in ranked[:keep]
                for label, chance in zip(
                    model.relation_types,
                    slow.relations(*spans_of([head, tail])).tolist(),
                    strict=True,
                )
                if chance > 0.6
            ]
        assert_same([one], [Annotations(tuple(entities), tuple(relations))], tolerance=1e-5)
        number += len(relations)
    assert number > 3 and max(len(one.entities) for one in found) > 3


def test_a_bound_on_relations_is_said_once(
    tiny_encoder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = random_build(tiny_encoder, relations={"keep": 2})
    for _ in range(2):
        predict(model, JOINT)
    assert [record.getMessage() for record in caplog.records] == [
        "some sentences have more than 2 predicted entities; relations are looked for between the "
        "most probable of them (see relations.keep)"
    ]


def test_slices_of_pairs_change_nothing(tiny_encoder: Path) -> None:
    whole, sliced = (
        predict(random_build(tiny_encoder, pair_memory=memory), JOINT) for memory in (64, 1e-6)
    )
    assert_same(sliced, whole, tolerance=1e-6)
    assert sum(len(one.relations) for one in whole) > 50


# -- what is drawn --


def test_negatives_are_drawn_in_training_only(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, negatives={"spans": 3, "pairs": 1})
    features = model.encode(JOINT)
    losses = []
    for training, seed in ((True, 1), (True, 1), (True, 2), (False, 1), (False, 2)):
        torch.manual_seed(seed)
        model.train(training)
        batch = model.collate(features)
        model.eval()  # without dropout
        losses.append(model(batch).loss.item())
        number = sum(min(3, len(Slow(model, one).spans()) - len(one.entities)) for one in JOINT)
        if training:
            assert (batch.drawn.label_ids == 0).sum() == number
    assert losses[0] == losses[1] and losses[3] == losses[4]
    assert len(set(losses)) == 3


@pytest.mark.parametrize("strong", [True, False])
def test_gradients_of_micro_batches_add_up(tiny_encoder: Path, strong: bool) -> None:
    """Where no negative is left out, also in training mode."""
    negatives = {"spans": None, "pairs": None, "strong": strong}
    model = random_build(tiny_encoder, negatives=negatives, dropout=0.0)
    model.spans.train()
    model.pairs.train()
    model.training = True
    assert_micro_batches_add_up(model, JOINT)


def test_padding_changes_nothing(tiny_encoder: Path) -> None:
    """Neither loss nor what is found, beside a sentence that is much longer."""
    model = random_build(tiny_encoder)
    long = Sentence(("word",) * 60)
    terms, found = [], []
    for sentences in (JOINT, (long, *JOINT)):
        batch = model.collate(model.encode(sentences))
        with torch.no_grad():
            output = model(batch)
            terms.append(output.terms["relations"].item())
            found.append(model.decode(batch, output)[-len(JOINT) :])
    assert terms[0] == pytest.approx(terms[1], rel=1e-5)
    assert_same(found[0], found[1], tolerance=1e-5)
    assert sum(len(one.relations) for one in found[0]) > 10


# -- what it learns --

NESTED = (
    Sentence(
        ("the", "bank", "of", "riga", "met", "ada"),
        (Entity("ORG", 0, 4), Entity("LOC", 3, 4), Entity("PER", 5, 6)),
        (Relation("in", 0, 1), Relation("met", 0, 2), Relation("met", 2, 0)),
    ),
    Sentence(
        ("ida", "met", "una", "of", "oslo"),
        (Entity("PER", 0, 1), Entity("PER", 2, 5), Entity("LOC", 4, 5)),
        (Relation("met", 0, 1), Relation("met", 1, 0), Relation("in", 1, 2)),
    ),
)


def test_learns_nested_entities_and_their_relations(tiny_encoder: Path) -> None:
    """In training mode, with dropout and few negatives at a time."""
    model = build(
        tiny_encoder, Schema.from_sentences(NESTED), negatives={"spans": 5, "pairs": 2}
    ).train()
    features = model.encode(NESTED)
    optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
    for _ in range(80):
        optimiser.zero_grad()
        output = model(model.collate(features))
        (output.loss / output.loss_weight).backward()
        optimiser.step()
    for sentence, found in zip(NESTED, predict(model, NESTED), strict=True):
        assert {*found.entities} == {*sentence.entities}
        assert {
            (r.label, found.entities[r.head], found.entities[r.tail]) for r in found.relations
        } == {
            (r.label, sentence.entities[r.head], sentence.entities[r.tail])
            for r in sentence.relations
        }


# -- gold that has no place, and arguments --


def test_gold_without_a_place(tiny_encoder: Path) -> None:
    wide = Sentence(
        ("a", "b", "c", "d"),
        (Entity("LOC", 0, 3), Entity("ORG", 1, 2), Entity("PER", 1, 2)),
        (Relation("in", 0, 1), Relation("in", 1, 2)),
    )
    kept = replace(wide, entities=wide.entities[1:2], relations=())
    narrow = {"max_width": 2}
    model = build(tiny_encoder, candidates=narrow).eval()
    losses = [model(model.collate(model.encode([one]))).loss.item() for one in (wide, kept)]
    assert losses[0] == losses[1]
    counts = {"relation_of_left_out_entity": 2, "same_span": 1, "too_wide": 1}
    assert model.unrepresentable([wide]) == counts
    assert model.unrepresentable([kept]) == {}
    assert build(tiny_encoder).unrepresentable(NESTED) == {}
    dropping = build(tiny_encoder, candidates={})
    assert dropping.unrepresentable(NESTED) == {"nested": 2, "relation_of_left_out_entity": 2}
    with pytest.raises(DataError, match="strict = false"):
        build(tiny_encoder, candidates=narrow, strict=True).encode([wide])


def test_sentences_with_one_entity_or_none_have_no_pairs(tiny_encoder: Path) -> None:
    few = [Sentence(("a", "b")), Sentence(("Paris",), (Entity("LOC", 0, 1),))]
    output = (model := build(tiny_encoder))(model.collate(model.encode(few)))
    assert output.terms["relations"].item() == 0
    output.loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_autocast(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    batch = model.collate(model.encode(JOINT))
    with torch.autocast("cpu", torch.bfloat16):
        output = model(batch)
    assert output.loss.dtype == torch.float32
    output.loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_the_loss_asks_nothing_of_the_device(tiny_encoder: Path) -> None:
    """Shapes follow from the batch alone, so that a GPU is never waited for in training."""
    model = build(tiny_encoder)
    batch = model.collate(model.encode(JOINT)).to(torch.device("meta"))
    words = torch.empty(len(batch.places), 32, device="meta")
    contexts = torch.empty(len(JOINT), 32, device="meta")
    terms = model.to("meta")._terms(words, contexts, batch.drawn)
    assert [term.shape for term in terms.values()] == [(), ()]


def test_double_precision(tiny_encoder: Path) -> None:
    model = build(tiny_encoder).eval()
    batch = model.collate(model.encode(JOINT))
    with torch.no_grad():
        single, double = model(batch), model.double()(batch)
    assert double.terms["relations"].dtype == torch.float64
    assert double.terms["relations"].item() == pytest.approx(single.terms["relations"].item())


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"candidates": {"max_width": 0}}, r"max_width: must be at least 1"),
        ({"candidates": {"width_size": 0}}, r"width_size: must be at least 1"),
        ({"candidates": {"overlaps": "merge"}}, r"overlaps: .*"),
        ({"negatives": {"spans": -1}}, r"spans: must be at least 0"),
        ({"negatives": {"pairs": -1}}, r"pairs: must be at least 0"),
        ({"relations": {"threshold": 1.0}}, r"threshold: must lie in \(0, 1\)"),
        ({"relations": {"weight": -1.0}}, r"weight: must be 0 or more"),
        ({"relations": {"keep": 1}}, r"keep: must be at least 2"),
        ({"dropout": 1.0}, r"dropout: must lie in"),
        ({"pair_memory": 0.0}, r"pair_memory: must be more than 0"),
        ({"relation": {}}, "no argument 'relation'"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (Schema(entity_types=("LOC",)), "needs relation types"),
        (Schema(relation_types=("in",)), "needs entity types"),
    ],
)
def test_a_corpus_without_labels(tiny_encoder: Path, schema: Schema, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, schema)
    model = build(tiny_encoder)
    spans, pairs = model.spans, model.pairs
    with pytest.raises(ConfigurationError, match=message):
        model.adapt(schema)
    assert model.spans is spans and model.pairs is pairs


@pytest.mark.gpu
def test_on_a_gpu_the_same(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder)
    batch = model.collate(model.encode(JOINT))
    with torch.no_grad():
        here = model(batch)
        found = model.decode(batch, here)
        there_batch = batch.to(torch.device("cuda"), non_blocking=True)
        there = model.cuda()(there_batch)
        again = model.decode(there_batch, there)
    assert there.loss.item() == pytest.approx(here.loss.item(), rel=1e-4)
    assert_same(again, found, tolerance=1e-4)
