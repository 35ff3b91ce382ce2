"""PMEI: the contract for every row of its ablation table, its loss and its decoding by loops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import predict
from tango_ie.models import Model
from tango_ie.models.progressive_joint import ProgressiveJoint
from tests.models.joint_contract import JOINT, JOINT_SCHEMA, JointContract
from tests.models.model_contract import assert_micro_batches_add_up, redrawn

SCHEMA = JOINT_SCHEMA
TABLE_6: dict[str, dict[str, Any]] = {
    "PMEI": {},
    "MTL": {"early": "none", "stochastic": False},
    "MTL + SM": {"early": "none"},
    "w/o SM": {"stochastic": False},
    "w/o interaction": {"early": "own"},
    "w/o GRU": {"cell": "linear"},
}


def joint_params(folder: Path, **params: Any) -> dict[str, Any]:
    encoder = {"type": "transformer", "model": str(folder), **params.pop("encoder", {})}
    return {"type": "progressive_joint", "encoder": encoder, **params}


def build(folder: Path, schema: Schema = SCHEMA, **params: Any) -> ProgressiveJoint:
    torch.manual_seed(0)
    model = Model.from_params(joint_params(folder, **params), schema=schema)
    assert isinstance(model, ProgressiveJoint)
    return model


def random_build(folder: Path, **params: Any) -> ProgressiveJoint:
    """With weights large enough for all parts to matter."""
    model = build(folder, **params).eval()
    redrawn(model, std=0.3)
    return model


class TestPMEI(JointContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        return joint_params(encoder_folder)


class TestOwnBothSides(JointContract):
    def params(self, encoder_folder: Path) -> dict[str, Any]:
        progress = {"early": "own", "cell": "linear", "pool": "both", "beta_relations": 0.0}
        pairs = {"size": 12, "self_pairs": True, "orphans": "word"}
        return joint_params(encoder_folder, progress=progress, pairs=pairs)


def test_the_loss_against_a_slow_one(tiny_encoder: Path) -> None:
    """Sentence by sentence, with the whole grid and ``torch.distributions``."""
    weights = {"alpha": 0.3, "beta_entities": 0.02, "beta_relations": 0.05, "least_variance": 0.01}
    model = random_build(tiny_encoder, progress={"pool": "both", **weights})
    expected = dict.fromkeys(model.train()(batch_of(model, JOINT)).terms, 0.0)
    model.eval()
    with torch.no_grad():
        for sentence in JOINT:
            batch = model.collate(model.encode([sentence]))
            vectors = model.encoder(batch.words)[0]  # (T, H)
            tags, pooled = slow_heads(model.early, vectors, sentence, expected, "early ")
            evidence = torch.cat([tags, *pooled], dim=-1)
            drawn = {}
            for task, one in (("entities", model.entity_map), ("relations", model.relation_map)):
                deviation = one.deviation(vectors, evidence).square().add(0.01).sqrt()
                drawn[task] = torch.distributions.Normal(one.mean(vectors, evidence), deviation)
                scale = one.prior_deviation(evidence).square().add(0.01).sqrt()
                prior = torch.distributions.Normal(one.prior_mean(evidence), scale)
                divergence = torch.distributions.kl_divergence(drawn[task], prior)
                expected[f"divergence of {task}"] += divergence.sum().item()
            slow_heads(model.heads, drawn["entities"].mean, sentence, expected, "", grid=False)
            slow_heads(model.heads, drawn["relations"].mean, sentence, expected, "", tags=False)
        output = model(batch_of(model, JOINT))
    assert {name: term.item() for name, term in output.terms.items()} == pytest.approx(
        expected, rel=1e-4
    )
    factors = {"alpha": "early ", "beta_": "divergence of "}
    total = expected["entities"] + expected["relations"]
    for task in ("entities", "relations"):
        total += 0.3 * expected[factors["alpha"] + task]
        total += weights[f"beta_{task}"] * expected[factors["beta_"] + task]
    assert output.loss.item() == pytest.approx(total, rel=1e-4)
    assert output.loss_weight.item() == len(JOINT)


def slow_heads(
    heads: Any,
    vectors: torch.Tensor,
    sentence: Sentence,
    losses: dict[str, float],
    prefix: str,
    tags: bool = True,
    grid: bool = True,
) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """Adds losses, and gives the probabilities of tags (T, L) and the two maxima (T, R)."""
    logits = heads.tags(vectors)
    if tags:
        for word, tag in zip(logits, heads.tags.gold(sentence), strict=True):
            losses[f"{prefix}entities"] -= word.log_softmax(0)[tag].item()
    parts = heads.grid
    hidden = parts.heads(vectors).unsqueeze(1) + parts.tails(vectors)  # (T, T, M)
    cells = parts.labels(hidden.relu()).sigmoid()  # (T, T, R)
    cells = cells * (1 - torch.eye(len(vectors)).unsqueeze(-1))
    true = torch.zeros_like(cells)
    for relation in sentence.relations:
        head, tail = (sentence.entities[end].start for end in (relation.head, relation.tail))
        true[head, tail, parts.names.index(relation.label)] = 1
    if grid:
        chosen = torch.where(true == 1, cells, 1 - cells)
        losses[f"{prefix}relations"] -= chosen.log().sum().item()
    return logits.softmax(-1), [cells.amax(1), cells.amax(0)]


def batch_of(model: ProgressiveJoint, sentences: Any) -> Any:
    return model.collate(model.encode(sentences))


@pytest.mark.parametrize("row", TABLE_6)
def test_every_row_of_the_table_learns(tiny_encoder: Path, row: str) -> None:
    """In training mode: with dropout, and with draws where there are any."""
    model = build(tiny_encoder, progress=TABLE_6[row]).train()
    optimiser = torch.optim.Adam(model.parameters(), lr=3e-3)
    batch, losses = batch_of(model, JOINT), []
    for _ in range(12):
        optimiser.zero_grad()
        output = model(batch)
        (output.loss / output.loss_weight).backward()
        optimiser.step()
        losses.append(output.loss.item())
    assert sum(losses[-3:]) < 0.8 * sum(losses[:3])
    early = {"early entities", "early relations"} if "MTL" not in row else set()
    drawn = row not in ("MTL", "w/o SM")
    divergences = {"divergence of entities", "divergence of relations"} if drawn else set()
    assert set(output.terms) == {"entities", "relations"} | early | divergences


def test_rows_have_what_they_need_and_no_more(tiny_encoder: Path) -> None:
    sizes = {
        row: sum(
            weight.numel()
            for name, weight in build(tiny_encoder, progress=progress).named_parameters()
            if not name.startswith(("encoder.", "heads."))
        )
        for row, progress in TABLE_6.items()
    }
    hidden, tags, types = 32, 13, 2
    heads = (hidden + 1) * tags + (2 * hidden + 1) * hidden + (hidden + 1) * types
    evidence = tags + types

    def linear(size: int) -> int:
        return (size + 1) * hidden

    def priors(size: int) -> int:
        return 2 * (linear(size) + linear(hidden))

    gru = 3 * linear(hidden + evidence)
    own = sum(2 * 3 * linear(hidden + size) + priors(size) for size in (tags, types))
    assert sizes == {
        "PMEI": heads + 2 * (2 * gru + priors(evidence)),
        "MTL": 0,
        "MTL + SM": 2 * 2 * linear(hidden),
        "w/o SM": heads + 2 * gru,
        "w/o interaction": heads + own,
        "w/o GRU": heads + 2 * (2 * linear(hidden + evidence) + priors(evidence)),
    }


def test_arms_begin_with_the_same_heads(tiny_encoder: Path) -> None:
    models = [build(tiny_encoder, progress=progress) for progress in TABLE_6.values()]
    for model in models[1:]:
        pairs = zip(models[0].heads.parameters(), model.heads.parameters(), strict=True)
        assert all(torch.equal(one, other) for one, other in pairs)


def test_without_interaction_a_task_sees_its_own(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder, progress={"early": "own"})
    output = model(batch_of(model, JOINT))
    tags = torch.autograd.grad(output.tag_logits.sum(), model.early.tags.weight, retain_graph=True)
    assert tags[0].abs().sum() > 0
    grid = model.early.grid.labels.weight
    assert torch.autograd.grad(
        output.tag_logits.sum(), grid, retain_graph=True, allow_unused=True
    ) == (None,)
    relations = torch.autograd.grad(output.relation_words.sum(), grid)[0]
    assert relations.abs().sum() > 0


@pytest.mark.parametrize("mode", ["eval", "train"])
def test_slices_change_nothing(tiny_encoder: Path, mode: str) -> None:
    """Loss, gradients and predictions, down to one row at a time."""
    results = []
    for memory in (256, 1e-6):
        arguments = {"progress": {"alpha": 0.5}, "pairs": {"orphans": "word"}, "dropout": 0.0}
        model = random_build(tiny_encoder, grid_memory=memory, **arguments)
        model.train(mode == "train")
        for layer in model.encoder.modules():
            layer.training = False
        torch.manual_seed(3)
        output = model(batch_of(model, JOINT))
        output.loss.backward()
        gradients = [weight.grad for weight in model.parameters() if weight.grad is not None]
        results.append((output.loss.item(), gradients, predict(model, JOINT)))
    (loss, gradients, found), (sliced, others, again) = results
    assert sliced == pytest.approx(loss, rel=1e-5) and again == found
    assert any(one.relations for one in found)
    for one, other in zip(gradients, others, strict=True):
        assert torch.allclose(one, other, rtol=1e-3, atol=1e-5 + 1e-4 * one.abs().max().item())


def test_the_gradient_of_a_batch_is_the_sum_of_its_parts(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder, progress={"alpha": 0.5, "least_variance": 0.1})
    assert_micro_batches_add_up(model, JOINT)


def test_draws_in_training_and_means_in_prediction(tiny_encoder: Path) -> None:
    model = random_build(tiny_encoder, dropout=0.0)
    batch = batch_of(model, JOINT)

    def loss(training: bool) -> float:
        model.train(training)
        model.encoder.eval()
        with torch.no_grad():
            return model(batch).terms["entities"].item()

    assert loss(False) == loss(False)
    assert loss(True) != loss(True)
    assert predict(model, JOINT) == predict(model, JOINT)
    always = random_build(tiny_encoder, progress={"sample": "always"})
    batch = batch_of(always, JOINT)
    with torch.no_grad():
        draws = [always(batch).relation_words for _ in range(2)]
    assert not torch.equal(*draws)


@pytest.mark.parametrize("orphans", ["drop", "word"])
@pytest.mark.parametrize("anchor", ["first", "last"])
def test_decoding_against_a_loop(tiny_encoder: Path, anchor: str, orphans: str) -> None:
    pairs = {"anchor": anchor, "orphans": orphans, "threshold": 0.3, "self_pairs": True}
    model = random_build(tiny_encoder, pairs=pairs)
    relations = orphaned = 0
    with torch.no_grad():
        model.heads.grid.labels.bias -= 1
        batch = batch_of(model, [*JOINT, Sentence(("x",) * 9)])
        output = model(batch)
        found = model.decode(batch, output)
        tag_logits = model.heads.tags.decode  # the tagger has its own tests
        start = 0
        for sentence, length in zip(found, batch.layout.lengths, strict=True):
            words = output.relation_words[start : start + length]
            logits = output.tag_logits[start : start + length]
            start += length
            entities = list(
                tag_logits(logits.unsqueeze(0), torch.ones(1, length).bool())[0].entities
            )
            at = {(e.start if anchor == "first" else e.end - 1): i for i, e in enumerate(entities)}
            assert list(sentence.entities[: len(entities)]) == entities
            added = sentence.entities[len(entities) :]
            orphaned += len(added)
            for entity in added:
                assert entity.end == entity.start + 1 and entity.start not in at
                at[entity.start] = len(at)
                types = [sum_of_type(model, logits[entity.start], t) for t in ("LOC", "ORG", "PER")]
                assert entity.score == pytest.approx(max(types), abs=1e-5)
                assert entity.label == ("LOC", "ORG", "PER")[types.index(max(types))]
            expected = {}
            for head in range(length):
                for tail in range(length):
                    hidden = model.heads.grid.heads(words[head]) + model.heads.grid.tails(
                        words[tail]
                    )
                    scores = model.heads.grid.labels(hidden.relu()).sigmoid()
                    for label, score in zip(("in", "met"), scores.tolist(), strict=True):
                        if score > 0.3 and (orphans == "word" or (head in at and tail in at)):
                            expected[label, at[head], at[tail]] = score
            scored = {(r.label, r.head, r.tail): r.score for r in sentence.relations}
            assert scored == pytest.approx(expected, abs=1e-5)
            assert len(scored) == len(sentence.relations)
            assert added == () or orphans == "word"
            relations += len(scored)
    assert relations > 3 and (orphaned > 0) == (orphans == "word")


def sum_of_type(model: ProgressiveJoint, logits: torch.Tensor, label: str) -> float:
    tags = model.heads.tags.tags
    scores = logits.softmax(0).tolist()
    return sum(score for tag, score in zip(tags, scores, strict=True) if tag.endswith(f"-{label}"))


def test_what_cannot_be_represented(tiny_encoder: Path) -> None:
    nested = Sentence(
        ("a", "b", "c", "d"),
        (Entity("ORG", 0, 2), Entity("LOC", 0, 1), Entity("PER", 3, 4)),
        (Relation("in", 1, 2), Relation("met", 2, 0), Relation("met", 2, 2)),
    )
    model = build(tiny_encoder)
    assert model.unrepresentable([nested]) == {
        "nested": 1,
        "relation_of_left_out_entity": 1,
        "relation_with_itself": 1,
    }
    batch = model.collate(model.encode([nested]))
    assert batch.cells.cells.tolist() == [[3, 0, SCHEMA.relation_types.index("met")]]
    with pytest.raises(DataError, match="strict = false"):
        build(tiny_encoder, strict=True).encode([nested])
    with pytest.raises(DataError, match=r"the relation type 'to' .* it knows in, met"):
        model.encode([replace(nested, relations=(Relation("to", 0, 2),))])


def test_autocast(tiny_encoder: Path) -> None:
    model = build(tiny_encoder)
    with torch.autocast("cpu", torch.bfloat16):
        output = model(batch_of(model, JOINT))
    assert output.tag_logits.dtype == output.loss.dtype == torch.float32
    output.loss.backward()
    assert all(weight.grad.isfinite().all() for weight in model.parameters())


def test_adapting_moves_evidence(tiny_encoder: Path) -> None:
    """Types in another order: nothing that the model computes changes."""
    for progress in ({"pool": "both"}, {"early": "own"}, {"cell": "linear"}):
        model = random_build(tiny_encoder, progress=progress)
        before = predict(model, JOINT)
        model.adapt(Schema(entity_types=("PER", "ORG", "LOC"), relation_types=("met", "in")))
        after = predict(model, JOINT)
        for one, other in zip(after, before, strict=True):
            assert one.entities == other.entities
            assert set(one.relations) == set(other.relations)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"progress": {"early": "none", "cell": "gru"}}, r"cell: without early"),
        (
            {"progress": {"early": "none", "stochastic": False, "cell": "linear"}},
            r"cell: there is nothing",
        ),
        ({"progress": {"alpha": -1.0}}, r"alpha: must be 0 or more"),
        ({"progress": {"least_variance": 0.0}}, r"least_variance: must be more"),
        ({"progress": {"early": "late"}}, r"progress\.early: "),
        ({"pairs": {"threshold": 1.0}}, r"threshold: must lie in"),
        ({"pairs": {"size": 0}}, r"size: must be at least 1"),
        ({"grid_memory": 0.0}, "grid_memory: must be more than 0"),
        ({"dropout": 1.0}, r"dropout: must lie in \[0, 1\)"),
    ],
)
def test_arguments_that_cannot_work(
    tiny_encoder: Path, params: dict[str, Any], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        build(tiny_encoder, **params)


def test_a_corpus_without_relations(tiny_encoder: Path) -> None:
    alone = Schema(entity_types=("PER",))
    with pytest.raises(ConfigurationError, match="needs relation types"):
        build(tiny_encoder, alone)
    with pytest.raises(ConfigurationError, match="needs relation types"):
        build(tiny_encoder).adapt(alone)


def test_the_budget_is_no_part_of_a_result() -> None:
    assert "grid_memory" in ProgressiveJoint.SKIP_ID_ARGUMENTS
