"""From the words of a pass to spans that answer their queries.

Legend: P pairs of a pass, T words, K spans, H hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from tango_ie.modules.reading.match_scorer import MatchScorer


@dataclass(frozen=True)
class ScoredSpans:
    """Logits of words and of the spans between them.

    Shapes:
        starts, ends (P, T); pairs, firsts, lasts (K,) int: pair, first word and last word of each
        span; matches (K,)
    """

    starts: Tensor
    ends: Tensor
    pairs: Tensor
    firsts: Tensor
    lasts: Tensor
    matches: Tensor

    def found(self) -> Tensor:
        """Spans whose start, end and match are all more likely than not: their places in K."""
        return self._lowest().gt(0).nonzero().squeeze(1)

    def probabilities(self) -> Tensor:
        """The least of the three probabilities of a span, (K,): above 1/2 where it is found."""
        return self._lowest().sigmoid()

    def _lowest(self) -> Tensor:
        starts = self.starts[self.pairs, self.firsts]  # (K,)
        ends = self.ends[self.pairs, self.lasts]  # (K,)
        return torch.minimum(torch.minimum(starts, ends), self.matches)


class SpanReading(nn.Module):
    """A word's logits of beginning and of ending an answer, and a span's of being one.

    Args:
        input_size: H.
        match_size: of the inner layer that scores spans.
        dropout: probability in [0, 1), on that layer.

    Shapes:
        firsts, lasts (P, T, H): vectors of words as first and as last ones; word_mask (P, T) bool
        more (P, T, T) bool: spans to be scored beside those whose start and end are likely
    """

    def __init__(self, input_size: int, match_size: int, dropout: float) -> None:
        super().__init__()
        self.start = nn.Linear(input_size, 1)
        self.end = nn.Linear(input_size, 1)
        self.match = MatchScorer(input_size, match_size, dropout)

    def forward(
        self, firsts: Tensor, lasts: Tensor, word_mask: Tensor, more: Tensor | None = None
    ) -> ScoredSpans:
        starts = _wide(self.start(firsts).squeeze(2))  # (P, T)
        ends = _wide(self.end(lasts).squeeze(2))  # (P, T)
        likely_start, likely_end = (starts > 0) & word_mask, (ends > 0) & word_mask
        wanted = likely_start.unsqueeze(2) & likely_end.unsqueeze(1)  # (P, T, T)
        wanted = (wanted if more is None else wanted | more).triu()
        pairs, heads, tails = wanted.nonzero().unbind(1)  # (K,) each
        first_words, left = _compacted(firsts, wanted.any(2))  # (N, H), (P, T)
        last_words, right = _compacted(lasts, wanted.any(1))  # (M, H), (P, T)
        matches = self.match(first_words, last_words, left[pairs, heads], right[pairs, tails])
        return ScoredSpans(starts, ends, pairs, heads, tails, matches)


def _compacted(words: Tensor, used: Tensor) -> tuple[Tensor, Tensor]:
    """The words that are used, and where among them each word is.

    Shapes:
        words (P, T, H), used (P, T) bool; returns (N, H), (P, T) int
    """
    return words[used], used.flatten().cumsum(0).sub(1).view(used.shape)


def _wide(logits: Tensor) -> Tensor:
    return logits.float() if logits.dtype in (torch.bfloat16, torch.float16) else logits
