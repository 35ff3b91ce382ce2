"""Windows cover a sentence, and each sub-word is taken where it is most central."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.encoders.windows import plan_windows


@given(st.data(), st.integers(0, 300), st.integers(1, 40))
def test_windows(data: st.DataObject, num_pieces: int, capacity: int) -> None:
    overlap = data.draw(st.integers(0, capacity - 1))
    starts, owned = plan_windows(num_pieces, capacity, overlap)
    ends = np.minimum(starts + capacity, num_pieces)
    assert starts[0] == 0 and ends[-1] == num_pieces
    assert (np.diff(starts) > 0).all()
    assert (ends[:-1] - starts[1:] >= overlap).all()
    owner = np.repeat(np.arange(len(starts)), owned)
    assert len(owner) == num_pieces
    for piece, window in enumerate(owner):
        nearer_edge = np.minimum(piece - starts, ends - 1 - piece)
        assert nearer_edge[window] == nearer_edge.max() >= 0


def test_a_short_sentence_is_one_window() -> None:
    starts, owned = plan_windows(7, capacity=7, overlap=3)
    assert starts.tolist() == [0] and owned.tolist() == [7]
