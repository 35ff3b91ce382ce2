"""Choosing among spans, against going through them one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.queries.overlaps import without_conflicts
from tango_ie.modules.queries.settings import Overlaps

SPANS = st.lists(
    st.tuples(
        st.integers(0, 2), st.integers(0, 7), st.integers(0, 4), st.sampled_from([0.6, 0.7, 0.8])
    ),
    max_size=25,
)


def in_conflict(one: tuple[int, int], other: tuple[int, int], overlaps: Overlaps) -> bool:
    (start, last), (begin, end) = one, other
    if overlaps == "keep" or last < begin or end < start:
        return False
    within = (start <= begin and end <= last) or (begin <= start and last <= end)
    return overlaps == "drop" or not within


@pytest.mark.parametrize("overlaps", ["drop", "drop_crossing", "keep"])
@given(spans=SPANS)
def test_the_best_first(overlaps: Overlaps, spans: list[tuple[int, int, int, float]]) -> None:
    rows, starts, sizes, scores = (
        np.array([span[column] for span in spans]) for column in range(4)
    )
    lasts = starts + sizes
    arrays = (rows.astype(np.int64), starts.astype(np.int64), lasts.astype(np.int64))
    found = without_conflicts(*arrays, scores.astype(np.float32), overlaps)
    kept: list[int] = []
    for place in sorted(range(len(spans)), key=lambda index: -scores[index]):
        span = (starts[place], lasts[place])
        rivals = [other for other in kept if rows[other] == rows[place]]
        if not any(in_conflict(span, (starts[other], lasts[other]), overlaps) for other in rivals):
            kept.append(place)
    assert np.flatnonzero(found).tolist() == sorted(kept)
