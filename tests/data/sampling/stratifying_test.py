from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.data.sampling.drawing import Unit, draw
from tango_ie.data.sampling.stratifying import cut, stratified
from tests.data.sampling.small_corpora import sentence


def units_of(sizes: list[int]) -> list[Unit]:
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    return [
        Unit(tuple(range(start, start + size)), {}, b"", "")
        for start, size in zip(starts, sizes, strict=True)
    ]


@settings(max_examples=50)
@given(
    sizes=st.lists(st.integers(1, 5), min_size=1, max_size=30),
    shares=st.lists(st.integers(0, 9), min_size=1, max_size=5).filter(any),
)
def test_pieces_are_consecutive_and_as_large_as_asked(sizes: list[int], shares: list[int]) -> None:
    units = units_of(sizes)
    pieces = cut(units, [share / sum(shares) for share in shares])
    assert [unit for piece in pieces for unit in piece] == units
    for piece, share in zip(pieces, shares, strict=True):
        size = sum(len(unit.positions) for unit in piece)
        assert abs(size - share / sum(shares) * sum(sizes)) <= max(sizes)


@pytest.mark.parametrize("seed", range(4))
def test_every_stretch_of_the_order_has_its_share(seed: int) -> None:
    generator = random.Random(seed)
    labels = generator.choices(["", "/A", "/B", "/C"], [60, 30, 9, 1], k=2000)
    units = draw([[sentence(f"w{i}{label}") for i, label in enumerate(labels)]], seed, "test")
    order = stratified(units)
    assert sorted(map(id, order)) == sorted(map(id, units))
    for label in "ABC":
        total = sum(unit.counts.get(label, 0) for unit in units)
        for start in range(0, 2000, 200):
            found = sum(unit.counts.get(label, 0) for unit in order[start : start + 200])
            assert abs(found - total / 10) <= 4


def test_of_units_that_are_alike_chance_decides() -> None:
    given = [sentence(f"w{i}/A") for i in range(100)]
    first, second = (
        {unit.positions for unit in stratified(draw([given], seed, "test"))[:50]} for seed in (1, 2)
    )
    assert 10 < len(first & second) < 40
    assert stratified([]) == []
