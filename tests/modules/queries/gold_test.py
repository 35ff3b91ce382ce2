"""Gold by type."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.queries.gold import GoldCells, gold_cells

SPAN = st.tuples(st.integers(0, 4), st.integers(0, 5), st.integers(1, 3)).map(
    lambda span: (span[0], span[1], span[1] + span[2])
)


@given(
    sentences=st.lists(st.lists(SPAN, max_size=5), min_size=1, max_size=4),
    first=st.integers(0, 4),
    size=st.integers(1, 5),
)
def test_cells_of_neighbouring_types(
    sentences: list[list[tuple[int, int, int]]], first: int, size: int
) -> None:
    both = [gold_cells(spans) for spans in sentences]
    types = range(first, first + size)
    spans = {
        (row, label - first, start, end - 1)
        for row, own in enumerate(sentences)
        for label, start, end in own
        if label in types
    }
    words = {
        (row, label, word) for row, label, start, last in spans for word in range(start, last + 1)
    }
    for cells, wanted in zip(zip(*both, strict=True), (spans, words), strict=True):
        found = GoldCells.of(cells).within(first, first + size)
        rows = np.stack([column.numpy() for column in found], axis=1).tolist()
        assert len(rows) == len(wanted)
        assert {tuple(row) for row in rows} == wanted
