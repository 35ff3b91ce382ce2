"""What reading for spans is trained towards.

Legend: B batch, T words, P pairs of a pass, Q queries, K spans, N gold spans.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.reading.span_reading import ScoredSpans


@dataclass(frozen=True)
class SpanObjective:
    """The weights of the three losses, and what they are computed on.

    Args:
        start: weight of the words that begin an answer; the three are divided by their sum.
        end: of the words that end one.
        match: of the spans.
        candidates: spans that are trained on: ``pred_and_gold`` are those between a word that is
            found to begin an answer and one that is found to end one, and those between gold ones;
            ``all`` are all, whose number grows with the square of the length.
        negatives: share of the types without an entity in a sentence that its training asks for,
            drawn anew each time; in [0, 1]. A sentence is asked for one type at least.

    Raises:
        ConfigurationError: a weight below zero, all of them zero, or a share outside [0, 1].
    """

    start: float = 1.0
    end: float = 1.0
    match: float = 0.1
    candidates: Literal["pred_and_gold", "all"] = "pred_and_gold"
    negatives: float = 1.0

    def __post_init__(self) -> None:
        for name in ("start", "end", "match"):
            if not 0 <= getattr(self, name) < float("inf"):
                raise ConfigurationError(f"must be 0 or more, found {getattr(self, name)}", name)
        if not self.start + self.end + self.match:
            raise ConfigurationError("start, end and match are all 0: nothing is learned")
        if not 0 <= self.negatives <= 1:
            raise ConfigurationError(f"must lie in [0, 1], found {self.negatives}", "negatives")


class GoldMarks(NamedTuple):
    """The gold of a pass.

    Shapes:
        starts, ends (P, T) bool; spans (P, T, T) bool
    """

    starts: Tensor
    ends: Tensor
    spans: Tensor

    @classmethod
    def of(
        cls,
        gold: NDArray[np.int64],
        sentences: NDArray[np.int64],
        queries: NDArray[np.int64],
        size: int,
        device: torch.device,
    ) -> GoldMarks:
        """Mark the gold spans of a pass' pairs.

        Args:
            size: T.

        Shapes:
            gold (N, 4) int: sentence, query, first word, last word; sentences, queries (P,) int
        """
        num_queries = int(max(queries.max(initial=0), gold[:, 1].max(initial=0))) + 1
        keys = sentences * num_queries + queries  # (P,)
        order = np.argsort(keys)
        wanted = gold[:, 0] * num_queries + gold[:, 1]  # (N,)
        place = np.searchsorted(keys, wanted, sorter=order).clip(max=max(len(keys) - 1, 0))
        here = keys[order[place]] == wanted if len(keys) else np.zeros(len(wanted), np.bool_)
        pairs, firsts, lasts = order[place[here]], *gold[here, 2:].T
        starts, ends = np.zeros((2, len(keys), size), np.bool_)
        spans = np.zeros((len(keys), size, size), np.bool_)
        starts[pairs, firsts] = ends[pairs, lasts] = spans[pairs, firsts, lasts] = True
        return cls(*(torch.from_numpy(mark).to(device) for mark in (starts, ends, spans)))

    def candidates(self, objective: SpanObjective, word_mask: Tensor) -> Tensor:
        """Spans that are trained on whether they are found or not: (P, T, T) bool."""
        if objective.candidates == "all":
            return word_mask.unsqueeze(2) & word_mask.unsqueeze(1)
        return self.starts.unsqueeze(2) & self.ends.unsqueeze(1)


class LossSums(NamedTuple):
    """Sums over the words and spans of each sentence, and how many these are; (B,) each."""

    starts: Tensor
    ends: Tensor
    matches: Tensor
    words: Tensor
    spans: Tensor

    @classmethod
    def none(cls, num_sentences: int, device: torch.device) -> LossSums:
        """Nothing yet."""
        return cls(*torch.zeros(5, num_sentences, device=device))

    def plus(
        self, scored: ScoredSpans, gold: GoldMarks, word_mask: Tensor, sentences: Tensor
    ) -> LossSums:
        """With the pairs of a pass.

        Shapes:
            word_mask (P, T) bool, sentences (P,) int
        """
        entropy = nn.functional.binary_cross_entropy_with_logits
        real = word_mask.to(scored.starts.dtype)  # (P, T)
        starts = entropy(scored.starts, gold.starts.to(real.dtype), real, reduction="none")
        ends = entropy(scored.ends, gold.ends.to(real.dtype), real, reduction="none")
        truth = gold.spans[scored.pairs, scored.firsts, scored.lasts].to(real.dtype)  # (K,)
        matches = entropy(scored.matches, truth, reduction="none")  # (K,)
        of_span = sentences[scored.pairs]  # (K,)
        return LossSums(
            self.starts.index_add(0, sentences, starts.sum(1)),
            self.ends.index_add(0, sentences, ends.sum(1)),
            self.matches.index_add(0, of_span, matches),
            self.words.index_add(0, sentences, real.sum(1)),
            self.spans.index_add(0, of_span, torch.ones_like(matches)),
        )

    def total(self, objective: SpanObjective) -> Tensor:
        """The weighted means of each sentence, summed over sentences: ()."""
        words = self.words.clamp(min=1)
        total = objective.start * self.starts / words + objective.end * self.ends / words
        total = total + objective.match * self.matches / self.spans.clamp(min=1)  # (B,)
        return total.sum() / (objective.start + objective.end + objective.match)
