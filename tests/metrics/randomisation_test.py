"""Approximate randomisation: all exchanges by brute force, and what must not be exchanged."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.randomisation import approximate_randomisation
from tango_ie.metrics.significance import paired_bootstrap
from tests.metrics.simulated_runs import draw_runs


def test_tends_to_the_share_among_all_exchanges() -> None:
    runs = np.stack(draw_runs(np.random.default_rng(3), 8, [0.4, 0.5, 0.9, 0.8]))  # (M, S, 3)
    observed = f1_scores(runs.sum(axis=1))
    observed = abs(observed[2:].mean() - observed[:2].mean())
    as_large = 0
    for exchanged in itertools.product([False, True], repeat=8):
        mixed = np.where(np.array(exchanged)[None, :, None], runs[[2, 3, 0, 1]], runs)
        scores = f1_scores(mixed.sum(axis=1))
        as_large += abs(scores[2:].mean() - scores[:2].mean()) >= observed - 1e-12
    found = approximate_randomisation(list(runs[:2]), list(runs[2:]), 20_000)
    assert found.p_value == pytest.approx(as_large / 256, abs=0.01)
    assert (found.shuffles, found.units) == (20_000, 8)


def test_agrees_with_the_bootstrap_about_sentences() -> None:
    for seed in range(3):
        first, second = draw_runs(np.random.default_rng(seed), 600, [0.75, 0.78])
        shuffled = approximate_randomisation([first], [second], 2000)
        drawn = paired_bootstrap([first], [second], 2000)
        assert shuffled.difference == drawn.difference
        assert shuffled.p_value == pytest.approx(drawn.p_value, abs=0.04)


def test_equal_models_and_clear_differences() -> None:
    low, high = draw_runs(np.random.default_rng(2), 300, [0.5, 0.9])
    assert approximate_randomisation([low], [low], 100).p_value == 1.0
    assert approximate_randomisation([low], [high], 999).p_value == 1 / 1000


def test_documents_are_exchanged_as_a_whole() -> None:
    low, high = draw_runs(np.random.default_rng(2), 300, [0.5, 0.9])
    found = approximate_randomisation([low], [high], 2000, documents=[0] * 150 + [1] * 150)
    assert found.units == 2
    assert found.p_value == pytest.approx(0.5, abs=0.05)  # both or neither, of four


def test_what_cannot_be_exchanged_is_refused() -> None:
    run = np.ones((5, 3), dtype=np.int64)
    with pytest.raises(DataError, match="equally many seeds"):
        approximate_randomisation([run], [run, run])
    with pytest.raises(DataError, match="at least one seed"):
        approximate_randomisation([], [])
    with pytest.raises(ConfigurationError, match="at least 100"):
        approximate_randomisation([run], [run], 10)
