"""Draw test sentences anew: what a score could have been on other sentences of the same kind.

Shapes: S sentences, U units that are drawn (sentences or documents), M models, C counts, R
resamples.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.counts import f1_scores

Run: TypeAlias = NDArray[np.integer]
"""Counts of one model per sentence, (S, C); of F1: tp, fp, fn."""

Metric: TypeAlias = Callable[[NDArray[np.float64]], NDArray[np.float64]]
"""A score made of summed counts, (..., C) → (...,), such as :func:`f1_scores`."""

# Weights of resamples are made in blocks of about this many numbers (32 MB), so that memory does
# not grow with the number of resamples.
_BLOCK = 4_000_000


def resampled_scores(
    counts: NDArray[np.integer], resamples: int, seed: int = 0, metric: Metric = f1_scores
) -> NDArray[np.float64]:
    """The score of each model in each resample of the units; the draws are shared by all models.

    A resample is a vector of weights, how often each unit was drawn, so that all resamples of all
    models are one matrix product (the bootstrap of Efron and Tibshirani 1993, chapter 6).

    Shapes:
        counts (U, M, C)
        returns (R, M)
    """
    num_units, num_models, num_counts = counts.shape
    flat = counts.reshape(num_units, -1).astype(np.float64)  # (U, M * C)
    sums = [weights @ flat for weights in _weights(num_units, resamples, seed)]
    return metric(np.concatenate(sums).reshape(resamples, num_models, num_counts))


def resampled_f1(counts: NDArray[np.integer], resamples: int, seed: int = 0) -> NDArray[np.float64]:
    """Micro F1 of each model in each resample of the units.

    Shapes:
        counts (U, M, 3): tp, fp, fn
        returns (R, M)
    """
    return resampled_scores(counts, resamples, seed)


def stack_runs(
    runs: Sequence[Run], documents: Sequence[Hashable | None] | None = None
) -> NDArray[np.integer]:
    """The counts of all models side by side, summed by document where documents are given.

    Args:
        runs: one per model, on the same sentences.
        documents: for each sentence the document that it is of; a sentence of none (``None``) is
            one by itself. Without it each sentence is.

    Raises:
        DataError: no models, no sentences, or other sentences in one model than in another.

    Shapes:
        runs M × (S, C)
        returns (U, M, C)

    >>> run = np.array([[1, 0, 0], [2, 1, 0], [0, 0, 3]])
    >>> stack_runs([run], ["a", "b", "a"])[:, 0].tolist()
    [[1, 0, 3], [2, 1, 0]]
    """
    sizes = sorted({len(run) for run in runs})
    if not sizes:
        raise DataError("there are no models to compare")
    if len(sizes) > 1:
        raise DataError(
            f"the models were evaluated on different numbers of sentences: {sizes}; "
            "only scores of the same sentences can be paired"
        )
    if sizes == [0]:
        raise DataError("there are no sentences to resample")
    counts = np.stack(runs, axis=1)  # (S, M, C)
    if documents is None:
        return counts
    if len(documents) != len(counts):
        raise DataError(f"there are {len(counts)} sentences, but documents of {len(documents)}")
    places: dict[object, int] = {}
    units = [
        places.setdefault((place,) if document is None else ("of", document), len(places))
        for place, document in enumerate(documents)
    ]
    sums = np.zeros((len(places), *counts.shape[1:]), dtype=counts.dtype)
    np.add.at(sums, units, counts)
    return sums  # (U, M, C)


def check_resampling(resamples: int, confidence: float = 0.95) -> None:
    """Refuse settings that give no interval.

    Raises:
        ConfigurationError: too few resamples, or a confidence that is none.
    """
    if resamples < 100 or not 0 < confidence < 1:
        raise ConfigurationError(
            f"expected at least 100 resamples and a confidence between 0 and 1, "
            f"found {resamples} and {confidence}"
        )


def _weights(num_units: int, resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each unit was drawn, in blocks of resamples, (block, U)."""
    generator = np.random.default_rng(seed)
    block = max(1, _BLOCK // num_units)
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        drawn = generator.integers(num_units, size=(size, num_units))  # (block, U)
        drawn += num_units * np.arange(size)[:, None]  # a range of cells for each resample
        cells = np.bincount(drawn.ravel(), minlength=size * num_units)  # (block * U,)
        yield cells.reshape(size, num_units).astype(np.float64)
