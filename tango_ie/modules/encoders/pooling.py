"""From vectors of sub-words to vectors of words.

Legend: C cells (sub-words of a padded batch, flattened), N selected cells, W word slots (B × T),
H hidden.
"""

from __future__ import annotations

from typing import Literal

from torch import Tensor

Pooling = Literal["first", "last", "mean", "max"]


def pool(vectors: Tensor, cells: Tensor, slots: Tensor, num_slots: int, pooling: Pooling) -> Tensor:
    """Pool the sub-words of each word; slots without a sub-word (padding) get zeros.

    For ``first`` and ``last`` the one cell of each word has been chosen already. On a GPU the sums
    of ``mean`` come in no fixed order (for words of three sub-words and more); everything else is
    deterministic.

    Shapes:
        vectors (C, H), cells (N,) int into C, slots (N,) int into W
        returns (W, H)
    """
    selected = vectors.index_select(0, cells)  # (N, H)
    words = selected.new_zeros(num_slots, selected.size(1))  # (W, H)
    if pooling == "mean":
        counts = selected.new_zeros(num_slots).index_add(0, slots, selected.new_ones(len(slots)))
        return words.index_add(0, slots, selected) / counts.clamp(min=1).unsqueeze(1)
    if pooling == "max":
        index = slots.unsqueeze(1).expand_as(selected)  # (N, H)
        return words.scatter_reduce(0, index, selected, "amax", include_self=False)
    return words.index_copy(0, slots, selected)
