"""Approximate randomisation: would chance labels give as large a difference?"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from tango_ie.core.errors import DataError
from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.resampling import Metric, Run, check_resampling, stack_runs
from tango_ie.metrics.significance import check_both, difference_of_means

# As for resamples: what one block of shuffles may hold.
_BLOCK = 4_000_000


@dataclass(frozen=True)
class RandomisationTest:
    """How often outputs with shuffled names differ as much as the real ones.

    Args:
        difference: variant − baseline, each a mean over seeds; a fraction.
        p_value: two-sided; never below 1 / (shuffles + 1).
        shuffles: number of them.
        units: sentences or documents whose outputs were exchanged.
    """

    difference: float
    p_value: float
    shuffles: int
    units: int


def approximate_randomisation(
    baseline: Sequence[Run],
    variant: Sequence[Run],
    shuffles: int = 2000,
    seed: int = 0,
    documents: Sequence[Hashable | None] | None = None,
    metric: Metric = f1_scores,
) -> RandomisationTest:
    """Test the difference between two variants by exchanging their outputs at random.

    Noreen 1989; Yeh 2000 for ratios such as F1; Dror et al. 2018. If the variant made no
    difference, it would not matter which of two outputs for a sentence came from which, so those of
    each sentence are exchanged with probability one half (those of all seeds together, which keeps
    what the seeds have in common). Like :func:`paired_bootstrap` it says nothing of other seeds.

    Args:
        baseline: counts per sentence, for each seed.
        variant: the same for the variant, with as many seeds, on the same sentences.
        shuffles: at least 100.
        seed: of the shuffling; the same seed gives the same result.
        documents: the document of each sentence, where those of a document are exchanged together.
        metric: of the summed counts.

    Raises:
        ConfigurationError: too few shuffles.
        DataError: other sentences or another number of seeds in one variant than in the other.
    """
    check_resampling(shuffles)
    check_both(baseline, variant)
    if len(baseline) != len(variant):
        raise DataError(
            f"only outputs of equally many seeds can be exchanged, found {len(baseline)} and "
            f"{len(variant)}; use the paired bootstrap"
        )
    counts = stack_runs([*baseline, *variant], documents).astype(np.float64)  # (U, M, C)
    num_units, first = len(counts), len(baseline)
    sums = counts.sum(axis=0)  # (M, C)
    change = (counts[:, first:] - counts[:, :first]).reshape(num_units, -1)  # (U, V * C)
    observed = float(difference_of_means(metric(sums), first))
    generator = np.random.default_rng(seed)
    block = max(1, _BLOCK // num_units)
    as_large = 0
    for start in range(0, shuffles, block):
        size = (min(block, shuffles - start), num_units)
        exchanged = generator.integers(2, size=size).astype(np.float64)  # (block, U)
        moved = (exchanged @ change).reshape(-1, first, sums.shape[-1])  # (block, V, C)
        shuffled = np.concatenate([sums[:first] + moved, sums[first:] - moved], axis=1)
        differences = difference_of_means(metric(shuffled), first)  # (block,)
        as_large += int((np.abs(differences) >= abs(observed)).sum())
    return RandomisationTest(observed, (as_large + 1) / (shuffles + 1), shuffles, num_units)
