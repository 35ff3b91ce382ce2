"""How sure a score is, and a difference between two scores.

Shapes: S sentences, V seeds of one variant, M models (all seeds of both variants), R resamples.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.counts import f1_scores

# Weights of resamples are made in blocks of about this many numbers (32 MB), so that memory does
# not grow with the number of resamples.
_BLOCK = 4_000_000


@dataclass(frozen=True)
class SeedInterval:
    """Mean and spread of a score over the seeds of one variant.

    Args:
        mean: over seeds.
        sd: standard deviation with n − 1 in the denominator; ``None`` for one seed.
        n: number of seeds.
        low, high: Student's t interval of the mean; ``None`` for one seed.
    """

    mean: float
    sd: float | None
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class BootstrapInterval:
    """A difference in F1 between two variants, with its interval over test sentences.

    Args:
        difference: variant − baseline, each a mean over seeds; a fraction.
        low, high: the percentile interval.
        confidence: its nominal coverage, in (0, 1).
        share_not_above_zero: share of the resamples in which the difference is ≤ 0.
        p_value: two-sided; never below 1 / (resamples + 1).
        resamples: R.
        sentences: S.
    """

    difference: float
    low: float
    high: float
    confidence: float
    share_not_above_zero: float
    p_value: float
    resamples: int
    sentences: int

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.low > 0 or self.high < 0


def seed_interval(values: Sequence[float], confidence: float = 0.95) -> SeedInterval:
    """Mean, standard deviation and t interval over seeds.

    Raises:
        DataError: without any value.

    >>> interval = seed_interval([0.84, 0.85, 0.86])
    >>> round(interval.mean, 3), round(interval.sd, 3), round(interval.low, 3)
    (0.85, 0.01, 0.825)
    """
    if not values:
        raise DataError("a mean over seeds needs at least one score")
    n = len(values)
    mean = math.fsum(values) / n
    if n == 1:
        return SeedInterval(mean, None, 1, None, None)
    sd = float(np.std(values, ddof=1))
    half = float(stats.t.ppf((1 + confidence) / 2, n - 1)) * sd / math.sqrt(n)
    return SeedInterval(mean, sd, n, mean - half, mean + half)


def paired_bootstrap(
    baseline: Sequence[NDArray[np.integer]],
    variant: Sequence[NDArray[np.integer]],
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> BootstrapInterval:
    """Interval of the difference in micro F1 between two variants, by resampling sentences.

    The statistic is the mean F1 over the variant's seeds minus that over the baseline's; one draw
    of sentences is used for all models of both, which is what makes it paired (Koehn 2004; Berg-
    Kirkpatrick et al. 2012). The interval says how far the difference would move on *other test
    sentences* of the same kind, for the models as they were trained. It does **not** say how far it
    would move with other seeds: compare it with the spread over seeds.

    Args:
        baseline: tp, fp, fn per sentence, for each seed.
        variant: the same for the variant, on the same sentences.
        resamples: R, at least 100.
        seed: of the resampling; the same seed gives the same result.
        confidence: nominal coverage, in (0, 1).

    Shapes:
        baseline V × (S, 3), variant V' × (S, 3)

    Raises:
        ConfigurationError: too few resamples, or a confidence that is none.
        DataError: no seeds, no sentences, or other sentences in one model than in another.
    """
    if resamples < 100 or not 0 < confidence < 1:
        raise ConfigurationError(
            f"expected at least 100 resamples and a confidence between 0 and 1, "
            f"found {resamples} and {confidence}"
        )
    counts = _stack([*baseline, *variant], bool(baseline) and bool(variant))  # (S, M, 3)
    first, num_sentences = len(baseline), len(counts)
    observed = _difference(f1_scores(counts.sum(axis=0)), first)  # ()
    resampled = _difference(resampled_f1(counts, resamples, seed), first)  # (R,)
    low, high = np.quantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    below, above = int((resampled <= 0).sum()), int((resampled >= 0).sum())
    return BootstrapInterval(
        difference=float(observed),
        low=float(low),
        high=float(high),
        confidence=confidence,
        share_not_above_zero=below / resamples,
        p_value=min(1.0, 2 * (min(below, above) + 1) / (resamples + 1)),
        resamples=resamples,
        sentences=num_sentences,
    )


def resampled_f1(counts: NDArray[np.integer], resamples: int, seed: int = 0) -> NDArray[np.float64]:
    """Micro F1 of each model in each resample of the sentences; the draws are shared by all models.

    A resample is a vector of weights, how often each sentence was drawn, so that all resamples of
    all models are one matrix product.

    Shapes:
        counts (S, M, 3): tp, fp, fn
        returns (R, M)
    """
    num_sentences, num_models, _ = counts.shape
    flat = counts.reshape(num_sentences, -1).astype(np.float64)  # (S, M * 3)
    sums = [weights @ flat for weights in _weights(num_sentences, resamples, seed)]
    return f1_scores(np.concatenate(sums).reshape(resamples, num_models, 3))


def _weights(num_sentences: int, resamples: int, seed: int) -> Iterator[NDArray[np.float64]]:
    """How often each sentence was drawn, in blocks of resamples, (block, S)."""
    generator = np.random.default_rng(seed)
    block = max(1, _BLOCK // num_sentences)
    for start in range(0, resamples, block):
        size = min(block, resamples - start)
        drawn = generator.integers(num_sentences, size=(size, num_sentences))  # (block, S)
        drawn += num_sentences * np.arange(size)[:, None]  # a range of cells for each resample
        cells = np.bincount(drawn.ravel(), minlength=size * num_sentences)  # (block * S,)
        yield cells.reshape(size, num_sentences).astype(np.float64)


def _difference(scores: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """Mean over the variant's models minus mean over the ``first`` ones, (..., M) → (...,)."""
    difference: NDArray[np.float64] = scores[..., first:].mean(-1) - scores[..., :first].mean(-1)
    return np.round(difference, 12)  # the order in which seeds are summed is no difference


def _stack(runs: Sequence[NDArray[np.integer]], both: bool) -> NDArray[np.integer]:
    if not both:
        raise DataError("a comparison needs at least one seed of the baseline and of the variant")
    sizes = sorted({len(run) for run in runs})
    if len(sizes) > 1:
        raise DataError(
            f"the models were evaluated on different numbers of sentences: {sizes}; "
            "only scores of the same sentences can be paired"
        )
    if sizes == [0]:
        raise DataError("there are no sentences to resample")
    return np.stack(runs, axis=1)  # (S, M, 3)
