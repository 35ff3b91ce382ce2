"""Entities as columns, against lists."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity
from tango_ie.modules.spans.found_entities import FoundEntities
from tango_ie.modules.spans.span_classifier import FoundSpans

NAMES = ("LOC", "PER")


@st.composite
def sentences(draw: st.DrawFn) -> list[tuple[int, list[tuple[int, int, int, float]]]]:
    """Lengths and spans in reading order, with label and score."""
    found = []
    for length in draw(st.lists(st.integers(0, 6), max_size=5)):
        every = [(i, j) for i in range(length) for j in range(i + 1, length + 1)]
        chosen = draw(st.lists(st.sampled_from(every), unique=True)) if every else []
        more = st.tuples(st.integers(0, 1), st.sampled_from([0.25, 0.5, 0.75]))
        found.append((length, [(*span, *draw(more)) for span in sorted(chosen)]))
    return found


def joined(batch: list[tuple[int, list[tuple[int, int, int, float]]]]) -> FoundEntities:
    offset, rows = 0, []
    for length, spans in batch:
        rows += [(start + offset, end + offset, *rest) for start, end, *rest in spans]
        offset += length
    columns = [*zip(*rows, strict=True)] or [()] * 4
    types = (torch.long, torch.long, torch.long, torch.float)
    spans = FoundSpans(*(torch.tensor(c, dtype=t) for c, t in zip(columns, types, strict=True)))
    return FoundEntities.of(spans, [length for length, _ in batch])


@given(sentences(), st.none() | st.integers(0, 4))
def test_against_lists(
    batch: list[tuple[int, list[tuple[int, int, int, float]]]], number: int | None
) -> None:
    found = joined(batch)
    expected = [[Entity(NAMES[la], *span, sc) for *span, la, sc in own] for _, own in batch]
    entities = found.by_sentence(NAMES)
    assert [[*own] for own in entities] == expected
    assert [[one.score for one in own] for own in entities] == [
        [one.score for one in own] for own in expected
    ]
    assert found.counts.tolist() == [len(own) for own in expected]
    ranges = [max(e.end for e in own) - min(e.start for e in own) for own in expected if own]
    assert found.longest == max(ranges, default=0)
    best = found.only(found.most_probable(number)).by_sentence(NAMES)
    for own, kept in zip(expected, best, strict=True):
        ranked = sorted(own, key=lambda one: -one.score)[:number]
        assert [*kept] == [one for one in own if one in ranked]


@given(sentences())
def test_disjoint(batch: list[tuple[int, list[tuple[int, int, int, float]]]]) -> None:
    for before, after in zip(
        joined(batch).by_sentence(NAMES), joined(batch).disjoint().by_sentence(NAMES), strict=True
    ):
        words = [word for one in after for word in range(one.start, one.end)]
        assert len(words) == len(set(words)) and {*after} <= {*before}
        if before:
            assert max(one.score for one in before) in [one.score for one in after]


def test_nothing() -> None:
    found = joined([])
    assert found.by_sentence(NAMES) == [] and found.longest == 0
    assert found.most_probable(2).tolist() == [] and len(found.disjoint()) == 0
    assert np.array_equal(found.counts, [])
