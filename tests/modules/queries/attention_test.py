"""Attention over two sets of keys, against softmax over both."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from tango_ie.modules.queries.attention import Keys, read_both


def slow(query: Tensor, context: Keys, own: Keys, num_queries: int) -> Tensor:
    """Row by row."""
    found = []
    for row in range(len(query)):
        sentence, asked = divmod(row, num_queries)
        place = row if len(own.keys) == len(query) else asked
        keys, values, masks = [], [], []
        parts: Sequence[tuple[Keys, int, int]] = [
            (context, sentence, sentence),
            (own, place, asked),
        ]
        for one, index, mask_index in parts:
            keys.append(one.keys[index])
            values.append(one.values[index])
            size = one.keys.size(2)
            all_ = torch.ones(size, dtype=torch.bool)
            masks.append(all_ if one.mask is None else one.mask[mask_index])
        scores = query[row] @ torch.cat(keys, dim=1).mT  # (A, I, N + K)
        scores = scores.masked_fill(~torch.cat(masks), -torch.inf)
        found.append((scores.softmax(-1) @ torch.cat(values, dim=1)).transpose(0, 1))
    return torch.stack(found)


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize("masked", [False, True])
@pytest.mark.parametrize("wanted", [1, 4])
def test_both_at_once(batch: int, shared: bool, masked: bool, wanted: int) -> None:
    torch.manual_seed(0)
    queries, heads, size, context_size, own_size = 2, 2, 3, 5, 4
    query = torch.randn(batch * queries, heads, wanted, size)
    context = Keys(
        torch.randn(batch, heads, context_size, size),
        torch.randn(batch, heads, context_size, size),
        torch.rand(batch, context_size) > 0.5 if masked else None,
    )
    rows = queries if shared else batch * queries
    own_mask = torch.tensor([[True] * 4, [True, False, False, False]]) if masked else None
    own = Keys(
        torch.randn(rows, heads, own_size, size), torch.randn(rows, heads, own_size, size), own_mask
    )
    found = read_both(query, context, own)
    assert found.shape == (batch * queries, wanted, heads, size)
    torch.testing.assert_close(found, slow(query, context, own, queries), atol=1e-6, rtol=0)


def test_nothing_of_the_context_may_be_readable() -> None:
    keys = Keys(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2), torch.zeros(1, 2, dtype=torch.bool))
    own = Keys(torch.ones(1, 1, 1, 2), torch.full((1, 1, 1, 2), 7.0))
    assert read_both(torch.ones(1, 1, 1, 2), keys, own).tolist() == [[[[7.0, 7.0]]]]


def test_dropout_drops_weights_and_keeps_their_mean() -> None:
    torch.manual_seed(0)
    ones = torch.ones(1, 1, 500, 1)
    own = Keys(ones, ones)
    found = read_both(torch.ones(1, 1, 200, 1), Keys(ones, ones), own, dropout=0.5)
    assert 0.001 < found.std() < 0.1
    assert abs(found.mean() - 1) < 0.01


def test_windows_are_joined() -> None:
    keys = torch.arange(12.0).view(3, 1, 2, 2)
    mask = torch.tensor([[True, True], [True, False], [True, True]])
    rows, exists = torch.tensor([[0, 1], [2, 0]]), torch.tensor([[True, True], [True, False]])
    joined = Keys(keys, -keys, mask).joined(rows, exists)
    assert joined.keys[0, 0, :, 0].tolist() == [0, 2, 4, 6]
    assert joined.values[1, 0, :2, 1].tolist() == [-9, -11]
    assert joined.mask is not None
    assert joined.mask.tolist() == [[True, True, True, False], [True, True, False, False]]
    assert Keys(keys, keys).joined(rows, exists).mask is not None
