"""From scores to spans.

Legend: B batch, T words, Q queries, N found spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from tango_ie.data.annotations import Annotations, Entity
from tango_ie.modules.queries.overlaps import without_conflicts
from tango_ie.modules.queries.settings import Overlaps


@dataclass
class FoundSpans:
    """Spans that were found.

    Shapes:
        cells (N, 4) int: sentence, query, first word, last word; scores (N,): probabilities
    """

    cells: Tensor
    scores: Tensor

    @classmethod
    def joined(cls, parts: Sequence[FoundSpans]) -> FoundSpans:
        """Those of several groups of queries; at least one."""
        return cls(
            torch.cat([part.cells for part in parts]), torch.cat([part.scores for part in parts])
        )

    def to_annotations(
        self, sentences: int, labels: Sequence[str], overlaps: Overlaps
    ) -> list[Annotations]:
        """Entities of each sentence, in reading order.

        Args:
            sentences: B.
            labels: of the queries.
            overlaps: what is done where spans overlap.
        """
        cells = self.cells.cpu().numpy()
        scores = self.scores.float().cpu().numpy()
        order = np.lexsort(cells.T[[1, 3, 2, 0]])  # sentence, first word, last word, query
        cells, scores = cells[order], scores[order]
        rows, _, starts, lasts = cells.T
        kept = without_conflicts(rows, starts, lasts, scores, overlaps)
        entities: list[list[Entity]] = [[] for _ in range(sentences)]
        columns = (*cells[kept].T.tolist(), scores[kept].tolist())
        for row, query, start, last, score in zip(*columns, strict=True):
            entities[row].append(Entity(labels[query], start, last + 1, score))
        return [Annotations(tuple(own)) for own in entities]


def find_spans(logits: Tensor, exists: Tensor, threshold: float, first: int) -> FoundSpans:
    """Spans that are more probable than the threshold.

    Args:
        first: number of the first query.

    Shapes:
        logits (B, Q, T, T), exists (B, 1, T, T) bool
    """
    chosen = (logits > _logit(threshold)) & exists
    cells = chosen.nonzero()  # (N, 4)
    return _found(cells, logits[cells.unbind(1)].sigmoid(), first)


def find_runs(logits: Tensor, word_mask: Tensor, threshold: float, first: int) -> FoundSpans:
    """Runs of words that are more probable than the threshold; a span's score is their mean.

    Shapes:
        logits (B, Q, T), word_mask (B, T) bool
    """
    inside = (logits > _logit(threshold)) & word_mask.unsqueeze(1)
    padded = torch.nn.functional.pad(inside, (1, 1))  # (B, Q, T + 2)
    starts = (inside & ~padded[..., :-2]).nonzero()  # (N, 3)
    lasts = (inside & ~padded[..., 2:]).nonzero()[:, 2:]  # of the same runs, in the same order
    sums = torch.nn.functional.pad(logits.sigmoid().double().cumsum(-1), (1, 0))  # (B, Q, T + 1)
    rows, queries, begins = starts.unbind(1)
    ends = lasts.squeeze(1) + 1
    scores = (sums[rows, queries, ends] - sums[rows, queries, begins]) / (ends - begins)
    return _found(torch.cat([starts, lasts], dim=1), scores.float().clamp(max=1), first)


def _found(cells: Tensor, scores: Tensor, first: int) -> FoundSpans:
    cells[:, 1] += first
    return FoundSpans(cells, scores)


def _logit(probability: float) -> float:
    return float(np.log(probability) - np.log1p(-probability))
