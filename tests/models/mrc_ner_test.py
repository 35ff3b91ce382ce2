"""BERT-MRC: the contract, its equations written out, and what queries promise."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Archive, predict
from tango_ie.models import Model
from tango_ie.models.mrc_ner import MrcNer
from tests.models.model_contract import SENTENCES, ModelContract, assert_same

SCHEMA = Schema(entity_types=("LOC", "ORG", "PER"))
LONG = Sentence(tuple("abcdefghij" * 9), (Entity("PER", 30, 34), Entity("PER", 32, 60)))
NESTED = Sentence(
    ("the", "Bank", "of", "England", "and", "Wales"),
    (Entity("ORG", 1, 4), Entity("LOC", 3, 4), Entity("ORG", 1, 6), Entity("LOC", 5, 6)),
)
GOLD = (*SENTENCES, NESTED, LONG)


def mrc_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    return {"type": "mrc_ner", "encoder": encoder, "match_size": 16, **params}


def build(folder: Path, schema: Schema = SCHEMA, **params: Any) -> MrcNer:
    torch.manual_seed(0)
    model = Model.from_params(mrc_params(folder, **params), schema=schema)
    assert isinstance(model, MrcNer)
    return model.eval()


def lively(folder: Path, schema: Schema = SCHEMA, **params: Any) -> MrcNer:
    """A model that finds many things, at random."""
    model = build(folder, schema, **params)
    with torch.no_grad():
        for linear in (model.reading.start, model.reading.end, model.reading.match.outer):
            linear.weight.normal_(std=1.5)
            linear.bias.zero_()
    return model


class TestDefaults(ModelContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return mrc_params(encoder_folder)


class TestNestedWithAllCandidates(ModelContract):
    sentences = (*SENTENCES, NESTED)

    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return mrc_params(
            encoder_folder,
            nested=True,
            queries={"template": "find a {name}."},
            objective={"candidates": "all", "match": 1.0},
            encoder={"layers": "mix"},
            pass_size=400,
        )


# The equations, one pair after the other


def written_out(model: MrcNer, sentence: Sentence, query: str) -> tuple[Tensor, Tensor, Tensor]:
    """Logits of starts (T,), ends (T,) and matches (T, T), from one row of `[CLS] q [SEP] s [SEP]`.

    Only for sentences of one window.
    """
    tokenizer = model.encoder.tokenizer.tokenizer
    words = [*query.split(), *sentence.words]
    pieces = [tokenizer.encode(word, add_special_tokens=False) for word in words]
    asked = [piece for word in pieces[: len(query.split())] for piece in word]
    own = pieces[len(query.split()) :]
    cls, sep = tokenizer.cls_token_id, tokenizer.sep_token_id
    ids = [cls, *asked, sep, *[piece for word in own for piece in word], sep]
    before = len(asked) + 2
    output = model.encoder.transformer(
        input_ids=torch.tensor([ids]),
        token_type_ids=torch.tensor([[0] * before + [1] * (len(ids) - before)]),
    )
    states = output.last_hidden_state[0]
    ends = before + np.cumsum([len(piece) for piece in own])
    firsts = states[ends - [len(piece) for piece in own]]
    lasts = states[ends - 1]
    head = model.reading
    pairs = [[torch.cat([first, last]) for last in lasts] for first in firsts]
    stacked = torch.stack([torch.stack(row) for row in pairs])  # (T, T, 2H)
    match = head.match.outer(torch.nn.functional.gelu(head.match.inner(stacked)))
    return head.start(firsts).squeeze(1), head.end(lasts).squeeze(1), match.squeeze(2)


@pytest.mark.parametrize("candidates", ["pred_and_gold", "all"])
def test_loss_by_hand(tiny_encoder: Path, candidates: str) -> None:
    weights = {"start": 1.0, "end": 2.0, "match": 0.5}
    model = lively(tiny_encoder, nested=True, objective={"candidates": candidates, **weights})
    sentences = [*SENTENCES, NESTED]
    output = model(model.collate(model.encode(sentences)))
    entropy = torch.nn.functional.binary_cross_entropy_with_logits
    total = 0.0
    for sentence in sentences:
        terms: dict[str, list[Tensor]] = {"start": [], "end": [], "match": []}
        for label, name in (("LOC", "location"), ("ORG", "organization"), ("PER", "person")):
            starts, ends, matches = written_out(model, sentence, name)
            gold = [(e.start, e.end - 1) for e in sentence.entities if e.label == label]
            first, last = {start for start, _ in gold}, {end for _, end in gold}
            for i in range(len(sentence)):
                terms["start"].append(entropy(starts[i], torch.tensor(float(i in first))))
                terms["end"].append(entropy(ends[i], torch.tensor(float(i in last))))
                for j in range(i, len(sentence)):
                    found = starts[i] > 0 and ends[j] > 0
                    if candidates == "all" or found or (i in first and j in last):
                        truth = torch.tensor(float((i, j) in gold))
                        terms["match"].append(entropy(matches[i, j], truth))
        for term, weight in weights.items():
            if terms[term]:
                total += weight / 3.5 * torch.stack(terms[term]).mean().item()
    assert output.loss.item() == pytest.approx(total, rel=1e-4)
    assert output.loss_weight.item() == len(sentences)


def test_decoding_by_hand(tiny_encoder: Path) -> None:
    model = lively(tiny_encoder, nested=True)
    found = predict(model, GOLD[:-1])
    count = 0
    for sentence, item in zip(GOLD[:-1], found, strict=True):
        expected = {}
        for label, name in (("LOC", "location"), ("ORG", "organization"), ("PER", "person")):
            starts, ends, matches = written_out(model, sentence, name)
            for i in range(len(sentence)):
                for j in range(i, len(sentence)):
                    logits = (starts[i], ends[j], matches[i, j])
                    if all(logit > 0 for logit in logits):
                        expected[label, i, j + 1] = torch.stack(logits).min().sigmoid().item()
        scores = {(e.label, e.start, e.end): e.score for e in item.entities}
        assert scores == pytest.approx(expected, abs=1e-5)
        count += len(scores)
    assert count > 10


def test_flat_keeps_the_best_of_those_that_overlap(tiny_encoder: Path) -> None:
    nested = predict(lively(tiny_encoder, nested=True), GOLD)
    flat = predict(lively(tiny_encoder), GOLD)
    for sentence, whole, chosen in zip(GOLD, nested, flat, strict=True):
        free, expected = [True] * len(sentence), set()
        for entity in sorted(whole.entities, key=lambda one: -(one.score or 0)):
            if all(free[entity.start : entity.end]):
                free[entity.start : entity.end] = [False] * (entity.end - entity.start)
                expected.add(entity)
        assert set(chosen.entities) == expected
    assert sum(len(item.entities) for item in flat) < sum(len(item.entities) for item in nested)


# What does not change what


def logits(model: MrcNer, sentences: Sequence[Sentence]) -> dict[tuple[int, str], Tensor]:
    """Starts and ends of every sentence and type."""
    kept: dict[tuple[int, str], Tensor] = {}
    batch = model.collate(model.encode(sentences, with_gold=False))

    def hook(module: Any, arguments: Any, scored: Any) -> None:
        kept_pass.append(scored)

    kept_pass: list[Any] = []
    handle = model.reading.register_forward_hook(hook)
    from tango_ie.models import mrc_ner

    seen: list[Any] = []
    original = mrc_ner.passes

    def watched(*arguments: Any) -> Any:
        for one in original(*arguments):
            seen.append(one)
            yield one

    mrc_ner.passes = watched  # type: ignore[assignment]
    try:
        with torch.no_grad():
            model(batch)
    finally:
        mrc_ner.passes = original
        handle.remove()
    for one, scored in zip(seen, kept_pass, strict=True):
        for place, (sentence, query) in enumerate(
            zip(one.sentences.tolist(), one.queries.tolist(), strict=True)
        ):
            size = len(sentences[sentence])
            values = torch.stack([scored.starts[place, :size], scored.ends[place, :size]])
            kept[sentence, model.schema.entity_types[query]] = values
    return kept


def assert_close(
    found: dict[tuple[int, str], Tensor], expected: dict[tuple[int, str], Tensor]
) -> None:
    assert found.keys() == expected.keys()
    for key, value in found.items():
        torch.testing.assert_close(value, expected[key], atol=1e-5, rtol=1e-5)


def test_types_do_not_see_each_other(tiny_encoder: Path) -> None:
    model = lively(tiny_encoder)
    before = logits(model, GOLD)
    more = ("PER", "a_label_with_a_name_that_is_rather_long", "LOC", "DATE", "ORG")
    model.adapt(Schema(entity_types=more))
    after = logits(model, GOLD)
    assert len(after) == 5 * len(GOLD)
    assert_close({key: value for key, value in after.items() if key in before}, before)


@settings(max_examples=4)
@given(st.permutations(range(len(GOLD))), st.integers(1, 500))
def test_neither_company_nor_the_size_of_a_pass_matters(
    tiny_encoder: Path, order: list[int], size: int
) -> None:
    model = lively(tiny_encoder, pass_size=size, encoder={"max_length": 100})
    whole = lively(tiny_encoder, pass_size=10**6, encoder={"max_length": 100})
    expected = logits(whole, GOLD)
    found = logits(model, [GOLD[place] for place in order])
    assert_close({(order[place], label): one for (place, label), one in found.items()}, expected)


def test_types_do_not_see_each_other_through_gates(tiny_encoder: Path) -> None:
    model = lively(tiny_encoder, encoder={"tuning": {"type": "unipelt"}})
    with torch.no_grad():
        for name, weight in model.named_parameters():
            if ".tuning." in name:
                weight.normal_(std=0.3)
    before = logits(model, GOLD)
    model.adapt(Schema(entity_types=("PER", "a_name_that_is_long")))
    after = logits(model, GOLD)
    assert_close(
        {key: value for key, value in after.items() if key[1] == "PER"},
        {key: value for key, value in before.items() if key[1] == "PER"},
    )
    plain = logits(lively(tiny_encoder), GOLD)
    assert (plain[0, "PER"] - before[0, "PER"]).abs().max() > 1e-2


def test_the_gradient_of_parts_is_that_of_the_whole(tiny_encoder: Path) -> None:
    def gradients(model: MrcNer, batches: Sequence[Sequence[Sentence]]) -> dict[str, Tensor]:
        for sentences in batches:
            model(model.collate(model.encode(sentences))).loss.backward()
        return {
            name: weight.grad
            for name, weight in model.named_parameters()
            if weight.grad is not None
        }

    whole = gradients(lively(tiny_encoder, pass_size=10**6), [GOLD])
    parts = gradients(lively(tiny_encoder), [GOLD[:2], GOLD[2:3], GOLD[3:]])
    passes = gradients(lively(tiny_encoder, pass_size=30), [GOLD])
    assert whole.keys() == parts.keys() == passes.keys()
    for name, gradient in whole.items():
        torch.testing.assert_close(parts[name], gradient, atol=1e-4, rtol=1e-3)
        torch.testing.assert_close(passes[name], gradient, atol=1e-4, rtol=1e-3)


def test_a_long_sentence_has_one_vector_for_every_word(tiny_encoder: Path) -> None:
    model = lively(tiny_encoder, encoder={"max_length": 90})
    (item,) = model.encode([LONG])
    assert len(item.words.windows.starts) > 2
    found = logits(model, [LONG])
    assert all(value.shape == (2, len(LONG)) for value in found.values())
    # A word near the middle of a window is read as in a sentence that is this window.
    start = int(item.words.windows.starts[1])
    inside = Sentence(LONG.words[start : start + model.capacity])
    alone = logits(model, [inside])[0, "PER"]
    middle = model.capacity // 2
    torch.testing.assert_close(
        found[0, "PER"][:, start + middle], alone[:, middle], atol=1e-5, rtol=1e-5
    )


def test_features_do_not_grow_with_the_types(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    few = model.encode(GOLD)
    model.adapt(Schema(entity_types=("LOC", *(f"TYPE_{place}" for place in range(500)))))
    many = model.encode([replace(sentence, entities=()) for sentence in GOLD])
    for one, other in zip(few, many, strict=True):
        assert np.array_equal(one.words.pieces, other.words.pieces)
        assert one.words.word_sizes.nbytes == other.words.word_sizes.nbytes
        assert other.cost > 100 * one.cost
    assert model.collate(many).rows.ids.shape == model.collate(few).rows.ids.shape


def test_the_cost_is_that_of_all_pairs(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    (item,) = model.encode([Sentence(("ab", "c"))])
    names = len("location") + len("organization") + len("person")
    assert item.cost == 3 * 3 + names + 3 * 2  # sub-words are letters; [CLS] and [SEP]


# Types that training has not seen


def test_unseen_types(tiny_encoder: Path) -> None:
    schema = Schema(entity_types=("b", "c"))
    model = lively(tiny_encoder, schema, nested=True)
    weights = {name: weight.clone() for name, weight in model.state_dict().items()}
    sentences = [replace(sentence, entities=()) for sentence in GOLD]
    before = predict(model, sentences)
    assert {entity.label for item in before for entity in item.entities} == {"b", "c"}
    # A type is what its query says: another label with the same name finds the same.
    model.adapt(Schema(entity_types=("NEW", "c", "d"), names={"NEW": "b"}))
    labels = {"NEW": "b", "c": "c"}
    for one, other in zip(before, predict(model, sentences), strict=True):
        expected = {(e.label, e.start, e.end): e.score for e in one.entities}
        found = {
            (labels[e.label], e.start, e.end): e.score for e in other.entities if e.label in labels
        }
        assert found == pytest.approx(expected, abs=1e-5)
    model.adapt(schema)
    assert_same(predict(model, sentences), before, tolerance=1e-6)
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, weights[name])


def test_queries_of_a_file(tiny_encoder: Path, tmp_path: Path) -> None:
    file = tmp_path / "queries.json"
    file.write_text(json.dumps({"LOC": "where?", "ORG": "which?"}), encoding="utf-8")
    texts = {"LOC": "where?", "ORG": "which?", "PER": "person"}
    from_file = lively(tiny_encoder, queries={"file": str(file)})
    assert_close(
        logits(from_file, GOLD), logits(lively(tiny_encoder, queries={"texts": texts}), GOLD)
    )


def test_an_archive_does_not_need_the_file(tiny_encoder: Path, tmp_path: Path) -> None:
    file = tmp_path / "queries.json"
    file.write_text(json.dumps({"LOC": "where?", "ORG": "which?"}), encoding="utf-8")
    params = {**mrc_params(tiny_encoder), "queries": {"file": str(file)}}
    model = Model.from_params(params, schema=SCHEMA).eval()
    archive = Archive.save(model, tmp_path / "archive", params, {})
    file.unlink()
    assert_same(predict(archive.load(), SENTENCES), predict(model, SENTENCES), tolerance=1e-6)


# Training on some types


def test_negatives(tiny_encoder: Path) -> None:
    model = build(tiny_encoder, objective={"negatives": 0.0})
    batch = model.collate(model.encode(SENTENCES))
    model.train()
    asked = {(row, column) for row, column in model._asked(4, batch.gold).tolist()}
    with_answer = {(0, 0), (0, 2), (1, 0), (1, 1), (3, 0)}
    assert with_answer < asked and [row for row, _ in asked - with_answer] == [2]
    assert model(batch).loss.requires_grad
    model.eval()
    assert len(model._asked(4, batch.gold)) == len(model._asked(4, None)) == 12
    model.train().objective = replace(model.objective, negatives=0.5)
    drawn = [len(model._asked(4, batch.gold)) for _ in range(40)]
    assert 5 < np.mean(drawn) < 12 and len(set(drawn)) > 2


def test_gold_once_and_known(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    twice = Sentence(("a", "b"), (Entity("PER", 0, 2), Entity("PER", 0, 2)))
    assert model.encode([twice])[0].spans.tolist() == [[2, 0, 1]]
    with pytest.raises(DataError, match=r"'DATE' of 'a' is not known .* LOC, ORG, PER"):
        model.encode([Sentence(("a",), (Entity("DATE", 0, 1),))])


def test_gold_that_overlaps(tiny_encoder: Path) -> None:
    flat, nested = build(tiny_encoder), build(tiny_encoder, nested=True)
    assert flat.unrepresentable([NESTED]) == {"nested": 3}
    assert nested.unrepresentable([NESTED]) == {}
    assert flat.encode([NESTED])[0].spans.tolist() == [[1, 1, 5]]
    spans = [[0, 3, 3], [0, 5, 5], [1, 1, 3], [1, 1, 5]]
    assert nested.encode([NESTED])[0].spans.tolist() == spans


def test_autocast(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(model.collate(model.encode(GOLD)))
    assert output.loss.dtype == torch.float32
    output.loss.backward()


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"encoder": {"type": "character_cnn", "model": None}}, "encoder"),
        ({"encoder": {"pooling": "mean"}}, r"encoder\.pooling: .*leave pooling at 'first'"),
        ({"encoder": {"context": {"tokens": 3}}}, r"encoder\.context: .* set it to null"),
        ({"queries": {"names": {"PER": "location"}}}, "'LOC' and 'PER' have the same"),
        ({"queries": {"template": "{nam}"}}, r"queries\.template: must say where"),
        ({"queries": {"texts": {"PER": "person " * 20}}}, "'PER' has 120 sub-words, more than"),
        ({"max_query": 125}, "max_query: must lie between 1 and 124 .* 128 sub-words"),
        ({"match_size": 0}, "match_size: must be at least 1"),
        ({"pass_size": 0}, "pass_size: must be at least 1"),
        ({"dropout": 1.0}, "dropout"),
        ({"objective": {"negatives": 2}}, r"objective\.negatives: must lie in"),
        ({"objective": {"start": -1}}, r"objective\.start: must be 0 or more"),
        ({"objective": {"start": 0, "end": 0, "match": 0}}, "nothing is learned"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    if params.get("encoder", {}).get("type"):
        params = {**mrc_params(tiny_encoder), "encoder": "character_cnn"}
        with pytest.raises(ConfigurationError, match="must be a tango_ie::transformer"):
            Model.from_params(params, schema=SCHEMA)
        return
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_a_schema_without_entities(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="needs entity types"):
        build(tiny_encoder, schema=Schema())
