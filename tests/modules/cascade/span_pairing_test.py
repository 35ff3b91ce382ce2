"""Starts and nearest ends against a loop."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.modules.cascade.span_pairing import find_spans, nearest_ends

LENGTHS = st.lists(st.integers(0, 6), max_size=5)


def slow_pairs(starts: Tensor, ends: Tensor, segments: Tensor) -> list[tuple[int, int, int]]:
    found = []
    for label in range(starts.size(1)):
        for first in range(len(starts)):
            if not starts[first, label]:
                continue
            for last in range(first, len(starts)):
                if segments[last] != segments[first]:
                    break
                if ends[last, label]:
                    found.append((first, last, label))
                    break
    return found


@given(LENGTHS, st.integers(1, 3), st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.integers(0, 1000))
def test_pairs(lengths: list[int], labels: int, share: float, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    counts = torch.tensor(lengths, dtype=torch.long)
    segments = torch.arange(len(counts)).repeat_interleave(counts)
    starts, ends = torch.rand(2, len(segments), labels, generator=generator) < share
    found = nearest_ends(starts, ends, segments)
    assert [*zip(*(part.tolist() for part in found), strict=True)] == slow_pairs(
        starts, ends, segments
    )


@given(LENGTHS, st.floats(0.05, 0.95), st.integers(0, 1000))
def test_spans_have_the_product_of_both_probabilities(
    lengths: list[int], threshold: float, seed: int
) -> None:
    counts = torch.tensor(lengths, dtype=torch.long)
    segments = torch.arange(len(counts)).repeat_interleave(counts)
    logits = torch.randn(len(segments), 4, generator=torch.Generator().manual_seed(seed))
    found = find_spans(logits, segments, threshold)
    starts, ends = (logits.sigmoid() > threshold).chunk(2, -1)
    expected = slow_pairs(starts, ends, segments)
    columns = (found.firsts, found.lasts, found.labels)
    assert [*zip(*(part.tolist() for part in columns), strict=True)] == expected
    for (first, last, label), score in zip(expected, found.scores.tolist(), strict=True):
        both = logits[first, label].sigmoid() * logits[last, 2 + label].sigmoid()
        assert score == pytest.approx(both.item())
