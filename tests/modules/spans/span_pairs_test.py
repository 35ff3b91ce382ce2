"""Scores of pairs against one pair at a time."""

from __future__ import annotations

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.spans import span_pairs
from tango_ie.modules.spans.range_maximum import RangeMaximum
from tango_ie.modules.spans.span_pairs import SpanPairs

NAMES = ("in", "met", "of")
# Of two sentences of 10 and 4 words: apart, side by side, overlapping, nested.
SPANS = [(0, 2), (1, 3), (3, 4), (7, 10), (8, 9), (10, 11), (13, 14)]
COUNTS = [5, 2]


@pytest.fixture
def scorer() -> SpanPairs:
    torch.manual_seed(0)
    return SpanPairs(5, 6, NAMES, dropout=0.4).eval()


def vectors() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(1)
    return torch.randn(len(SPANS), 5), torch.randn(14, 6)


def slow_logits(scorer: SpanPairs, head: int, tail: int) -> list[float]:
    features, words = vectors()
    first, second = sorted((SPANS[head], SPANS[tail]))
    gap = words[min(first[1], second[1]) : second[0]]
    context = gap.amax(0) if len(gap) else torch.zeros(6)
    weight = torch.cat([scorer.heads.weight, scorer.tails.weight, scorer.gaps.weight], dim=1)
    evidence = torch.cat([features[head], features[tail], context])
    logits: list[float] = (weight @ evidence + scorer.heads.bias).tolist()
    return logits


def test_logits(scorer: SpanPairs) -> None:
    features, words = vectors()
    pairs = EntityPairs.of(COUNTS)
    starts, ends = torch.tensor(SPANS).unbind(1)
    with torch.no_grad():
        logits = scorer(features, starts, ends, pairs.heads, pairs.tails, RangeMaximum(words, 10))
        for row, head, tail in zip(logits, pairs.heads.tolist(), pairs.tails.tolist(), strict=True):
            assert row.tolist() == pytest.approx(slow_logits(scorer, head, tail), abs=1e-5)


@pytest.mark.parametrize("at_once", [1, 3, 1000])
def test_what_is_found(scorer: SpanPairs, at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In slices of any size, pair by pair."""
    monkeypatch.setattr(SpanPairs, "_pairs_of_a_slice", lambda *_: at_once)
    with torch.no_grad():
        scorer.heads.bias.zero_()
        features, words = vectors()
        pairs = EntityPairs.of(COUNTS)
        starts, ends = torch.tensor(SPANS).unbind(1)
        found = scorer.find(features, starts, ends, pairs, RangeMaximum(words, 10), 0.6, 1.0)
        expected = [
            (head, tail, label, score)
            for head, tail in zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True)
            for label, logit in enumerate(slow_logits(scorer, head, tail))
            if (score := torch.tensor(logit).sigmoid().item()) > 0.6
        ]
    rows = [*zip(*(column.tolist() for column in found), strict=True)]
    assert [row[:3] for row in rows] == [row[:3] for row in expected]
    assert [row[3] for row in rows] == pytest.approx([row[3] for row in expected], abs=1e-5)
    assert 5 < len(rows) < 3 * len(pairs)


def test_a_slice_fits_into_the_memory() -> None:
    scorer = SpanPairs(5, 384, NAMES)
    pairs = scorer._pairs_of_a_slice(64, 4)
    # Two looks at the words and what comes of them.
    assert 64 * 2**20 / 2 < pairs * 4 * 384 * 4 <= 64 * 2**20
    assert scorer._pairs_of_a_slice(1e-6, 4) == 1


def test_pairs_begin_as_false(scorer: SpanPairs) -> None:
    assert scorer.heads.bias.sigmoid().tolist() == pytest.approx([0.01] * 3)
    assert span_pairs._FIRST_PROBABILITY == 0.01


def test_adapting(scorer: SpanPairs) -> None:
    new = scorer.adapted(("new", "of"))
    for name in ("heads.weight", "heads.bias", "tails.weight", "gaps.weight"):
        assert torch.equal(new.get_parameter(name)[1], scorer.get_parameter(name)[2])
    assert new.names == ("new", "of") and not new.training and new.dropout.p == 0.4
    with pytest.raises(ConfigurationError, match="needs relation types"):
        scorer.adapted(())
