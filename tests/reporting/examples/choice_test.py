"""Choice: the payload fits, and what is told most is kept longest."""

from __future__ import annotations

from tango_ie.reporting.examples import choose, embedded, payload

from .samples import large, small


def test_all_where_they_fit() -> None:
    assert choose(small()) == (small(), "")
    assert choose([]) == ([], "")


def test_what_changed_stays_and_what_is_right_goes() -> None:
    examples = small()
    size = len(embedded(payload(examples)).encode())
    kept, note = choose(examples, size - 1)
    assert [one.index for one in kept] == [0, 1, 2, 3, 4]
    assert note.startswith("5 of 6 sentences are here")
    size = len(embedded(payload(examples[:2])).encode())
    assert [one.index for one in choose(examples, size + 100)[0]] == [0, 1]
    assert choose(examples, 0)[0] == []


def test_it_fits() -> None:
    examples = large(400)
    kept, _ = choose(examples, 40_000)
    assert 30_000 < len(embedded(payload(kept)).encode()) <= 40_000
    assert {one.index for one in examples if one.fixed_by} <= {one.index for one in kept}
