"""Overlaps and pairs, against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity
from tango_ie.metrics.pairing import likeness, pair_off, share_words, spans_of
from tests.metrics.drawn_annotations import entities


@given(entities, entities)
def test_overlaps_equal_those_of_sets_of_words(gold: list[Entity], predicted: list[Entity]) -> None:
    shared = share_words(spans_of(gold), spans_of(predicted))
    assert shared.shape == (len(gold), len(predicted))
    for row, one in enumerate(gold):
        for column, other in enumerate(predicted):
            ours, theirs = {*range(one.start, one.end)}, {*range(other.start, other.end)}
            assert shared[row, column] == bool(ours & theirs)
            alike = likeness(spans_of([one]), spans_of([other]))
            assert alike.tolist() == [len(ours & theirs) / len(ours | theirs)]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 2)), max_size=20))
def test_the_first_free_pair_is_taken(candidates: list[tuple[int, int, int]]) -> None:
    gold, predicted, keys = np.array(candidates, dtype=np.int64).reshape(-1, 3).T
    expected: list[tuple[int, int]] = []
    for _, one, other in sorted((key, one, other) for one, other, key in candidates):
        if all(one != known[0] and other != known[1] for known in expected):
            expected.append((one, other))
    taken = pair_off(gold, predicted, [keys])
    assert [(gold[at], predicted[at]) for at in taken] == expected
