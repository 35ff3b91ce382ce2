"""Scores made by hand, for reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from tango_ie.metrics import STRICT, Counts, CountTable, Scores

LABELS = ("LOC", "PER")
Maker = Callable[..., Scores]


def make_scores(
    recall: float = 0.8, seed: int | None = 1, sentences: int = 200, **info: Any
) -> Scores:
    """Scores of a model that finds gold with the given probability; gold is always the same."""
    gold = np.random.default_rng(0).poisson(0.8, (sentences, len(LABELS)))
    generator = np.random.default_rng([7, seed or 0, round(1000 * recall)])
    found = generator.binomial(gold, recall)
    invented = generator.poisson(0.1, gold.shape)
    counts = [
        {
            label: Counts(int(tp), int(fp), int(all_gold - tp))
            for label, tp, fp, all_gold in zip(LABELS, *rows, strict=True)
        }
        for rows in zip(found, invented, gold, strict=True)
    ]
    archive = {
        "seed": seed,
        "train_seconds": 60.0 + (seed or 0),
        "num_parameters": 22_713_216,
        "num_trainable_parameters": 3_465,
        "device": "cpu",
    }
    base = {
        "archive": {**archive, **info.pop("archive", {})},
        "corpus_fingerprint": "c0ffee",
        "split": "test",
        "device": "cpu",
        "precision": "float32",
        "sentences_per_second": 400.0,
    }
    rule = info.pop("rule", STRICT)
    return Scores(rule, CountTable.from_sentences(counts, LABELS), {**base, **info})


@pytest.fixture
def variants() -> dict[str, list[Scores]]:
    """One variant about like the baseline, one much better."""
    return {
        "softmax": [make_scores(0.7, seed) for seed in (1, 2)],
        "crf": [make_scores(0.705, seed) for seed in (1, 2)],
        "wide": [make_scores(0.95, seed) for seed in (1, 2)],
    }
