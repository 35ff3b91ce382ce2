"""Maxima of ranges against slices, with gradients."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.modules.spans.range_maximum import RangeMaximum


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """A number of rows, and ranges of them; empty and inverted ones too."""
    size = draw(st.integers(0, 40))
    place = st.integers(0, size)
    return size, draw(st.lists(st.tuples(place, place), max_size=12))


@given(tables(), st.integers(0, 3))
def test_against_slices(table: tuple[int, list[tuple[int, int]]], more: int) -> None:
    size, ranges = table
    rows = torch.randn(size, 3, generator=torch.Generator().manual_seed(size))
    longest = max([end - start for start, end in ranges], default=0)
    starts, ends = torch.tensor(ranges, dtype=torch.long).reshape(-1, 2).unbind(1)
    found = RangeMaximum(rows, longest + more)(starts, ends)
    expected = [rows[start:end].amax(0) if start < end else torch.zeros(3) for start, end in ranges]
    assert torch.equal(found, torch.stack(expected) if expected else torch.zeros(0, 3))


def test_gradients_are_those_of_slices() -> None:
    """With ranges that share rows and whose two halves overlap."""
    rows = torch.randn(9, 4, dtype=torch.double, generator=torch.Generator().manual_seed(0))
    weights = torch.randn(5, 4, dtype=torch.double, generator=torch.Generator().manual_seed(1))
    ranges = [(0, 9), (2, 5), (4, 5), (3, 3), (1, 8)]
    gradients = []
    for quick in (True, False):
        leaf = rows.clone().requires_grad_()
        if quick:
            starts, ends = torch.tensor(ranges).unbind(1)
            maxima = RangeMaximum(leaf, 9)(starts, ends)
        else:
            maxima = torch.stack(
                [leaf[s:e].amax(0) if s < e else leaf.new_zeros(4) for s, e in ranges]
            )
        (maxima * weights).sum().backward()
        gradients.append(leaf.grad)
    assert torch.allclose(*gradients)


@pytest.mark.parametrize("dtype", [torch.float64, torch.bfloat16])
def test_the_type_of_numbers_stays(dtype: torch.dtype) -> None:
    rows = torch.randn(5, 2).to(dtype)
    found = RangeMaximum(rows, 5)(torch.tensor([1]), torch.tensor([4]))
    assert found.dtype == dtype and torch.equal(found[0], rows[1:4].amax(0))


def test_nothing_is_asked_of_the_device() -> None:
    """Shapes follow from shapes alone, so that a GPU is never waited for."""
    rows, ranges = torch.empty(6, 2, device="meta"), torch.empty(3, dtype=int, device="meta")
    assert RangeMaximum(rows, 6)(ranges, ranges).shape == (3, 2)
