"""Pooling against a loop over words."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tango_ie.modules.encoders.pooling import pool

SIZES = [3, 1, 0, 2, 5]  # sub-words per slot; the third is padding


def _naive(vectors: Tensor, pooling: str) -> Tensor:
    rows, start = [], 0
    for size in SIZES:
        own = vectors[start : start + size]
        start += size
        if not size:
            rows.append(torch.zeros(vectors.size(1), dtype=vectors.dtype))
        elif pooling == "mean":
            rows.append(own.mean(0))
        else:
            rows.append(own.max(0).values)
    return torch.stack(rows)


@pytest.mark.parametrize("pooling", ["mean", "max"])
def test_all_sub_words(pooling: str) -> None:
    torch.manual_seed(0)
    grid = torch.randn(20, 4, dtype=torch.float64, requires_grad=True)
    cells = torch.randperm(20)[: sum(SIZES)]
    slots = torch.repeat_interleave(torch.arange(len(SIZES)), torch.tensor(SIZES))
    expected = _naive(grid[cells], pooling)
    assert torch.allclose(pool(grid, cells, slots, len(SIZES), pooling), expected)  # type: ignore[arg-type]
    torch.autograd.gradcheck(lambda v: pool(v, cells, slots, len(SIZES), pooling), grid)  # type: ignore[arg-type]


@pytest.mark.parametrize("pooling", ["first", "last"])
def test_one_sub_word(pooling: str) -> None:
    grid = torch.arange(12.0).view(6, 2)
    words = pool(grid, torch.tensor([4, 0]), torch.tensor([0, 2]), 3, pooling)  # type: ignore[arg-type]
    assert words.tolist() == [[8.0, 9.0], [0.0, 0.0], [0.0, 1.0]]


def test_half_precision() -> None:
    grid = torch.ones(3, 2, dtype=torch.bfloat16)
    for pooling in ("first", "mean", "max"):
        words = pool(grid, torch.arange(3), torch.arange(3), 3, pooling)  # type: ignore[arg-type]
        assert words.dtype == torch.bfloat16 and words.eq(1).all()
