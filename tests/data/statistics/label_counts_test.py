from __future__ import annotations

import math

import pytest

from tango_ie.data.statistics.label_counts import entropy


@pytest.mark.parametrize(
    ("counts", "bits", "normalised"),
    [
        ({}, 0, 0),
        ({"A": 7}, 0, 0),
        ({"A": 7, "B": 0}, 0, 0),
        ({"A": 1, "B": 1, "C": 2}, 1.5, 1.5 / math.log2(3)),
        (dict.fromkeys("ABCDEFGH", 5), 3, 1),
    ],
)
def test_entropy_by_hand(counts: dict[str, int], bits: float, normalised: float) -> None:
    found = entropy(counts)
    assert found["bits"] == pytest.approx(bits, abs=1e-6)
    assert found["normalised"] == pytest.approx(normalised, abs=1e-6)
