"""Scores of spans, against the layer over concatenated vectors."""

from __future__ import annotations

import pytest
import torch

from tango_ie.modules.reading import match_scorer
from tango_ie.modules.reading.match_scorer import MatchScorer


@pytest.mark.parametrize("chunk", [1, 100, 10**6])
def test_as_over_concatenated_vectors(chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(match_scorer, "_CHUNK", chunk)
    torch.manual_seed(0)
    scorer = MatchScorer(4, 10, dropout=0.0)
    firsts, lasts = torch.randn(5, 4, requires_grad=True), torch.randn(3, 4, requires_grad=True)
    heads, tails = torch.tensor([0, 4, 4, 1] * 8), torch.tensor([2, 0, 2, 2] * 8)
    inputs = [firsts, lasts, *scorer.parameters()]

    logits = scorer(firsts, lasts, heads, tails)
    gradients = torch.autograd.grad(logits.pow(2).sum(), inputs)
    both = torch.cat([firsts[heads], lasts[tails]], dim=1)
    expected = scorer.outer(torch.nn.functional.gelu(scorer.inner(both))).squeeze(1)
    wanted = torch.autograd.grad(expected.pow(2).sum(), inputs)

    torch.testing.assert_close(logits, expected)
    for gradient, other in zip(gradients, wanted, strict=True):
        torch.testing.assert_close(gradient, other)
    with torch.no_grad():
        torch.testing.assert_close(scorer(firsts, lasts, heads, tails), expected)


def test_no_spans_have_a_gradient_of_zero() -> None:
    scorer = MatchScorer(4, 10, dropout=0.5)
    none = torch.zeros(0, dtype=torch.long)
    scorer(torch.zeros(0, 4), torch.zeros(0, 4), none, none).sum().backward()
    assert all(weight.grad is not None and not weight.grad.any() for weight in scorer.parameters())
