"""A small edition of benchmarks/coverage.py: bounds are loose, the seed is fixed."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.coverage import tally
from benchmarks.simulated_experiments import World, calibrated
from tango_ie.metrics.counts import f1_scores


def test_the_truth_of_the_simulation_is_what_it_makes() -> None:
    world = World(2000, seed_sd=0.2, effect=0.3, spread=0.5)
    generator = np.random.default_rng(0)
    differences = []
    for _ in range(40):
        baseline, better = world.runs(generator, (5, 5), better=True)
        means = [f1_scores(np.stack(runs).sum(axis=1)).mean() for runs in (baseline, better)]
        differences.append(means[1] - means[0])
    error = np.std(differences) / 40**0.5
    assert np.mean(differences) == pytest.approx(world.truth, abs=3 * error)
    assert error < 0.004


@pytest.mark.parametrize(("seeds", "ratio"), [(3, 0.3), (3, 1.0), (3, 3.0), (5, 1.0)])
def test_intervals_cover_and_seldom_see_what_is_not_there(seeds: int, ratio: float) -> None:
    counted = tally(calibrated(World(300), ratio), (seeds, seeds), 100, 200)
    assert counted.covered >= 0.9
    assert counted.false_alarms <= 0.08
    assert counted.any_by_holm <= 0.1


def test_what_is_left_out_is_missed() -> None:
    """Without the noise of seeds, or with plain resampling of three, intervals are too narrow."""
    counted = tally(calibrated(World(300), 3.0), (3, 3), 60, 200)
    assert counted.covered_sentences < 0.6
    assert counted.covered_plain < 0.9


def test_sentences_of_documents_need_documents() -> None:
    world = World(1200, document=40)
    by_sentence = tally(world, (1, 1), 40, 200)
    by_document = tally(world, (1, 1), 40, 200, by_document=True)
    assert by_document.width > 1.5 * by_sentence.width
    assert by_document.covered > by_sentence.covered
