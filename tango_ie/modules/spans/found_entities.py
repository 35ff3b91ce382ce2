"""Entities that were found in a batch, as columns, until they are made objects of.

Legend: B batch, N entities.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from tango_ie.data.annotations import Entity
from tango_ie.modules.spans.disjoint_spans import best_disjoint
from tango_ie.modules.spans.span_classifier import FoundSpans


@dataclass(frozen=True)
class FoundEntities:
    """Sentence after sentence, in reading order; words are counted through the batch.

    Args:
        bounds: behind the last word of each sentence.

    Shapes:
        bounds (B,) int; starts, ends, labels (N,) int; scores (N,) float
    """

    bounds: NDArray[np.int64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    labels: NDArray[np.int64]
    scores: NDArray[np.float32]

    @classmethod
    def of(cls, spans: FoundSpans, lengths: Sequence[int]) -> FoundEntities:
        """Spans of sentences of these lengths, wherever they are."""
        bounds = np.cumsum(np.array(lengths, np.int64))
        return cls(bounds, *(column.cpu().numpy() for column in spans))

    def __len__(self) -> int:
        """N."""
        return len(self.starts)

    @cached_property
    def sentences(self) -> NDArray[np.int64]:
        """Whose they are, (N,)."""
        return np.searchsorted(self.bounds, self.starts, side="right")

    @cached_property
    def counts(self) -> NDArray[np.int64]:
        """How many each sentence has, (B,)."""
        return np.bincount(self.sentences, minlength=len(self.bounds))

    @cached_property
    def longest(self) -> int:
        """Words from the first entity of a sentence to its last, both included; the most of all."""
        if not len(self):
            return 0
        firsts = np.flatnonzero(np.diff(self.sentences, prepend=-1))
        return int((np.maximum.reduceat(self.ends, firsts) - self.starts[firsts]).max())

    def only(self, chosen: NDArray[np.bool_]) -> FoundEntities:
        """Some of them."""
        return FoundEntities(
            self.bounds,
            self.starts[chosen],
            self.ends[chosen],
            self.labels[chosen],
            self.scores[chosen],
        )

    def disjoint(self) -> FoundEntities:
        """Without those that overlap with a more probable one, which stays."""
        return self.only(best_disjoint(self.starts, self.ends, self.scores))

    def most_probable(self, number: int | None) -> NDArray[np.bool_]:
        """At most so many of each sentence; ties: the first. (N,)"""
        if number is None or self.counts.max(initial=0) <= number:
            return np.ones(len(self), np.bool_)
        order = np.lexsort((-self.scores, self.sentences))  # by sentence, the best first
        firsts = self.counts.cumsum() - self.counts
        chosen = np.empty(len(self), np.bool_)
        chosen[order] = np.arange(len(self)) - firsts[self.sentences] < number
        return chosen

    def by_sentence(self, names: Sequence[str]) -> list[tuple[Entity, ...]]:
        """As objects."""
        offsets = np.concatenate([np.zeros(1, np.int64), self.bounds])[self.sentences]
        columns = self.labels, self.starts - offsets, self.ends - offsets, self.scores
        rows = zip(*(column.tolist() for column in columns), strict=True)
        entities = [Entity(names[label], *rest) for label, *rest in rows]
        ends = self.counts.cumsum().tolist()
        return [
            tuple(entities[end - size : end])
            for end, size in zip(ends, self.counts.tolist(), strict=True)
        ]
