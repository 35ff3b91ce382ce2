"""Counts and their ratios, by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tango_ie.metrics import Counts, Ratios, f1_scores, macro, total


def test_counts_add_and_ratios_come_last() -> None:
    parts = [Counts(tp=3), Counts(tp=1, fp=4), Counts(fn=2)]
    whole = total(parts)
    assert whole == Counts(tp=4, fp=4, fn=2)
    assert (whole.gold, whole.predicted) == (6, 8)
    assert whole.ratios == Ratios(precision=0.5, recall=4 / 6, f1=8 / 14)
    assert total([]) == Counts()


@pytest.mark.parametrize("counts", [Counts(), Counts(fp=3), Counts(fn=3)])
def test_zero_over_zero_is_zero(counts: Counts) -> None:
    assert counts.ratios == Ratios(0.0, 0.0, 0.0)


def test_counts_add_to_counts_only() -> None:
    with pytest.raises(TypeError):
        Counts() + 1  # type: ignore[operator]


def test_macro_is_over_labels_that_occur() -> None:
    labels = [Counts(tp=1, fp=1), Counts(tp=1, fn=3), Counts(fp=1), Counts()]
    assert macro(labels) == pytest.approx(
        ((0.5 + 1 + 0) / 3, (1 + 0.25 + 0) / 3, (2 / 3 + 0.4 + 0) / 3)
    )
    assert macro([Counts()]) == macro([]) == Ratios(0.0, 0.0, 0.0)


def test_many_f1_at_once_equal_one_by_one() -> None:
    counts = np.random.default_rng(0).integers(0, 3, size=(4, 50, 3))
    expected = [[Counts(*row).f1 for row in block] for block in counts.tolist()]
    np.testing.assert_allclose(f1_scores(counts), expected)
