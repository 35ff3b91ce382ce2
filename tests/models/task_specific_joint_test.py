"""The task-specific joint model: the contract, the paper's sizes, loss and decoding by loops."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.data.word_vectors import WordVectors
from tango_ie.inference import predict
from tango_ie.models import Model, TaskSpecificJoint
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tests.models.joint_contract import (
    JOINT,
    JOINT_SCHEMA,
    JointContract,
)
from tests.models.model_contract import assert_micro_batches_add_up, assert_same, fit

# (S, N, R) of the paper's Table 3.
TABLE_3 = {"base": (1, 1, 2), "no NER": (2, 0, 2), "no RE": (3, 1, 0), "none": (4, 0, 0)}
SMALL = {"size": 12, "dropout": 0.2}


def layers(numbers: tuple[int, int, int], **params: Any) -> dict[str, Any]:
    return dict(zip(("shared", "entities", "relations"), numbers, strict=True)) | params


def joint_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    wanted = {"layers": SMALL, "relations": {"size": 16, "label_size": 4}, **params}
    return {"type": "task_specific_joint", "encoder": encoder, **wanted}


def build(folder: Path, schema: Schema = JOINT_SCHEMA, **params: Any) -> TaskSpecificJoint:
    torch.manual_seed(0)
    model = Model.from_params(joint_params(folder, **params), schema=schema)
    assert isinstance(model, TaskSpecificJoint)
    return model


class TestBase(JointContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return joint_params(encoder_folder)

    def test_the_loss_falls(self, model: Model) -> None:
        """At a higher rate than that of the contract: these layers begin with random weights."""
        losses = fit(model, self.sentences, steps=12, rate=1e-2)
        assert losses[-1] < 0.8 * losses[0]


class TestWithoutOwnLayers(JointContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        encoder = {"frozen": True, "layers": "mix"}
        relations = {"self_pairs": True, "reduction": "sum", "weight": 1.0}
        tags = {"activation": "relu", "scheme": "bioes"}
        own = layers((2, 0, 0), cell="lstm", variational=True, size=24)
        return joint_params(
            encoder_folder, encoder=encoder, relations=relations, entities=tags, layers=own
        )


# -- the paper's sizes --


@pytest.fixture(scope="module")
def wide_encoder(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """In place of ELMo: 1024 wide, with three layers to mix."""
    from transformers import BertConfig, BertModel

    folder = tmp_path_factory.mktemp("wide")
    for file in tiny_encoder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    config = json.loads((folder / "config.json").read_text()) | {
        "hidden_size": 1024,
        "intermediate_size": 8,
    }
    BertModel(BertConfig(**config)).save_pretrained(folder)
    return folder


@pytest.mark.parametrize("numbers", TABLE_3.values(), ids=TABLE_3)
def test_parameters_of_the_paper(wide_encoder: Path, numbers: tuple[int, int, int]) -> None:
    """Defaults are Table 1's column of CoNLL04; that of characters is inferred from the sum."""
    schema = Schema(
        entity_types=("Loc", "Org", "Other", "Peop"),
        relation_types=("Kill", "Live_In", "Located_In", "OrgBased_In", "Work_For"),
    )
    glove = WordVectors(("a", "b"), np.zeros((2, 300), np.float32))
    characters = {
        "type": "character_birnn",
        "alphabet": "".join(map(chr, range(33, 121))),
        "embedding_size": 32,
        "size": 32,
        "cell": "gru",
    }
    parts = [
        {"type": "transformer", "model": str(wide_encoder), "layers": "mix", "frozen": True},
        {"type": "static_vectors", "vectors": glove},
        characters,
        "casing",
    ]
    encoder = {"type": "concat", "parts": parts}
    params = {"type": "task_specific_joint", "encoder": encoder, "layers": layers(numbers)}
    model = Model.from_params(params, schema=schema)
    assert model.encoder.output_size == 1024 + 300 + 64 + 8
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    assert trained == 6_210_865
    model(model.collate(model.encode([Sentence(("Ada",), (Entity("Peop", 0, 1),))])))


def test_layers_are_where_they_belong(tiny_encoder: Path) -> None:
    """A task's layers get no gradient from the other task's loss; shared ones from both."""
    model = build(tiny_encoder)
    batch = model.collate(model.encode(JOINT))
    for task, other in (("entities", "relations"), ("relations", "entities")):
        model.zero_grad()
        model(batch).terms[task].backward()
        reached = {name for name, weight in model.named_parameters() if weight.grad is not None}
        own, others = (
            ("entity_layers.", "relation_layers.")
            if task == "entities"
            else (
                "relation_layers.",
                "entity_layers.",
            )
        )
        assert any(name.startswith(own) for name in reached), task
        assert not any(name.startswith(others) for name in reached), other
        assert any(name.startswith("shared_layers.") for name in reached)


# -- loss and decoding by loops --


def random_build(folder: Path, **params: Any) -> TaskSpecificJoint:
    """With weights large enough for all parts to matter."""
    model = build(folder, **params).eval()
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if not name.startswith(("encoder.", "tags.crf")):
                weight.normal_(std=0.4)
    return model


def slow_logits(
    model: TaskSpecificJoint, words: torch.Tensor, entities: Any, tags: Any
) -> dict[tuple[int, int], torch.Tensor]:
    """Of all pairs of a sentence, one at a time; words (T, H)."""
    vectors = [
        torch.cat([words[entity.end - 1], model.tag_vectors.weight[tags[entity.end - 1]]])
        for entity in entities
    ]
    return {
        (head, tail): model.scorer(
            torch.stack([vectors[head], vectors[tail]]), EntityPairs.of([2])
        )[0]
        for head in range(len(vectors))
        for tail in range(len(vectors))
        if head != tail or model.relations.self_pairs
    }


@pytest.mark.parametrize("reduction", ["mean", "sum"])
@pytest.mark.parametrize("self_pairs", [False, True])
def test_the_loss_against_a_loop(tiny_encoder: Path, reduction: str, self_pairs: bool) -> None:
    relations = {"size": 8, "label_size": 3, "reduction": reduction, "self_pairs": self_pairs}
    model = random_build(tiny_encoder, relations=relations | {"weight": 0.7})
    expected = {"entities": 0.0, "relations": 0.0}
    with torch.no_grad():
        for sentence in JOINT:
            batch = model.collate(model.encode([sentence]))
            words = model.shared_layers(model.encoder(batch.words), batch.words.word_mask)
            mask = batch.words.word_mask
            features = model.tag_features(model.entity_layers(words, mask))
            tags = torch.tensor(model.tags.gold(sentence)).long()
            scores = model.tags(features)
            expected["entities"] -= model.tags.crf.log_likelihood(scores, tags[None], mask).item()
            own = model.relation_layers(words, mask)[0]
            losses = [0.0]
            for (head, tail), row in slow_logits(model, own, sentence.entities, tags).items():
                for label, logit in zip(model.relation_types, row, strict=True):
                    true = Relation(label, head, tail) in sentence.relations
                    probability = logit.sigmoid() if true else (-logit).sigmoid()
                    losses.append(-probability.log().item())
            number = max(len(losses) - 1, 1) if reduction == "mean" else 1
            expected["relations"] += sum(losses) / number
        output = model(model.collate(model.encode(JOINT)))
    terms = {name: term.item() for name, term in output.terms.items()}
    assert terms == pytest.approx(expected, rel=1e-4)
    total = expected["entities"] + 0.7 * expected["relations"]
    assert output.loss.item() == pytest.approx(total, rel=1e-4)
    assert output.loss_weight.item() == len(JOINT)


@pytest.mark.parametrize("self_pairs", [False, True])
def test_decoding_against_a_loop(tiny_encoder: Path, self_pairs: bool) -> None:
    """Tags and relations of what was found, by the tags that were found."""
    relations = {"size": 8, "label_size": 3, "self_pairs": self_pairs, "threshold": 0.6}
    model = random_build(tiny_encoder, relations=relations)
    batch = model.collate(model.encode(JOINT, with_gold=False))
    number = 0
    with torch.no_grad():
        output = model(batch)
        found = model.decode(batch, output)
        paths = model.tags.best_paths(output.tag_logits, batch.words.word_mask)
        for row, one in enumerate(found):
            logits = slow_logits(model, output.relation_words[row], one.entities, paths[row])
            expected = {
                Relation(model.relation_types[label], *ends): score
                for ends, scores in logits.items()
                for label, score in enumerate(scores.sigmoid().tolist())
                if score > 0.6
            }
            assert {*one.relations} == {*expected}
            number += len(expected)
            for relation in one.relations:
                assert relation.score == pytest.approx(expected[relation], abs=1e-5)
    assert number > 3 and max(len(one.entities) for one in found) > 2


def test_training_sees_gold_and_prediction_what_was_found(tiny_encoder: Path) -> None:
    model = build(tiny_encoder).eval()
    batch = model.collate(model.encode(JOINT))
    gold = [tag for sentence in JOINT for tag in model.tags.gold(sentence)[_last(sentence)]]
    seen: list[torch.Tensor] = []
    model.tag_vectors.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0]))
    # One entity is found, and it is none of gold's: the first two words of the third sentence.
    found = [Annotations()] * len(JOINT)
    found[2] = Annotations((Entity("LOC", 0, 2),))
    model.tags.decode = lambda *_: found
    with torch.no_grad():
        output = model(batch)
        assert seen.pop().tolist() == gold
        assert model.decode(batch, output)[2].entities == found[2].entities
    assert seen.pop().tolist() == [model.tags.tags.index("I-LOC")] and not seen


def _last(sentence: Sentence) -> list[int]:
    return [entity.end - 1 for entity in sentence.entities]


def test_prediction_scores_what_the_loss_has_seen(tiny_encoder: Path) -> None:
    """Where all entities are found, a pair has one score in training and prediction."""
    model = build(tiny_encoder, relations={"threshold": 0.01})
    fit(model, JOINT, steps=40, rate=1e-2)
    with torch.no_grad():
        batch = model.collate(model.encode(JOINT))
        output = model(batch)
        found = model.decode(batch, output)
    assert [{*one.entities} for one in found] == [{*one.entities} for one in JOINT]
    pairs, shown = batch.gold.pairs, output.pair_logits.sigmoid()
    starts = np.cumsum(pairs.counts) - pairs.counts
    number = 0
    for start, one in zip(starts.tolist(), found, strict=True):
        for relation in one.relations:
            ends = torch.tensor([start + relation.head]), torch.tensor([start + relation.tail])
            label = model.relation_types.index(relation.label)
            expected = shown[pairs.find(*ends)[0], label].item()
            assert relation.score == pytest.approx(expected, abs=1e-5)
            number += 1
    assert number >= 6


# -- what it learns --

PEOPLE, TOWNS = ("Ada", "Ida", "Eva", "Una"), ("Riga", "Oslo")
INVENTED = tuple(
    Sentence(
        (one, "of", town, verb, other),
        (Entity("PER", 0, 1), Entity("LOC", 2, 3), Entity("PER", 4, 5)),
        (
            Relation("in", 0, 1),
            # One verb has the teacher in front, the other at the end.
            Relation("taught", 0, 2) if verb == "taught" else Relation("taught", 2, 0),
        ),
    )
    for one, other in zip(PEOPLE, PEOPLE[::-1], strict=True)
    for town, verb in zip(TOWNS, ("taught", "followed"), strict=True)
)


def test_learns_relations_in_both_directions(tiny_encoder: Path) -> None:
    """In training mode, with dropout; what differs is the verb alone."""
    torch.manual_seed(0)
    params = joint_params(
        tiny_encoder,
        encoder={"frozen": True, "layers": "mix"},
        layers={"size": 24, "dropout": 0.1},
        relations={"dropout": 0.1},
    )
    model = Model.from_params(params, schema=Schema.from_sentences(INVENTED)).train()
    batch = model.collate(model.encode(INVENTED))
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-2)
    for _ in range(60):
        optimiser.zero_grad()
        output = model(batch)
        (output.loss / output.loss_weight).backward()
        optimiser.step()
    for sentence, found in zip(INVENTED, predict(model, INVENTED), strict=True):
        assert {*found.entities} == {*sentence.entities}
        assert {*found.relations} == {*sentence.relations}


# -- gold that has no place, and arguments --


def test_overlaps_lose_the_shorter_entity_and_its_relations(tiny_encoder: Path) -> None:
    nested = Sentence(
        ("a", "b", "c", "d"),
        (Entity("LOC", 0, 1), Entity("ORG", 0, 2), Entity("PER", 3, 4), Entity("PER", 3, 4)),
        (Relation("in", 0, 2), Relation("in", 1, 3), Relation("met", 2, 3)),
    )
    kept = replace(nested, entities=nested.entities[1:3], relations=(Relation("in", 0, 1),))
    model = build(tiny_encoder).eval()
    losses = [model(model.collate(model.encode([one]))).loss.item() for one in (nested, kept)]
    assert losses[0] == losses[1]
    counts = {"nested": 1, "relation_of_left_out_entity": 1, "relation_with_itself": 1}
    assert model.unrepresentable([nested]) == counts
    assert model.unrepresentable([kept]) == {}
    with pytest.raises(DataError, match="strict = false"):
        build(tiny_encoder, strict=True).encode([nested])


@pytest.mark.parametrize("numbers", [(0, 0, 0), (0, 2, 0), (0, 0, 1)])
def test_there_may_be_no_layers(tiny_encoder: Path, numbers: tuple[int, int, int]) -> None:
    model = build(tiny_encoder, layers=layers(numbers, size=6))
    losses = fit(model, JOINT, steps=12, rate=1e-2)
    assert losses[-1] < 0.8 * losses[0]
    sizes = [12 if any(part) else 32 for part in ((numbers[1],), (numbers[2],))]
    assert model.tag_features.in_features == sizes[0]
    assert model.scorer.features.in_features == sizes[1] + 4


def test_sentences_with_one_entity_or_none_have_no_pairs(tiny_encoder: Path) -> None:
    few = [Sentence(("a", "b")), Sentence(("Paris",), (Entity("LOC", 0, 1),))]
    output = (model := build(tiny_encoder))(model.collate(model.encode(few)))
    assert output.pair_logits.shape == (0, 2) and output.terms["relations"].item() == 0
    output.loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_padding_changes_nothing(tiny_encoder: Path) -> None:
    """Neither loss nor relations, beside a sentence that is much longer."""
    model = random_build(tiny_encoder, relations={"threshold": 0.5}).eval()
    long = Sentence(("word",) * 60)
    terms, found = [], []
    for sentences in (JOINT, (*JOINT, long)):
        batch = model.collate(model.encode(sentences))
        with torch.no_grad():
            output = model(batch)
            terms.append(output.terms["relations"].item())
            found.append(model.decode(batch, output)[: len(JOINT)])
    assert terms[0] == pytest.approx(terms[1], rel=1e-5)
    assert_same(found[0], found[1], tolerance=1e-5)
    assert sum(len(one.relations) for one in found[0]) > 3


def test_gradients_of_micro_batches_add_up(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder)
    assert_micro_batches_add_up(model, JOINT)


def test_autocast(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    batch = model.collate(model.encode(JOINT))
    with torch.autocast("cpu", torch.bfloat16):
        output = model(batch)
    assert output.pair_logits.dtype == output.loss.dtype == torch.float32
    output.loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_adapting_keeps_the_vectors_of_tags(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    old, tags = model.tag_vectors.weight.clone(), model.tags.tags
    model.adapt(Schema(entity_types=("EVENT", "PER"), relation_types=("met", "new")))
    for label in ("O", "B-PER", "I-PER"):
        here, there = model.tags.tags.index(label), tags.index(label)
        assert torch.equal(model.tag_vectors.weight[here], old[there])
    assert model.relation_types == ("met", "new") and len(model.tag_vectors.weight) == 5


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"layers": {"shared": -1}}, r"shared: must be at least 0"),
        ({"layers": {"size": 0}}, r"size: must be at least 1"),
        ({"layers": {"dropout": 1.0}}, r"dropout: must lie in"),
        ({"layers": {"cell": "rnn"}}, r"cell: .*"),
        ({"entities": {"size": 0}}, r"size: must be at least 1"),
        ({"relations": {"threshold": 1.0}}, r"threshold: must lie in \(0, 1\)"),
        ({"relations": {"weight": -1.0}}, r"weight: must be 0 or more"),
        ({"relations": {"label_size": 0}}, r"label_size: must be at least 1"),
        ({"relation": {}}, "no argument 'relation'"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_a_corpus_without_relations(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs relation types"):
        build(tiny_encoder, Schema(entity_types=("LOC",)))


@pytest.mark.gpu
def test_on_a_gpu_the_same(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder, relations={"threshold": 0.5})
    batch = model.collate(model.encode(JOINT))
    with torch.no_grad():
        here = model(batch)
        found = model.decode(batch, here)
        there_batch = batch.to(torch.device("cuda"), non_blocking=True)
        there = model.cuda()(there_batch)
        again = model.decode(there_batch, there)
    assert there.loss.item() == pytest.approx(here.loss.item(), rel=1e-4)
    assert_same(again, found, tolerance=1e-4)
