"""Scores of pairs against a loop over pairs, and DistMult's symmetry."""

from __future__ import annotations

import math

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.dense import Activation
from tango_ie.modules.pairs import pair_scorer
from tango_ie.modules.pairs.distmult import DistMult
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.pairs.pair_scorer import PairScorer

NAMES = ("in", "met", "of")


def scorer(activation: Activation = "relu", dropout: float = 0.0) -> PairScorer:
    torch.manual_seed(0)
    return PairScorer(6, NAMES, size=4, activation=activation, dropout=dropout)


def slow_score(parts: PairScorer, head: torch.Tensor, tail: torch.Tensor) -> list[float]:
    """One pair, number by number."""
    act = torch.relu if parts.features.activation == "relu" else torch.tanh
    one, other = (
        act(parts.features.weight @ vector + parts.features.bias) for vector in (head, tail)
    )
    lengths = math.sqrt(float(one @ one)), math.sqrt(float(other @ other))
    cosine = float(one @ other) / (lengths[0] * lengths[1]) if all(lengths) else 0.0
    products = [
        sum(float(a * m * b) for a, m, b in zip(head, diagonal, tail, strict=True))
        for diagonal in parts.product.diagonals
    ]
    evidence = torch.tensor([*one.tolist(), *other.tolist(), 1 - cosine, *products])
    return [
        float(row @ evidence + bias)
        for row, bias in zip(parts.labels.weight, parts.labels.bias, strict=True)
    ]


@pytest.mark.parametrize("activation", ["relu", "tanh"])
@pytest.mark.parametrize("self_pairs", [False, True])
def test_against_a_loop_over_pairs(activation: Activation, self_pairs: bool) -> None:
    parts = scorer(activation)
    vectors = torch.randn(9, 6)
    vectors[4] = 0.0
    pairs = EntityPairs.of([3, 1, 0, 5], self_pairs)
    with torch.no_grad():
        found = parts(vectors, pairs)
        for row, head, tail in zip(found, pairs.heads, pairs.tails, strict=True):
            assert row.tolist() == pytest.approx(
                slow_score(parts, vectors[head], vectors[tail]), abs=1e-5
            )


def test_packed_against_dense() -> None:
    """Every sentence padded to the same number of entities, and all cells of its square scored."""
    parts, counts = scorer(), [2, 4, 0, 3]
    pairs = EntityPairs.of(counts)
    vectors = torch.randn(sum(counts), 6)
    padded = torch.zeros(len(counts), 4, 6)
    real = torch.arange(4) < torch.tensor(counts).unsqueeze(1)
    padded[real] = vectors
    with torch.no_grad():
        packed = parts(vectors, pairs)
        features = parts.features(padded)  # (B, 4, F)
        shape = (len(counts), 4, 4, -1)
        evidence = [
            features.unsqueeze(2).expand(shape),
            features.unsqueeze(1).expand(shape),
            1
            - torch.cosine_similarity(features.unsqueeze(2), features.unsqueeze(1), dim=-1)[
                ..., None
            ],
            torch.einsum("bid,rd,bjd->bijr", padded, parts.product.diagonals, padded),
        ]
        dense = parts.labels(torch.cat(evidence, dim=-1))  # (B, 4, 4, R)
    exist = real.unsqueeze(2) & real.unsqueeze(1) & ~torch.eye(4).bool()
    assert torch.allclose(dense[exist], packed, atol=1e-5)


def test_products_have_no_direction_but_scores_do() -> None:
    vectors = torch.randn(2, 6)
    heads, tails = torch.tensor([0, 1]), torch.tensor([1, 0])
    torch.manual_seed(0)
    product = DistMult(6, 3)
    there, back = product(vectors, heads, tails)
    assert torch.allclose(there, back)
    there, back = scorer()(vectors, EntityPairs.of([2]))
    assert not torch.allclose(there, back)


@pytest.mark.parametrize("counts", [[], [0], [1, 0, 1]])
def test_no_pairs(counts: list[int]) -> None:
    parts, pairs = scorer(), EntityPairs.of(counts)
    vectors = torch.randn(sum(counts), 6)
    assert parts(vectors, pairs).shape == (0, 3)
    assert [len(column) for column in parts.find(vectors, pairs, 0.5)] == [0] * 4


@pytest.mark.parametrize("at_once", [1 << 14, 3])
@pytest.mark.parametrize("self_pairs", [False, True])
def test_what_is_found(monkeypatch: pytest.MonkeyPatch, at_once: int, self_pairs: bool) -> None:
    monkeypatch.setattr(pair_scorer, "_PAIRS_AT_ONCE", at_once)
    parts, pairs = scorer(), EntityPairs.of([3, 1, 0, 4], self_pairs)
    vectors = torch.randn(8, 6)
    probabilities = parts(vectors, pairs).sigmoid()
    rows, labels = (probabilities > 0.6).nonzero(as_tuple=True)
    found = parts.find(vectors, pairs, 0.6)
    assert torch.equal(found.heads, pairs.heads[rows])
    assert torch.equal(found.tails, pairs.tails[rows])
    assert torch.equal(found.labels, labels) and len(labels) > 3
    assert torch.allclose(found.scores, probabilities[rows, labels], atol=1e-6)


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_gradients_are_right(activation: Activation) -> None:
    parts = scorer(activation).double()
    vectors = torch.randn(4, 6, dtype=torch.float64, requires_grad=True)
    pairs = EntityPairs.of([3, 1], self_pairs=True)
    torch.autograd.gradcheck(lambda own: parts(own, pairs), (vectors,))


def test_entities_without_features_have_finite_gradients() -> None:
    """All of a rectified layer may be off; there is no direction to take the cosine of then."""
    parts = scorer()
    torch.nn.init.constant_(parts.features.bias, -100.0)
    pairs = EntityPairs.of([3])
    parts(torch.randn(3, 6), pairs).sum().backward()
    assert all(weight.grad.isfinite().all() for weight in parts.parameters())


def test_autocast_changes_nothing() -> None:
    parts, vectors, pairs = scorer(), torch.randn(4, 6), EntityPairs.of([4])
    exact = parts(vectors, pairs)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(parts(vectors, pairs), exact)
    half = parts(vectors.bfloat16(), pairs)
    assert half.dtype == torch.float32 and torch.allclose(half, exact, atol=0.1)


def test_dropout_is_of_what_is_scored() -> None:
    """Only in training, and each pair by itself: an entity that is dropped for one is there for
    another."""
    parts = scorer(dropout=0.5)
    torch.nn.init.ones_(parts.labels.weight)
    vectors, pairs = torch.ones(8, 6), EntityPairs.of([8])
    parts.eval()
    assert torch.allclose(parts(vectors, pairs), parts(vectors, pairs)[:1])
    parts.train()
    assert len(parts(vectors, pairs).unique(dim=0)) > 10


def test_adapting() -> None:
    parts, vectors, pairs = scorer(), torch.randn(3, 6), EntityPairs.of([3])
    reordered = parts.adapted(("of", "in", "met"))
    before = parts(vectors, pairs)
    assert torch.allclose(reordered(vectors, pairs)[:, [1, 2, 0]], before)
    fewer = parts.adapted(("new", "of")).eval()
    assert not fewer.training and fewer.names == ("new", "of")
    assert torch.equal(fewer.product.diagonals[1], parts.product.diagonals[2])
    assert torch.equal(fewer.labels.weight[1, :9], parts.labels.weight[2, :9])
    assert fewer.labels.weight[1, 10] == parts.labels.weight[2, 11]
    assert fewer.labels.weight.shape == (2, 11)


def test_errors() -> None:
    with pytest.raises(ConfigurationError, match="needs relation types"):
        PairScorer(6, ())
    with pytest.raises(ConfigurationError, match="size: must be at least 1"):
        PairScorer(6, NAMES, size=0)
    with pytest.raises(ConfigurationError, match=r"dropout: must lie in \[0, 1\)"):
        PairScorer(6, NAMES, dropout=1.0)
