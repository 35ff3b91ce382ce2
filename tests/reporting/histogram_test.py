"""Bins and bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.reporting.histogram import Bin, bins, histograms

COUNTS = st.dictionaries(st.integers(1, 5_000), st.integers(1, 10**6), min_size=1, max_size=50)


def test_by_hand() -> None:
    one, other = histograms({"train": {1: 3, 2: 1}, "test": {4: 1}})
    assert [(bar.label, bar.left, bar.width, bar.height) for bar in one.bars] == [
        ("1", 0, 25, 75),
        ("2", 25, 25, 25),
        ("3", 50, 25, 0),
        ("4", 75, 25, 0),
    ]
    assert [bar.count for bar in other.bars] == [0, 0, 0, 1]
    assert one.levels == ((50, "50 %"), (0, "100 %"))
    assert one.ticks == ((12.5, "1"), (37.5, "2"), (62.5, "3"), (87.5, "4"))


def test_the_few_largest_share_the_last_bin() -> None:
    parts = bins([{10: 1_000, 2_427: 1}])
    assert parts[:2] == (Bin(1, 1), Bin(2, 2))
    assert parts[-1] == Bin(11, None)
    (found,) = histograms({"test": {10: 1_000, 2_427: 1}})
    assert (found.bars[-1].label, found.bars[-1].count) == ("11 or more", 1)


@pytest.mark.parametrize("counts", [{}, {"train": {}}])
def test_nothing_to_count(counts: dict[str, dict[int, int]]) -> None:
    assert [item.name for item in histograms(counts)] == list(counts)


@given(st.lists(COUNTS, min_size=1, max_size=3))
def test_every_value_is_in_one_bar_and_every_bar_inside(counts: list[dict[int, int]]) -> None:
    found = histograms({str(place): item for place, item in enumerate(counts)})
    for item, given_counts in zip(found, counts, strict=True):
        assert len(item.bars) <= 33
        assert sum(bar.count for bar in item.bars) == sum(given_counts.values())
        assert all(0 <= bar.height <= 100.001 for bar in item.bars)
        assert item.bars[-1].left + item.bars[-1].width == pytest.approx(100, abs=0.1)
        assert 1 <= len(item.levels) <= 5
        assert len(item.ticks) <= 8
