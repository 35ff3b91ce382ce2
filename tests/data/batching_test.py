"""Batches: every sentence once, limits kept, little padding, the same for the same seed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.batching import Batching, plan_batches, rank_share

COSTS = st.lists(st.integers(min_value=0, max_value=60), max_size=80)


@given(
    costs=COSTS,
    budget=st.integers(min_value=1, max_value=200),
    max_sentences=st.none() | st.integers(min_value=1, max_value=9),
    seed=st.none() | st.integers(min_value=-5, max_value=2**40),
    epoch=st.integers(min_value=0, max_value=3),
)
def test_every_sentence_once_and_limits_kept(
    costs: list[int], budget: int, max_sentences: int | None, seed: int | None, epoch: int
) -> None:
    batches = plan_batches(costs, budget, max_sentences, seed=seed, epoch=epoch)
    assert sorted(index for batch in batches for index in batch) == list(range(len(costs)))
    for batch in batches:
        longest = max(max(costs[index], 1) for index in batch)
        assert len(batch) == 1 or longest * len(batch) <= budget
        assert max_sentences is None or len(batch) <= max_sentences
    assert batches == plan_batches(costs, budget, max_sentences, seed=seed, epoch=epoch)


@given(costs=COSTS, num_ranks=st.integers(min_value=1, max_value=5))
def test_ranks_share_a_batch(costs: list[int], num_ranks: int) -> None:
    batch = list(range(len(costs)))
    shares = [rank_share(batch, rank, num_ranks) for rank in range(num_ranks)]
    assert sorted(index for share in shares for index in share) == batch
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_epochs_and_seeds_differ() -> None:
    costs = np.random.default_rng(0).integers(5, 60, 500).tolist()
    plans = [
        plan_batches(costs, 512, seed=seed, epoch=epoch) for seed, epoch in [(1, 0), (1, 1), (2, 0)]
    ]
    assert plans[0] != plans[1] != plans[2] != plans[0]
    assert sorted(map(sorted, plans[0])) != sorted(map(sorted, plans[1]))


def test_without_seed_longest_first() -> None:
    batches = plan_batches([5, 50, 20, 30], token_budget=60)
    assert batches == [[1], [3, 2], [0]]


def test_little_padding() -> None:
    costs = np.random.default_rng(0).gamma(2.0, 8.0, 200_000).astype(int) + 3
    batches = plan_batches(costs.tolist(), 4096, 32, seed=0)
    padded = sum(int(costs[batch].max()) * len(batch) for batch in batches)
    assert padded < 1.1 * costs.sum()


def test_settings_refuse_nonsense() -> None:
    with pytest.raises(ConfigurationError, match="token_budget"):
        Batching(token_budget=0)
    with pytest.raises(ConfigurationError, match="max_sentences"):
        Batching(max_sentences=0)
    assert Batching(9, None).plan([3, 3, 3, 3], seed=0, epoch=0)
