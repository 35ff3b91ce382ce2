"""Counts per sentence of models that do not exist."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Run = NDArray[np.int64]


def draw_runs(
    generator: np.random.Generator, sentences: int, recalls: list[float], shared: float = 0.5
) -> list[Run]:
    """Models that find gold entities with given probabilities, on the same sentences.

    ``shared`` of a sentence's difficulty is common to all models, as in real test sets.
    """
    gold = generator.poisson(1.6, sentences)
    ease = generator.uniform(-0.2, 0.2, sentences) * shared
    runs = []
    for recall in recalls:
        found = generator.binomial(gold, np.clip(recall + ease, 0, 1))
        invented = generator.poisson(0.25, sentences)
        runs.append(np.stack([found, invented, gold - found], axis=1))
    return runs
