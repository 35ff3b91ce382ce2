"""A difference between two variants, with both sources of noise: seeds and test sentences.

Shapes: S sentences, U units that are drawn (sentences or documents), V seeds of one variant,
M models, C counts, R resamples.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tango_ie.core.errors import DataError
from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.holm import holm
from tango_ie.metrics.noise import Noise, SeedNoise, estimate_noise
from tango_ie.metrics.resampling import (
    Metric,
    Run,
    check_resampling,
    resampled_scores,
    stack_runs,
)
from tango_ie.metrics.significance import (
    BootstrapInterval,
    check_both,
    percentile_interval,
)

# Variances below this are rounding errors of scores that are equal.
_ZERO = 1e-22


@dataclass(frozen=True)
class Difference:
    """A difference between two variants and how sure it is.

    Args:
        difference: variant − baseline, each a mean over seeds; a fraction.
        low, high: interval over seeds and sentences; over sentences alone where ``covers_seeds``
            is false.
        confidence: its nominal coverage, in (0, 1); of this comparison alone.
        p_value: two-sided, of this comparison alone; below 1 − confidence where the interval
            excludes zero.
        p_adjusted: after Holm's correction for ``comparisons``.
        comparisons: variants that were compared with the baseline.
        baseline_seeds, variant_seeds: numbers of runs.
        paired_seeds: whether runs of the same seed were taken to be correlated.
        sentences: S.
        by_document: whether documents were drawn, in place of sentences.
        resamples: R.
        noise: the variances that the interval is made of.
        over_sentences: the difference over test sentences alone, for the models as trained.
    """

    difference: float
    low: float
    high: float
    confidence: float
    p_value: float
    p_adjusted: float
    comparisons: int
    baseline_seeds: int
    variant_seeds: int
    paired_seeds: bool
    sentences: int
    by_document: bool
    resamples: int
    noise: Noise
    over_sentences: BootstrapInterval

    @property
    def covers_seeds(self) -> bool:
        """Whether the interval covers the noise of seeds; one seed of each tells nothing of it."""
        return bool(self.noise.seeds)

    @property
    def borrows_noise(self) -> bool:
        """Whether one variant has one seed, whose noise was taken to be that of the other's."""
        return any(part.arms == 2 for part in self.noise.seeds)

    @property
    def excludes_zero(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.low > 0 or self.high < 0

    @property
    def significant(self) -> bool:
        """Whether the difference is told from zero, after correction for all comparisons."""
        return self.p_adjusted < 1 - self.confidence

    @property
    def seed_share(self) -> float | None:
        """Share of the variance that comes from seeds alone; ``None`` where that is unknown."""
        if not self.covers_seeds:
            return None
        return self.noise.from_seeds / self.noise.variance if self.noise.variance else 0.0

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Difference:
        """The inverse of :meth:`to_json`."""
        noise = value["noise"]
        parts = tuple(SeedNoise(**part) for part in noise["seeds"])
        nested = {
            "noise": Noise(**{**noise, "seeds": parts}),
            "over_sentences": BootstrapInterval(**value["over_sentences"]),
        }
        return cls(**{**value, **nested})


def measure_difference(
    baseline: Sequence[Run],
    variant: Sequence[Run],
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    documents: Sequence[Hashable | None] | None = None,
    paired_seeds: bool = False,
    metric: Metric = f1_scores,
) -> Difference:
    """:func:`measure_differences` of one variant.

    >>> generator = np.random.default_rng(0)
    >>> runs = [generator.poisson([1.5, 0.2, 0.3], (400, 3)) for _ in range(6)]
    >>> found = measure_difference(runs[:3], runs[3:], resamples=500)
    >>> found.low < found.difference < found.high, found.significant
    (True, False)
    """
    return measure_differences(
        baseline,
        {"variant": variant},
        resamples,
        seed,
        confidence,
        documents,
        paired_seeds,
        metric,
    )["variant"]


def measure_differences(
    baseline: Sequence[Run],
    variants: Mapping[str, Sequence[Run]],
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    documents: Sequence[Hashable | None] | None = None,
    paired_seeds: bool = False,
    metric: Metric = f1_scores,
) -> dict[str, Difference]:
    """Differences of variants to a baseline, with intervals over seeds and test sentences.

    The question is what another training run of each, on other test sentences, would give; a
    comparison that varies only one of the two is too sure of itself (Bouthillier et al. 2021; Dror
    et al. 2018 for the sentences). This is a hierarchical bootstrap in which the level of the
    sentences is drawn, in pairs (one draw for all models), and the level of the seeds is reckoned:

    * Resampling n seeds gives the mean a variance of s² (n − 1) / n², without any draw; it is too
      small by (n − 1) / n, a third for three seeds. Here it is s² / n.
    * s² holds each run's luck with these sentences, which the draws of sentences hold too. It is
      estimated from the draws and counted once; what is left of s² is never below zero, so that
      the interval is never narrower than that over sentences alone.
    * Variants may differ in their spread over seeds, so that no common one is assumed (Welch 1947);
      the sum of variances has the degrees of freedom of Satterthwaite 1946, and the interval is
      Student's, which for three seeds is up to twice as wide as percentiles would be.

    ``benchmarks/coverage.py`` measures how often such intervals cover, beside those of plain
    resampling. With one seed of each the interval covers sentences alone; where only one variant
    has one seed, its noise is taken to be the other's.

    Args:
        baseline: counts per sentence, for each seed.
        variants: the same for each variant, on the same sentences.
        resamples: R, at least 100.
        seed: of the resampling; the same seed gives the same result.
        confidence: nominal coverage, in (0, 1).
        documents: the document of each sentence, where whole documents are to be drawn, because
            the sentences of one are alike.
        paired_seeds: whether runs at the same place have more in common than the test set, such as
            the same sample of training data. A seed that merely has the same number in two
            different models makes nothing alike, so this is false unless said otherwise.
        metric: of the summed counts.

    Shapes:
        baseline V × (S, C), variants V' × (S, C)

    Raises:
        ConfigurationError: too few resamples, or a confidence that is none.
        DataError: no seeds, no sentences, a single document, other sentences in one model than in
            another, or seeds that cannot be paired.
    """
    check_resampling(resamples, confidence)
    for name, runs in variants.items():
        check_both(baseline, runs)
        if paired_seeds and len(runs) != len(baseline):
            raise DataError(
                f"seeds can be paired only where there are equally many, found {len(baseline)} of "
                f"the baseline and {len(runs)} of {name}"
            )
    if not variants:
        return {}
    everything = [*baseline, *(run for runs in variants.values() for run in runs)]
    counts = stack_runs(everything, documents)  # (U, M, C)
    if documents is not None and len(counts) < 2:
        raise DataError(
            "all sentences are of one document, which says nothing of others; "
            "draw sentences, by leaving out the documents"
        )
    scores = metric(counts.sum(axis=0).astype(np.float64))  # (M,)
    drawn = resampled_scores(counts, resamples, seed, metric)  # (R, M)
    found = {}
    start = len(baseline)
    for name, runs in variants.items():
        here = slice(start, start + len(runs))
        start += len(runs)
        both = [scores[: len(baseline)], scores[here]]
        both_drawn = [drawn[:, : len(baseline)], drawn[:, here]]
        noise = estimate_noise(both, both_drawn, len(counts), paired_seeds)
        difference = round(float(both[1].mean() - both[0].mean()), 12)
        half, p_value = _test(difference, noise, confidence)
        found[name] = Difference(
            difference=difference,
            low=difference - half,
            high=difference + half,
            confidence=confidence,
            p_value=p_value,
            p_adjusted=p_value,
            comparisons=len(variants),
            baseline_seeds=len(baseline),
            variant_seeds=len(runs),
            paired_seeds=paired_seeds,
            sentences=len(baseline[0]),
            by_document=documents is not None,
            resamples=resamples,
            noise=noise,
            over_sentences=_over_sentences(difference, both_drawn, len(baseline[0]), confidence),
        )
    adjusted = holm([one.p_value for one in found.values()])
    return {
        name: replace(one, p_adjusted=value)
        for (name, one), value in zip(found.items(), adjusted, strict=True)
    }


def _test(difference: float, noise: Noise, confidence: float) -> tuple[float, float]:
    """Half the width of Student's interval, and the p-value that belongs to it."""
    if noise.units < 2:
        return 2.0, 1.0  # one sentence says nothing of others; no two differences are farther apart
    if noise.variance < _ZERO:
        # All sentences tell the same. Signs that chance set would agree in all with this
        # probability, so that two sentences are no evidence, however equal.
        return 0.0, 1.0 if difference == 0 else 2.0 ** (1 - min(noise.units, 1000))
    half = float(stats.t.ppf((1 + confidence) / 2, noise.degrees)) * noise.sd
    return half, float(2 * stats.t.sf(abs(difference) / noise.sd, noise.degrees))


def _over_sentences(
    difference: float, drawn: Sequence[NDArray[np.float64]], sentences: int, confidence: float
) -> BootstrapInterval:
    resampled = np.round(drawn[1].mean(axis=1) - drawn[0].mean(axis=1), 12)  # (R,)
    return percentile_interval(difference, resampled, sentences, confidence)
