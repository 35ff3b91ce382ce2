"""Spans that are found, against each span by itself."""

from __future__ import annotations

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.spans.span_classifier import SpanClassifier

LENGTHS = [5, 0, 1, 9]


def classifier(width: int = 4) -> SpanClassifier:
    torch.manual_seed(0)
    return SpanClassifier(6, ("LOC", "PER"), max_width=width, width_size=3, dropout=0.5).eval()


def batch() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    lengths = torch.tensor(LENGTHS)
    remaining = torch.cat([torch.arange(length, 0, -1) for length in LENGTHS])
    sentences = torch.arange(len(LENGTHS)).repeat_interleave(lengths)
    words, contexts = 2 * torch.randn(sum(LENGTHS), 6), torch.randn(len(LENGTHS), 6)
    return words, sentences, remaining, contexts


@pytest.mark.parametrize("width", [1, 4, 20])
def test_against_one_span_at_a_time(width: int) -> None:
    spans, (words, sentences, remaining, contexts) = classifier(width), batch()
    expected, number = [], 0
    with torch.no_grad():
        found = spans.find(words, sentences, remaining, contexts)
        offset = 0
        for length, context in zip(LENGTHS, contexts, strict=True):
            for start in range(offset, offset + length):
                for end in range(start + 1, min(start + width, offset + length) + 1):
                    number += 1
                    pooled = words[start:end].amax(0, keepdim=True)
                    features = spans.features(pooled, torch.tensor([end - start]))
                    chances = spans(features, context.unsqueeze(0)).softmax(-1)[0]
                    if chances.argmax() > 0:
                        label = int(chances.argmax())
                        expected.append((start, end, label - 1, chances[label].item()))
            offset += length
    rows = [*zip(*(column.tolist() for column in found), strict=True)]
    assert [row[:3] for row in rows] == [row[:3] for row in expected]
    assert [row[3] for row in rows] == pytest.approx([row[3] for row in expected], abs=1e-6)
    assert 0 < len(rows) < number


def test_without_words() -> None:
    nothing = torch.zeros(0, dtype=torch.long)
    found = classifier().find(torch.zeros(0, 6), nothing, nothing, torch.zeros(2, 6))
    assert [len(column) for column in found] == [0, 0, 0, 0]


def test_adapting() -> None:
    old = classifier().train()
    new = old.adapted(("EVENT", "LOC"))
    for place, before in ((0, 0), (2, 1)):
        assert torch.equal(new.labels.weight[place], old.labels.weight[before])
        assert torch.equal(new.labels.bias[place], old.labels.bias[before])
    assert new.names == ("EVENT", "LOC") and new.widths is old.widths and new.training
    assert new.dropout.p == 0.5
    with pytest.raises(ConfigurationError, match="needs entity types"):
        old.adapted(())
