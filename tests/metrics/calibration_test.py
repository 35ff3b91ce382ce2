"""Expected calibration error and reliability curve, by hand and bin by bin."""

from __future__ import annotations

import json
import random
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.calibration import Bin, Binning, Calibration, calibrate

Pairs = list[tuple[float, bool]]
pairs = st.lists(
    st.tuples(st.sampled_from([0, 0.1, 0.3, 0.5, 0.75, 1]) | st.floats(0, 1), st.booleans())
)
binnings = st.sampled_from(get_args(Binning))


def calibrated(drawn: Pairs, bins: int = 10, binning: Binning = "equal width") -> Calibration:
    scores = np.array([score for score, _ in drawn], dtype=np.float64)
    return calibrate(scores, np.array([right for _, right in drawn], dtype=bool), bins, binning)


def test_equal_width_by_hand() -> None:
    drawn = [(0.0, False), (0.2, True), (0.5, True), (0.8, False), (1.0, True)]
    found = calibrated(drawn, 2)
    assert found.bins == (
        Bin(0.0, 0.2, pytest.approx(0.1), 0.5, 2),
        Bin(0.5, 1.0, pytest.approx(2.3 / 3), pytest.approx(2 / 3), 3),
    )
    assert found.error == pytest.approx((2 * 0.4 + 3 * 0.1) / 5)
    assert found.largest_error == pytest.approx(0.4)
    assert found.number == 5


def test_equal_mass_by_hand() -> None:
    drawn = [(0.1, False), (0.9, True), (0.8, True), (0.95, False)]
    found = calibrated(drawn, 2, "equal mass")
    assert [(group.low, group.high, group.number) for group in found.bins] == [
        (0.1, 0.8, 2),
        (0.9, 0.95, 2),
    ]
    assert found.error == pytest.approx((abs(0.45 - 0.5) + abs(0.925 - 0.5)) / 2)


def test_equal_confidences_stay_together() -> None:
    found = calibrated([(0.5, False)] * 3 + [(0.5, True)] * 3 + [(0.9, True)], 3, "equal mass")
    assert [group.number for group in found.bins] == [6, 1]
    assert found.bins[0].accuracy == 0.5


def test_perfect_confidence() -> None:
    drawn = [(0.75, True)] * 3 + [(0.75, False)] + [(1.0, True)] * 4
    for binning in get_args(Binning):
        assert calibrated(drawn, 4, binning).error == 0.0


def test_nothing_predicted() -> None:
    for binning in get_args(Binning):
        found = calibrated([], binning=binning)
        assert (found.bins, found.error, found.largest_error, found.number) == ((), 0.0, 0.0, 0)


@given(pairs, st.integers(1, 12))
def test_equal_width_bin_by_bin(drawn: Pairs, bins: int) -> None:
    error = 0.0
    for place in range(bins):
        low, high = place / bins, (place + 1) / bins
        inside = [
            (score, right)
            for score, right in drawn
            if low <= score < high or (place == bins - 1 and score == 1)
        ]
        if inside:
            confidence = sum(score for score, _ in inside) / len(inside)
            accuracy = sum(right for _, right in inside) / len(inside)
            error += abs(confidence - accuracy) * len(inside) / len(drawn)
    assert calibrated(drawn, bins).error == pytest.approx(error, abs=1e-9)


@given(pairs, st.integers(1, 12), binnings, st.randoms(use_true_random=False))
def test_laws(drawn: Pairs, bins: int, binning: Binning, generator: random.Random) -> None:
    found = calibrated(drawn, bins, binning)
    assert len(found.bins) <= bins
    assert found.number == len(drawn)
    assert 0 <= found.error <= found.largest_error + 1e-12 <= 1 + 1e-9
    edges = [edge for group in found.bins for edge in (group.low, group.high)]
    assert edges == sorted(edges)
    if binning == "equal mass" and len({score for score, _ in drawn}) == len(drawn):
        sizes = [group.number for group in found.bins]
        assert not sizes or max(sizes) - min(sizes) <= 1
    shuffled = generator.sample(drawn, len(drawn))
    assert calibrated(shuffled, bins, binning).error == pytest.approx(found.error, abs=1e-12)


def test_json() -> None:
    found = calibrate(np.array([0.2, 0.9]), np.array([True, True]), num_unscored=3)
    assert Calibration.from_json(json.loads(json.dumps(found.to_json()))) == found
    assert "bins of equal width" in found.rule


def test_what_cannot_be_calibrated() -> None:
    some, right = np.array([0.5]), np.array([True])
    with pytest.raises(ConfigurationError, match="at least one bin"):
        calibrate(some, right, 0)
    with pytest.raises(ConfigurationError, match="found 'width'"):
        calibrate(some, right, 2, "width")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="1 confidences for 2 predictions"):
        calibrate(some, np.array([True, False]))
    for score in (np.nan, -1.0, 1.1):
        with pytest.raises(DataError, match=r"must lie in \[0, 1\]"):
            calibrate(np.array([score]), right)
