"""Products of two vectors, one for each label.

Legend: N vectors, P pairs, H hidden, R labels.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DistMult(nn.Module):
    """``sum_h(head[h] * diagonal[label, h] * tail[h])``.

    Source: Yang et al. (2015). A pair and its reverse have the same score.

    Args:
        input_size: H.
        num_labels: R.

    Shapes:
        vectors (N, H) float; heads, tails (P,) int: which vectors; returns (P, R) float
    """

    def __init__(self, input_size: int, num_labels: int) -> None:
        super().__init__()
        self.diagonals = nn.Parameter(torch.empty(num_labels, input_size))
        # So that scores begin about as large as products of single numbers.
        nn.init.normal_(self.diagonals, std=input_size**-0.5)

    def forward(self, vectors: Tensor, heads: Tensor, tails: Tensor) -> Tensor:
        products = vectors.index_select(0, heads) * vectors.index_select(0, tails)  # (P, H)
        return nn.functional.linear(products, self.diagonals)
