"""Scores as `pool_folds` gives them, made by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tango_ie.metrics import Scores
from tango_ie.metrics.fold_info import KEY, FoldRatios, Folds

from .conftest import make_scores

FOLDS = 4


def make_pooled(
    recall: float = 0.8, seed: int = 1, varying: dict[str, list[Any]] | None = None, **info: Any
) -> Scores:
    """Folds of 50 sentences, whose models find gold ever better."""
    parts = [
        make_scores(min(recall + 0.01 * place, 1), seed, sentences=50, **info)
        for place in range(FOLDS)
    ]
    merged = parts[0]
    for part in parts[1:]:
        merged = merged.merge(part)
    ratios = {merged.name: FoldRatios.of(part.table for part in parts)}
    folds = Folds(tuple("abcd"), (50,) * FOLDS, ratios, varying or {})
    return replace(merged, info={**merged.info, KEY: folds.to_json()})
