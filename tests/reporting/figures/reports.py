"""Reports made by hand, for their figures."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from tango_ie.metrics.calibration import Calibration, calibrate
from tango_ie.metrics.counts import Counts
from tango_ie.reporting.report import Report
from tango_ie.reporting.variant import Run, Variant

LABELS = ("PER", "LOC", "ORG")


def make_history(epochs: int, best: float, seed: int = 0, has_dev: bool = True) -> dict[str, Any]:
    """Curves that rise to ``best`` and fall to 0.02."""
    noise = np.random.default_rng(seed).normal(0, 0.002, epochs)
    steps = range(1, epochs + 1)
    history: dict[str, Any] = {
        "metric": "entities_f1" if has_dev else None,
        "epochs": list(steps),
        "loss": [round(2 * math.exp(-step / 2) + 0.02, 5) for step in steps],
    }
    if has_dev:
        history["score"] = [
            round(best * (1 - math.exp(-step)) + float(noise[step - 1]), 5) for step in steps
        ]
    return history


def make_run(
    f1: float = 0.8,
    seed: int = 1,
    labels: Sequence[str] = LABELS,
    made_from: Mapping[str, Any] | None = None,
    best_epoch: int | None = None,
    calibration: Calibration | None = None,
    num_train_sentences: int | None = None,
    **info: Any,
) -> Run:
    """A run whose precision and recall are ``f1`` for all labels."""
    counts = {}
    for place, label in enumerate(labels):
        gold = 1000 * (len(labels) - place)
        right = round(gold * f1)
        counts[label] = Counts(right, gold - right, gold - right)
    archive: dict[str, Any] = {
        "seed": seed,
        "best_epoch": best_epoch,
        "num_train_sentences": num_train_sentences,
    }
    if made_from is not None:
        archive["made_from"] = {**made_from, "seed": seed}
    return Run(counts, {"archive": archive, **info}, calibration=calibration)


def make_variant(name: str, f1: float = 0.8, num_seeds: int = 3, **given: Any) -> Variant:
    """Runs about ``f1``, half a point apart."""
    middle = (num_seeds - 1) / 2
    runs = (make_run(f1 + 0.005 * (at - middle), at + 1, **given) for at in range(num_seeds))
    return Variant(name, tuple(runs))


def make_report(*variants: Variant) -> Report:
    """A report of these variants."""
    return Report(variants, "the rule", "test", "c0ffee", 3453)


def make_calibration(seed: int = 0, power: float = 1.0, number: int = 500) -> Calibration:
    """Confidences near 1, of which ``confidence ** power`` are right."""
    generator = np.random.default_rng(seed)
    confidences = np.clip(1 - generator.exponential(0.1, number), 0.0, 1.0)  # (N,)
    return calibrate(confidences, generator.random(number) < confidences**power)


def large_report() -> Report:
    """12 variants × 5 seeds × 100 epochs, with confidences."""
    variants = []
    for place in range(12):
        runs = tuple(
            make_run(
                0.75 + 0.01 * place,
                seed,
                best_epoch=60 + seed,
                history=make_history(60 + 8 * seed, 0.75 + 0.01 * place, 10 * place + seed),
                calibration=make_calibration(10 * place + seed),
            )
            for seed in range(1, 6)
        )
        variants.append(Variant(f"variant number {place} with a name that needs room", runs))
    return make_report(*variants)
