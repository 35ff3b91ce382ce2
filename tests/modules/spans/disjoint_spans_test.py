"""Spans without overlap against one after the other."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.spans.disjoint_spans import best_disjoint

SPANS = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(0, 4)), max_size=20)


def one_by_one(spans: list[tuple[int, int, int]]) -> list[bool]:
    taken: set[int] = set()
    kept = [False] * len(spans)
    for place in sorted(range(len(spans)), key=lambda place: -spans[place][2]):
        start, size, _ = spans[place]
        words = range(start, start + size)
        if taken.isdisjoint(words):
            taken.update(words)
            kept[place] = True
    return kept


@given(SPANS)
def test_against_one_by_one(spans: list[tuple[int, int, int]]) -> None:
    starts, sizes, scores = np.array(spans, np.int64).reshape(-1, 3).T
    kept = best_disjoint(starts, starts + sizes, scores.astype(np.float32))
    assert kept.tolist() == one_by_one(spans)


def test_a_long_chain() -> None:
    """Each overlaps with the next, which is better: the last decides about all."""
    starts = np.arange(9)
    kept = best_disjoint(starts, starts + 2, np.linspace(0.1, 0.9, 9, dtype=np.float32))
    assert kept.tolist() == [True, False] * 4 + [True]
