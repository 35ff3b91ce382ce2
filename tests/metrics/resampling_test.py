"""Drawing sentences and documents anew."""

from __future__ import annotations

import numpy as np
import pytest

from tango_ie.core.errors import DataError
from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.resampling import resampled_f1, resampled_scores, stack_runs
from tests.metrics.simulated_runs import draw_runs


def test_resampled_f1_equals_a_loop_over_resamples() -> None:
    runs = draw_runs(np.random.default_rng(0), 40, [0.7, 0.9])
    counts = np.stack(runs, axis=1)  # (S, M, 3)
    drawn = np.random.default_rng(5).integers(40, size=(100, 40))
    expected = [f1_scores(counts[rows].sum(axis=0)) for rows in drawn]
    np.testing.assert_allclose(resampled_f1(counts, 100, seed=5), expected)


def test_resampling_in_blocks_has_the_same_distribution(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.stack(draw_runs(np.random.default_rng(0), 200, [0.7]), axis=1)
    whole = resampled_f1(counts, 1000)
    monkeypatch.setattr("tango_ie.metrics.resampling._BLOCK", 700)
    blocks = resampled_f1(counts, 1000)
    assert blocks.shape == (1000, 1)
    assert blocks.mean() == pytest.approx(whole.mean(), abs=0.002)
    assert blocks.std() == pytest.approx(whole.std(), rel=0.1)


def test_scores_of_any_counts_can_be_resampled() -> None:
    counts = np.stack(draw_runs(np.random.default_rng(0), 40, [0.7, 0.9]), axis=1)
    doubled = np.concatenate([counts, counts], axis=-1)  # (S, M, 6): two labels
    whole = resampled_scores(
        doubled, 100, 5, lambda sums: f1_scores(sums.reshape(*sums.shape[:-1], 2, 3)).mean(-1)
    )
    np.testing.assert_allclose(whole, resampled_f1(counts, 100, 5))


def test_counts_are_summed_by_document() -> None:
    run = np.arange(15).reshape(5, 3)
    sums = stack_runs([run, 2 * run], ["b", None, "b", None, "a"])
    assert sums.shape == (4, 2, 3)
    np.testing.assert_array_equal(sums[:, 0], [run[0] + run[2], run[1], run[3], run[4]])
    np.testing.assert_array_equal(sums[:, 1], 2 * sums[:, 0])


def test_a_document_may_have_the_name_of_a_place() -> None:
    assert len(stack_runs([np.ones((3, 3), dtype=np.int64)], [None, 0, None])) == 3


def test_what_does_not_fit_is_refused() -> None:
    run = np.ones((5, 3), dtype=np.int64)
    with pytest.raises(DataError, match="5 sentences, but documents of 2"):
        stack_runs([run], ["a", "b"])
    with pytest.raises(DataError, match="no models"):
        stack_runs([])
