"""Whether a first word and a last word belong to one answer.

Legend: N first words, M last words, K spans, H hidden, I inner size.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

_CHUNK = 1 << 24  # numbers of the inner layer that are held at a time


class MatchScorer(nn.Module):
    """``w · gelu(W [h_i; h_j] + b)`` for spans i … j, without a vector for each pair of words.

    ``W [h_i; h_j]`` is ``A h_i + B h_j``: what words contribute is computed once for each of them,
    and added for the spans that are asked for. Of many spans the inner layer is made in parts, and
    in training made again for the gradient instead of kept.

    Args:
        input_size: H.
        size: I.
        dropout: probability in [0, 1), on the inner layer.

    Shapes:
        firsts (N, H), lasts (M, H); heads (K,) int into N, tails (K,) int into M
        returns logits (K,) float32 at least
    """

    def __init__(self, input_size: int, size: int, dropout: float) -> None:
        super().__init__()
        # One layer over [h_i; h_j], so that the two halves start as they would there.
        self.inner = nn.Linear(2 * input_size, size)
        self.dropout = nn.Dropout(dropout)
        self.outer = nn.Linear(size, 1)

    def forward(self, firsts: Tensor, lasts: Tensor, heads: Tensor, tails: Tensor) -> Tensor:
        of_first, of_last = self.inner.weight.chunk(2, dim=1)  # (I, H) each
        left = nn.functional.linear(firsts, of_first, self.inner.bias)  # (N, I)
        right = nn.functional.linear(lasts, of_last)  # (M, I)
        spans = max(1, _CHUNK // self.inner.out_features)
        if len(heads) <= spans:
            return self._score(left, right, heads, tails)
        parts = []
        for start in range(0, len(heads), spans):
            part = heads[start : start + spans], tails[start : start + spans]
            if torch.is_grad_enabled():
                parts.append(checkpoint(self._score, left, right, *part, use_reentrant=False))
            else:
                parts.append(self._score(left, right, *part))
        return torch.cat(parts)

    def _score(self, left: Tensor, right: Tensor, heads: Tensor, tails: Tensor) -> Tensor:
        inner = left.index_select(0, heads) + right.index_select(0, tails)  # (K, I)
        logits = self.outer(self.dropout(nn.functional.gelu(inner))).squeeze(1)  # (K,)
        return logits.float() if logits.dtype in (torch.bfloat16, torch.float16) else logits
