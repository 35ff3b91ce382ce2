"""Objects in slices against all cells at once: loss, gradients, spans, and what a sum cannot do."""

from __future__ import annotations

from typing import get_args

import pytest
import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.cascade.object_tagger import ObjectTagger
from tango_ie.modules.cascade.settings import Fusion
from tango_ie.modules.cascade.subjects import Subjects

FUSIONS = get_args(Fusion)
LENGTHS, COUNTS = (3, 0, 4, 2, 1), (2, 0, 3, 0, 1)
LABELS = ("a", "b")


def make(fusion: Fusion, memory: float) -> tuple[ObjectTagger, Subjects, Tensor, Tensor]:
    """Random weights in float64, subjects, words, and vectors of subjects."""
    torch.manual_seed(0)
    tagger = ObjectTagger(5, LABELS, fusion, memory=memory).double()
    for parameter in tagger.parameters():
        torch.nn.init.normal_(parameter, std=0.8)
    firsts = torch.tensor([0, 2, 3, 4, 5, 9])
    subjects = Subjects.of(LENGTHS, COUNTS, firsts, firsts)
    words = torch.randn(sum(LENGTHS), 5, dtype=torch.float64, requires_grad=True)
    vectors = torch.randn(len(firsts), 5, dtype=torch.float64, requires_grad=True)
    return tagger, subjects, words, vectors


def whole(tagger: ObjectTagger, subjects: Subjects, words: Tensor, vectors: Tensor) -> Tensor:
    """Logits of all subjects with all words of the batch, (M, W, 2 R); the others are −∞."""
    first = tagger.hidden or tagger.labels
    second = (tagger.subjects or first).weight
    logits = first(words) + (vectors @ second.t()).unsqueeze(1)
    if tagger.hidden is not None:
        logits = tagger.labels(logits.relu())
    places = torch.arange(len(words))
    starts = subjects.starts.unsqueeze(1)
    own = (places >= starts) & (places < starts + subjects.sizes.unsqueeze(1))
    return logits.masked_fill(~own.unsqueeze(-1), -torch.inf)


@pytest.mark.parametrize("memory", [64, 1e-9])
@pytest.mark.parametrize("fusion", FUSIONS)
def test_loss_and_gradients(fusion: Fusion, memory: float) -> None:
    tagger, subjects, words, vectors = make(fusion, memory)
    shares = torch.rand(len(subjects), dtype=torch.float64)
    cells = torch.tensor([[0, 1, 0], [0, 2, 3], [1, 0, 1], [4, 6, 2], [5, 9, 0]])
    found = tagger.loss(words, vectors, subjects, cells, shares)
    logits = whole(tagger, subjects, words, vectors)
    true = torch.zeros_like(logits)
    true[tuple(cells.unbind(1))] = 1
    real = logits > -torch.inf
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(
        logits.masked_fill(~real, 0), true, reduction="none"
    )
    expected = (entropy * real * shares.view(-1, 1, 1)).sum()
    assert found.item() == pytest.approx(expected.item())
    inputs = [words, vectors, *tagger.parameters()]
    pairs = zip(
        torch.autograd.grad(found * 3, inputs),
        torch.autograd.grad(expected * 3, inputs),
        strict=True,
    )
    assert all(torch.allclose(one, other) for one, other in pairs)


@pytest.mark.parametrize("memory", [64, 1e-9])
@pytest.mark.parametrize("fusion", FUSIONS)
def test_objects(fusion: Fusion, memory: float) -> None:
    tagger, subjects, words, vectors = make(fusion, memory)
    with torch.no_grad():
        objects = tagger.find(words, vectors, subjects, 0.4)
        scores = whole(tagger, subjects, words, vectors).sigmoid()
    expected = {}
    for subject in range(len(subjects)):
        for label in range(len(LABELS)):
            for first in range(len(words)):
                ends = (scores[subject, first:, label + 2] > 0.4).nonzero()
                if scores[subject, first, label] > 0.4 and len(ends):
                    last = first + int(ends[0])
                    score = scores[subject, first, label] * scores[subject, last, label + 2]
                    expected[subject, first, last, label] = score.item()
    *places, found = (column.tolist() for column in objects)
    assert dict(zip(zip(*places, strict=True), found, strict=True)) == pytest.approx(expected)
    assert len(expected) > 5


def test_no_subjects() -> None:
    tagger, _, words, _ = make("hidden", 64)
    nothing = torch.zeros(0, dtype=torch.long)
    none = Subjects.of(LENGTHS, [0] * len(LENGTHS), nothing, nothing)
    vectors = words[:0]
    loss = tagger.loss(words, vectors, none, nothing.view(0, 3), vectors[:, 0])
    loss.backward()
    assert loss.item() == 0 and not tagger.labels.weight.grad.any()
    assert all(len(column) == 0 for column in tagger.find(words, vectors, none, 0.5))


@pytest.mark.parametrize("fusion", FUSIONS)
def test_only_a_hidden_layer_tells_subjects_apart(fusion: Fusion) -> None:
    """Word 0 has the object 1, word 2 has 3, and no other subject an object."""
    torch.manual_seed(0)
    tagger = ObjectTagger(8, LABELS[:1], fusion, size=16 if fusion == "hidden" else None)
    words = torch.randn(4, 8)
    subjects = Subjects.of([4], [4], torch.arange(4), torch.arange(4))
    cells = torch.tensor([[0, 1, 0], [0, 1, 1], [2, 3, 0], [2, 3, 1]])
    optimiser = torch.optim.Adam(tagger.parameters(), lr=3e-2)
    for _ in range(120):
        optimiser.zero_grad()
        loss = tagger.loss(words, words, subjects, cells, torch.ones(4))
        loss.backward()
        optimiser.step()
    found = tagger.find(words, words, subjects, 0.5)
    triples = {*zip(found.subjects.tolist(), found.firsts.tolist(), strict=True)}
    assert (triples == {(0, 1), (2, 3)}) == (fusion == "hidden")


@pytest.mark.parametrize("fusion", FUSIONS)
def test_adapting(fusion: Fusion) -> None:
    tagger, subjects, words, vectors = make(fusion, 64)
    before = tagger.find(words, vectors, subjects, 0.4)
    new = tagger.eval().adapted(("c", "b"))
    after = new.find(words, vectors, subjects, 0.4)
    kept = [
        {
            (subject, first, last)
            for subject, first, last, label in zip(
                *(column.tolist() for column in found[:4]), strict=True
            )
            if names[label] == "b"
        }
        for found, names in ((before, LABELS), (after, new.names))
    ]
    assert kept[0] == kept[1] != set() and not new.training
    assert new.labels.weight.dtype == torch.float64


def test_arguments_that_cannot_work() -> None:
    with pytest.raises(ConfigurationError, match="memory: must be more than 0"):
        ObjectTagger(4, LABELS, memory=0)
    with pytest.raises(ConfigurationError, match="spans need labels"):
        ObjectTagger(4, ())
