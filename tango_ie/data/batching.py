"""Batches of similar length under a token budget.

Padding costs more than arithmetic: sentences of similar length go together, and a batch is billed
for what it costs when padded, its longest sentence times its number of sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tango_ie.core.errors import ConfigurationError

_SEED_RANGE = 2**63


@dataclass(frozen=True)
class Batching:
    """How large a batch of training is, over all ranks together.

    Args:
        token_budget: limit of longest sentence × sentences, in sub-words. A sentence that is
            longer than this gets a batch of its own.
        max_sentences: limit of sentences; ``None`` for no limit.

    Raises:
        ConfigurationError: a limit below one.
    """

    token_budget: int = 4096
    max_sentences: int | None = 32

    def __post_init__(self) -> None:
        if self.token_budget < 1:
            raise ConfigurationError(f"token_budget must be at least 1, found {self.token_budget}")
        if self.max_sentences is not None and self.max_sentences < 1:
            raise ConfigurationError(
                f"max_sentences must be at least 1 or null, found {self.max_sentences}"
            )

    def plan(self, costs: Sequence[int], seed: int, epoch: int) -> list[list[int]]:
        """The batches of one epoch; see :func:`plan_batches`."""
        return plan_batches(costs, self.token_budget, self.max_sentences, seed=seed, epoch=epoch)


def plan_batches(
    costs: Sequence[int],
    token_budget: int,
    max_sentences: int | None = None,
    *,
    seed: int | None = None,
    epoch: int = 0,
    noise: float = 0.02,
) -> list[list[int]]:
    """Divide sentences into batches; a pure function of its arguments.

    Args:
        costs: length of each sentence, in sub-words.
        token_budget: limit of longest × count; a sentence above it gets a batch of its own.
        max_sentences: limit of sentences in a batch.
        seed: shuffles; ``None`` gives the batches in order of length, longest first.
        epoch: with the seed, chooses the shuffle.
        noise: each length is disturbed by up to this share before sorting, so that epochs do not
            see the same batches; only with a seed. Sentences of equal length are shuffled anyway.

    Returns:
        Indices into ``costs``, each exactly once.

    >>> plan_batches([3, 9, 3, 4], token_budget=9)
    [[1], [3, 0], [2]]
    """
    lengths = np.maximum(np.asarray(costs, dtype=np.int64), 1)
    if seed is None:
        order = np.argsort(-lengths, kind="stable")
        return _cut(lengths, order, token_budget, max_sentences)
    generator = np.random.default_rng((seed % _SEED_RANGE, epoch))
    shuffled = generator.permutation(len(lengths))
    disturbed = lengths[shuffled] * (1.0 + noise * generator.uniform(-1.0, 1.0, len(lengths)))
    order = shuffled[np.argsort(-disturbed, kind="stable")]
    batches = _cut(lengths, order, token_budget, max_sentences)
    return [batches[place] for place in generator.permutation(len(batches))]


def rank_share(batch: Sequence[int], rank: int, num_ranks: int) -> Sequence[int]:
    """The part of a batch that one rank works on; empty when there are more ranks than sentences.

    Batches are in order of length, so taking every ``num_ranks``-th gives ranks of equal load.

    >>> rank_share([7, 3, 5], rank=1, num_ranks=2)
    [3]
    """
    return batch[rank::num_ranks]


def _cut(
    lengths: np.ndarray, order: np.ndarray, token_budget: int, max_sentences: int | None
) -> list[list[int]]:
    """Cut an order into the longest runs that keep the limits."""
    batches: list[list[int]] = []
    ordered = lengths[order]
    limit = max_sentences or len(order)
    start = 0
    while start < len(order):
        # A run that starts here holds no more sentences than the first one's length allows.
        window = min(max(token_budget // int(ordered[start]), 1), limit)
        longest = np.maximum.accumulate(ordered[start : start + window])
        padded = longest * np.arange(1, len(longest) + 1)
        size = max(int(np.searchsorted(padded, token_budget, side="right")), 1)
        batches.append(order[start : start + size].tolist())
        start += size
    return batches
