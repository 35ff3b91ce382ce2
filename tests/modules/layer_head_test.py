"""Heads for layers of word tags: against plain softmax and enumeration."""

from __future__ import annotations

import itertools

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.modules.layer_head import LayerHead

SCHEMA = Schema(tag_layers={"pos": ("DT", "NN", "VB"), "chunk": ("B", "I")})
LENGTHS = [3, 0, 1]


def build(with_crf: bool = False, schema: Schema = SCHEMA) -> LayerHead:
    torch.manual_seed(0)
    head = LayerHead(4, schema, "pos", with_crf).double()
    with torch.no_grad():
        for weight in head.parameters():
            weight.normal_()
    return head


def batch() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    vectors = torch.randn(3, 3, 4, dtype=torch.float64)
    return vectors, torch.arange(3) < torch.tensor(LENGTHS).unsqueeze(1)


@pytest.mark.parametrize("with_crf", [False, True])
def test_against_enumeration(with_crf: bool) -> None:
    head, (vectors, mask) = build(with_crf), batch()
    logits = head(vectors)
    gold = torch.randint(3, (3, 3))
    loss, weight = head.loss(logits, gold, mask)
    shares = head.probabilities(logits, mask)
    expected_loss = 0.0
    for row, length in enumerate(LENGTHS):
        scores = {}
        for path in itertools.product(range(3), repeat=length):
            score = sum(logits[row, place, tag].item() for place, tag in enumerate(path))
            if head.crf is not None and path:
                score += head.crf.starts[path[0]].item() + head.crf.ends[path[-1]].item()
                score += sum(head.crf.transitions[pair].item() for pair in itertools.pairwise(path))
            scores[path] = score
        logs = torch.tensor(list(scores.values()), dtype=torch.float64).log_softmax(0)
        chances = dict(zip(scores, logs.tolist(), strict=True))
        expected_loss -= chances[tuple(gold[row, :length].tolist())]
        best = max(chances, key=chances.__getitem__)
        found = head.decode(logits, mask)[row]
        assert found == Annotations(tags={"pos": tuple(head.tags[tag] for tag in best)})
        marginals = torch.zeros(3, 3, dtype=torch.float64)
        for path, chance in chances.items():
            for place, tag in enumerate(path):
                marginals[place, tag] += torch.tensor(chance).exp()
        assert torch.allclose(shares[row], marginals, atol=1e-9)
    assert loss.item() == pytest.approx(expected_loss, rel=1e-9)
    assert weight.item() == sum(LENGTHS)


def test_words_without_gold_can_be_left_out() -> None:
    head, (vectors, mask) = build(), batch()
    logits, gold = head(vectors), torch.zeros(3, 3).long()
    holes = mask.clone()
    holes[0, 1] = False
    difference = head.loss(logits, gold, mask)[0] - head.loss(logits, gold, holes)[0]
    assert difference.item() == pytest.approx(-logits[0, 1].log_softmax(0)[0].item())
    assert head.loss(logits, gold, holes)[1].item() == sum(LENGTHS) - 1


def test_gold() -> None:
    head = build()
    words = ("a", "dog")
    assert head.gold(Sentence(words, tags={"pos": ("DT", "NN")})).tolist() == [0, 1]
    assert head.gold(Sentence(words, tags={"chunk": ("B", "I")})) is None
    with pytest.raises(DataError, match=r"'XY' \(layer pos\) of 'a dog'.*it knows DT, NN, VB"):
        head.gold(Sentence(words, tags={"pos": ("DT", "XY")}))


def test_a_layer_that_is_not_there() -> None:
    with pytest.raises(ConfigurationError, match="no layer of tags 'morph'; it has chunk, pos"):
        LayerHead(4, SCHEMA, "morph")
    with pytest.raises(ConfigurationError, match="it has none"):
        LayerHead(4, Schema(), "pos")


@pytest.mark.parametrize("with_crf", [False, True])
def test_adapted(with_crf: bool) -> None:
    head = build(with_crf)
    new = head.eval().adapted(Schema(tag_layers={"pos": ("CC", "VB", "NN")}))
    assert new.weight.dtype == torch.float64 and not new.training
    assert torch.equal(new.weight[[2, 1]], head.weight[[1, 2]])
    assert 0 < new.weight[0].abs().mean() < 0.1 and new.bias[0] == 0
    if head.crf is not None and new.crf is not None:
        assert torch.equal(new.crf.transitions[2, 1], head.crf.transitions[1, 2])
        assert torch.equal(new.crf.ends[[2, 1]], head.crf.ends[[1, 2]])
    other = head.adapted(Schema(tag_layers={"pos": ("CC", "XX")}))
    assert other.weight.shape == (2, 4)
