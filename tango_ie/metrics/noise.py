"""What a difference between two variants owes to chance: variances of seeds and of sentences.

Shapes: R resamples, V seeds of one variant.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SeedNoise:
    """How much the score of one run varies with its seed.

    Runs differ on a test set for two reasons: some are better models, and each has its own luck
    with these sentences. The second is also part of the noise of the sentences, and would be
    counted twice if it were not told apart.

    Args:
        observed: variance over seeds of the score on the test set, n − 1 in the denominator.
        luck: the part of it that would change with the test sentences, by resampling them.
        degrees: of freedom of ``observed``.
        weight: what a variance of runs counts in the variance of the difference; 1 / n.
        arms: 2 where the value stands for both variants, else 1.
    """

    observed: float
    luck: float
    degrees: int
    weight: float
    arms: int = 1

    @property
    def quality(self) -> float:
        """Variance over seeds of the score on endlessly many sentences, never below zero."""
        return max(0.0, self.observed - self.luck)

    @classmethod
    def of_runs(
        cls, scores: NDArray[np.float64], resampled: NDArray[np.float64], units: int
    ) -> SeedNoise:
        """Estimate from runs that differ in nothing but the seed.

        Shapes:
            scores (V,) with V ≥ 2, resampled (R, V)
        """
        num_runs = len(scores)
        deviations = resampled - resampled.mean(axis=1, keepdims=True)  # (R, V)
        luck = deviations.var(axis=0, ddof=1).sum() / (num_runs - 1) * _unbiased(units)
        observed = float(scores.var(ddof=1))
        return cls(observed, float(luck), num_runs - 1, 1 / num_runs)


@dataclass(frozen=True)
class Noise:
    """Variances of one difference, in squares of the score's unit.

    Args:
        seeds: of each variant, or of pairs of runs; empty where no variant has two seeds.
        sentences: variance of the difference over test sentences, for the models as trained.
        units: number of sentences or documents that were drawn.
    """

    seeds: tuple[SeedNoise, ...]
    sentences: float
    units: int

    @property
    def variance(self) -> float:
        """Of the difference, over seeds (where known) and sentences."""
        return self.from_seeds + self.sentences

    @property
    def from_seeds(self) -> float:
        """The part that more seeds alone would reduce, beyond what ``sentences`` holds of it."""
        return sum(part.quality * part.weight for part in self.seeds)

    @property
    def sd(self) -> float:
        """Square root of the variance: the standard error of the difference."""
        return math.sqrt(self.variance)

    @property
    def degrees(self) -> float:
        """Degrees of freedom of the variance (Satterthwaite 1946), at least 1."""
        doubt = self.sentences**2 / max(1, self.units - 1)
        doubt += sum(
            (part.observed * part.weight) ** 2 / part.degrees for part in self.seeds if part.quality
        )
        return max(1.0, self.variance**2 / doubt) if doubt > 0 else max(1.0, self.units - 1.0)

    @property
    def sentences_alone(self) -> float:
        """What would be left of the variance with endlessly many seeds."""
        return max(0.0, self.sentences - sum(part.luck * part.weight for part in self.seeds))

    def scaled(self, seeds: int | None = None, factor: float = 1.0) -> Noise:
        """The noise to be expected with other numbers of seeds and sentences.

        Args:
            seeds: of each variant, at least 2; ``None`` for those at hand.
            factor: times as many sentences as at hand.
        """
        parts = [
            part
            if seeds is None
            else replace(part, degrees=part.arms * (seeds - 1), weight=part.arms / seeds)
            for part in self.seeds
        ]
        parts = [
            replace(part, observed=part.quality + part.luck / factor, luck=part.luck / factor)
            for part in parts
        ]
        sentences = self.sentences_alone / factor + sum(part.luck * part.weight for part in parts)
        return Noise(tuple(parts), sentences, max(2, round(self.units * factor)))


def estimate_noise(
    scores: Sequence[NDArray[np.float64]],
    resampled: Sequence[NDArray[np.float64]],
    units: int,
    paired_seeds: bool = False,
) -> Noise:
    """Variances of the difference between two variants.

    The bootstrap's variance over sentences is multiplied by U / (U − 1), which makes it unbiased.
    The noise of a variant with one seed is taken to be that of the other.

    Args:
        scores: of the baseline's runs and of the variant's, on the test set.
        resampled: the same in each resample of the sentences.
        units: U.
        paired_seeds: whether runs at the same place are correlated beyond the test set.

    Shapes:
        scores 2 × (V,), resampled 2 × (R, V)
    """
    difference = resampled[1].mean(axis=1) - resampled[0].mean(axis=1)  # (R,)
    sentences = float(difference.var(ddof=1)) * _unbiased(units)
    if paired_seeds:
        pairs = (scores[1] - scores[0], resampled[1] - resampled[0])
        known = [SeedNoise.of_runs(*pairs, units)] if len(scores[0]) > 1 else []
        return Noise(tuple(known), sentences, units)
    known = [
        SeedNoise.of_runs(one, drawn, units)
        for one, drawn in zip(scores, resampled, strict=True)
        if len(one) > 1
    ]
    if len(known) == 1:
        known = [replace(known[0], weight=known[0].weight + 1.0, arms=2)]
    return Noise(tuple(known), sentences, units)


def _unbiased(units: int) -> float:
    """What a bootstrap's variance over units is to be multiplied by."""
    return units / (units - 1) if units > 1 else 1.0
