"""One source of noise at a time: a score over seeds, a difference over test sentences.

For both at once see :mod:`tango_ie.metrics.difference`.

Shapes: S sentences, U units that are drawn (sentences or documents), V seeds of one variant,
M models (all seeds of both variants), C counts, R resamples.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tango_ie.core.errors import DataError
from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.resampling import (
    Metric,
    Run,
    check_resampling,
    resampled_f1,
    resampled_scores,
    stack_runs,
)

__all__ = [
    "BootstrapInterval",
    "SeedInterval",
    "difference_of_means",
    "paired_bootstrap",
    "percentile_interval",
    "resampled_f1",
    "seed_bootstrap",
    "seed_interval",
]


@dataclass(frozen=True)
class SeedInterval:
    """Mean and spread of a score over the seeds of one variant.

    Args:
        mean: over seeds.
        sd: standard deviation with n − 1 in the denominator; ``None`` for one seed.
        n: number of seeds.
        low, high: interval of the mean; ``None`` for one seed.
    """

    mean: float
    sd: float | None
    n: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class BootstrapInterval:
    """A difference in score between two variants, with its interval over test sentences alone.

    Args:
        difference: variant − baseline, each a mean over seeds; a fraction.
        low, high: the percentile interval.
        confidence: its nominal coverage, in (0, 1).
        share_not_above_zero: share of the resamples in which the difference is ≤ 0.
        p_value: two-sided; never below 2 / (resamples + 1).
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
    """Mean, standard deviation and Student's t interval over seeds.

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


def seed_bootstrap(
    values: Sequence[float], resamples: int = 2000, seed: int = 0, confidence: float = 0.95
) -> SeedInterval:
    """Mean, standard deviation and bootstrap interval over seeds.

    The percentiles of resampled means are too narrow for few values: their variance is (n − 1) / n
    of what it should be, and they know nothing of Student's quantiles (Efron and Tibshirani 1993,
    section 12.5; Hesterberg 2015, section 4.5). Hence their distances from the mean are stretched
    by √(n / (n − 1)) · t / z. A skew of the values stays visible; where there is none, this is
    close to :func:`seed_interval`, which is to be preferred for less than ten seeds.

    Raises:
        ConfigurationError: too few resamples, or a confidence that is none.
        DataError: without any value.

    >>> interval = seed_bootstrap([0.84, 0.85, 0.86, 0.89])
    >>> round(interval.mean, 3), interval.high - interval.mean > interval.mean - interval.low
    (0.86, True)
    """
    check_resampling(resamples, confidence)
    plain = seed_interval(values, confidence)
    if plain.n == 1:
        return plain
    scores = np.asarray(values, dtype=np.float64)
    drawn = np.random.default_rng(seed).integers(plain.n, size=(resamples, plain.n))
    tails = np.array([(1 - confidence) / 2, (1 + confidence) / 2])
    distances = np.quantile(scores[drawn].mean(axis=1), tails) - plain.mean  # (2,)
    quantile = stats.t.ppf(tails[1], plain.n - 1) / stats.norm.ppf(tails[1])
    stretched = plain.mean + distances * quantile * math.sqrt(plain.n / (plain.n - 1))
    return SeedInterval(plain.mean, plain.sd, plain.n, float(stretched[0]), float(stretched[1]))


def paired_bootstrap(
    baseline: Sequence[Run],
    variant: Sequence[Run],
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    documents: Sequence[Hashable | None] | None = None,
    metric: Metric = f1_scores,
) -> BootstrapInterval:
    """Interval of the difference between two variants, by resampling sentences or documents.

    The statistic is the mean score over the variant's seeds minus that over the baseline's; one
    draw of sentences is used for all models of both, which is what makes it paired (Koehn 2004;
    Berg-Kirkpatrick et al. 2012; Dror et al. 2018). The interval says how far the difference would
    move on *other test sentences* of the same kind, for the models as they were trained. It does
    **not** say how far it would move with other seeds: :func:`measure_difference` does.

    Args:
        baseline: counts per sentence, for each seed.
        variant: the same for the variant, on the same sentences.
        resamples: R, at least 100.
        seed: of the resampling; the same seed gives the same result.
        confidence: nominal coverage, in (0, 1).
        documents: the document of each sentence, where whole documents are to be drawn, because
            the sentences of one are alike.
        metric: of the summed counts.

    Shapes:
        baseline V × (S, C), variant V' × (S, C)

    Raises:
        ConfigurationError: too few resamples, or a confidence that is none.
        DataError: no seeds, no sentences, or other sentences in one model than in another.
    """
    check_resampling(resamples, confidence)
    check_both(baseline, variant)
    counts = stack_runs([*baseline, *variant], documents)  # (U, M, C)
    observed = difference_of_means(metric(counts.sum(axis=0)), len(baseline))  # ()
    scores = resampled_scores(counts, resamples, seed, metric)  # (R, M)
    resampled = difference_of_means(scores, len(baseline))  # (R,)
    return percentile_interval(float(observed), resampled, len(baseline[0]), confidence)


def percentile_interval(
    observed: float, resampled: NDArray[np.float64], sentences: int, confidence: float
) -> BootstrapInterval:
    """What resampled differences say of the observed one.

    Shapes:
        resampled (R,)
    """
    low, high = np.quantile(resampled, [(1 - confidence) / 2, (1 + confidence) / 2])
    below, above = int((resampled <= 0).sum()), int((resampled >= 0).sum())
    return BootstrapInterval(
        difference=observed,
        low=float(low),
        high=float(high),
        confidence=confidence,
        share_not_above_zero=below / len(resampled),
        p_value=min(1.0, 2 * (min(below, above) + 1) / (len(resampled) + 1)),
        resamples=len(resampled),
        sentences=sentences,
    )


def difference_of_means(scores: NDArray[np.float64], first: int) -> NDArray[np.float64]:
    """Mean over the variant's models minus mean over the ``first`` ones, (..., M) → (...,)."""
    difference: NDArray[np.float64] = scores[..., first:].mean(-1) - scores[..., :first].mean(-1)
    return np.round(difference, 12)  # the order in which seeds are summed is no difference


def check_both(baseline: Sequence[Run], variant: Sequence[Run]) -> None:
    """Refuse a comparison with nothing.

    Raises:
        DataError: no seeds on one side.
    """
    if not (len(baseline) and len(variant)):
        raise DataError("a comparison needs at least one seed of the baseline and of the variant")
