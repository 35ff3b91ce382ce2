from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import flatten
from tango_ie.data.statistics.overlaps import dropped_when_flat, overlaps

SPANS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 4)).map(lambda item: (item[0], sum(item))),
    max_size=7,
)


@pytest.mark.parametrize(
    ("spans", "depths"),
    [
        ([], ()),
        ([(0, 1), (1, 2)], (1, 1)),
        ([(1, 2), (0, 3), (0, 2)], (3, 1, 2)),
        ([(0, 2), (0, 2), (0, 2)], (1, 2, 3)),
        ([(0, 3), (1, 4), (2, 3)], (1, 1, 2)),  # two hold it, but not one the other
    ],
)
def test_depths(spans: list[tuple[int, int]], depths: tuple[int, ...]) -> None:
    assert overlaps(spans).depths == depths


@given(SPANS)
def test_depth_is_one_more_than_that_of_the_deepest_holder(spans: list[tuple[int, int]]) -> None:
    found = overlaps(spans)
    for place, (start, end) in enumerate(spans):
        holders = [
            found.depths[other]
            for other, (first, last) in enumerate(spans)
            if first <= start
            and end <= last
            and ((first, last) != (start, end) or other < place)
            and other != place
        ]
        assert found.depths[place] == 1 + max(holders, default=0)
    crossed = [
        any(first < start < last < end or start < first < end < last for first, last in spans)
        for start, end in spans
    ]
    assert list(found.crossed) == crossed
    assert list(found.span_repeated) == [span in spans[:place] for place, span in enumerate(spans)]


@given(SPANS)
def test_flattening_drops_the_same(spans: list[tuple[int, int]]) -> None:
    entities = [Entity("X", start, end) for start, end in spans]
    dropped = flatten(entities)[1]
    assert [entities[place] for place in dropped_when_flat(spans)] == dropped
