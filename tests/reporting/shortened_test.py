"""Texts cut in the middle."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tango_ie.reporting.shortened import shortened


@given(st.text(), st.integers(3, 40))
def test_both_ends_stay_and_the_whole_is_kept(text: str, length: int) -> None:
    cut = shortened(text, length)
    assert len(cut) == min(len(text), length)
    assert cut.full == text
    assert cut.is_cut is (len(text) > length)
    if cut.is_cut:
        head, _, tail = cut.partition("…") if "…" not in text else (cut[:1], "", cut[-1:])
        assert text.startswith(head) and text.endswith(tail)
