"""Ragged pairs against loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.pairs.entity_pairs import EntityPairs, GoldEntities, flat_places

COUNTS = st.lists(st.integers(0, 5), max_size=6)


def slow_pairs(counts: list[int], self_pairs: bool) -> list[tuple[int, int, float]]:
    """Each pair with its share, one after the other."""
    found, start = [], 0
    for count in counts:
        own = [
            (head, tail)
            for head in range(start, start + count)
            for tail in range(start, start + count)
            if self_pairs or head != tail
        ]
        found += [(head, tail, 1 / len(own)) for head, tail in own]
        start += count
    return found


@given(COUNTS, st.booleans())
def test_all_pairs_and_no_others(counts: list[int], self_pairs: bool) -> None:
    pairs = EntityPairs.of(counts, self_pairs)
    expected = slow_pairs(counts, self_pairs)
    ends = zip(pairs.heads.tolist(), pairs.tails.tolist(), strict=True)
    assert [*ends] == [(head, tail) for head, tail, _ in expected]
    assert pairs.shares.tolist() == pytest.approx([share for *_, share in expected])
    assert len(pairs) == len(expected) and pairs.num_entities == sum(counts)


@given(COUNTS, st.booleans())
def test_mirrors(counts: list[int], self_pairs: bool) -> None:
    pairs = EntityPairs.of(counts, self_pairs)
    ends = torch.stack([pairs.heads, pairs.tails])
    assert torch.equal(ends[:, pairs.forward][:, pairs.mirrors], ends.sort(dim=0).values)
    assert len(pairs.forward) == sum(n * (n - 1) // 2 + n * self_pairs for n in counts)


@given(COUNTS, st.booleans(), st.integers(1, 7))
def test_slices_are_all_pairs(counts: list[int], self_pairs: bool, size: int) -> None:
    pairs = EntityPairs.of(counts, self_pairs)
    heads, tails = zip(*pairs.slices(size), strict=True)
    assert all(len(part) <= size for part in heads)
    assert torch.equal(torch.cat(heads), pairs.heads)
    assert torch.equal(torch.cat(tails), pairs.tails)


@given(COUNTS, st.booleans())
def test_pairs_are_found_by_their_ends(counts: list[int], self_pairs: bool) -> None:
    pairs = EntityPairs.of(counts, self_pairs)
    order = torch.randperm(len(pairs), generator=torch.Generator().manual_seed(0))
    assert torch.equal(pairs.find(pairs.heads[order], pairs.tails[order]), order)


def test_gold_of_several_sentences() -> None:
    tag_ids = torch.arange(15).view(3, 5)
    words = [np.array([1, 3]), np.array([], np.int64), np.array([0, 2, 4])]
    cells = [[(3, 1, 0)], [], [(0, 4, 1), (4, 0, 0), (4, 2, 1)]]
    gold = GoldEntities.of(
        words, [np.array(one, np.int32).reshape(-1, 3) for one in cells], tag_ids
    )
    assert gold.places.tolist() == gold.tag_ids.tolist() == [1, 3, 10, 12, 14]
    ends = [(int(gold.pairs.heads[pair]), int(gold.pairs.tails[pair])) for pair in gold.true_pairs]
    assert ends == [(1, 0), (2, 4), (4, 2), (4, 3)]
    assert gold.true_labels.tolist() == [0, 1, 0, 1]


def test_nothing_at_all() -> None:
    gold = GoldEntities.of([], [], torch.zeros(0, 0, dtype=torch.long))
    assert len(gold.pairs) == len(gold.places) == len(gold.true_pairs) == 0
    assert flat_places([[], []], 3).dtype == torch.long
