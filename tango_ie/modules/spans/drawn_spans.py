"""Spans and pairs of spans that a training step learns from: gold, and others that are drawn.

Legend: B batch, T words of the longest sentence, K widths, S spans, P pairs, G gold relations,
M spans of a sentence that make pairs, C candidates.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.spans.gold import SentenceSpans
from tango_ie.modules.spans.settings import Negatives
from tango_ie.modules.tensor_batch import TensorBatch

ALL = Negatives(spans=None, pairs=None)


@dataclass
class DrawnSpans(TensorBatch):
    """All gold of a batch and as many negatives as are wanted.

    The words of a batch stand end to end, without padding; starts and ends are places there. Spans
    and pairs are in reading order.

    Args:
        longest: number of words of the longest span, or of the longest gap between two.

    Shapes:
        sentences, starts, ends, label_ids (S,) int: label 0 is none, and gold's labels are one more
        than in :class:`SentenceSpans`; shares (S,) float: 1 / number of spans of the sentence
        heads, tails (P,) int: which spans; pair_shares (P,) float
        true_pairs, true_labels (G,) int: each relation once
    """

    sentences: Tensor
    starts: Tensor
    ends: Tensor
    label_ids: Tensor
    shares: Tensor
    heads: Tensor
    tails: Tensor
    pair_shares: Tensor
    true_pairs: Tensor
    true_labels: Tensor
    longest: int

    @classmethod
    def of(
        cls,
        gold: Sequence[SentenceSpans],
        lengths: Sequence[int],
        max_width: int,
        negatives: Negatives = ALL,
    ) -> DrawnSpans:
        """Draw with torch's generator of the CPU; where all are taken it is not asked.

        Args:
            gold: of each sentence.
            lengths: of the sentences, in words.
            max_width: words of the widest span.
            negatives: what is drawn; by default all spans, and all pairs of gold entities.
        """
        sizes = torch.tensor(lengths, dtype=torch.long)  # (B,)
        spans = _draw_spans(gold, sizes, max_width, negatives.spans)
        pairs = _draw_pairs(gold, spans, negatives)
        offsets = (sizes.cumsum(0) - sizes).index_select(0, spans.sentences)  # (S,)
        gaps = torch.maximum(spans.starts[pairs.heads], spans.starts[pairs.tails]) - torch.minimum(
            spans.ends[pairs.heads], spans.ends[pairs.tails]
        )
        ranges = torch.cat([spans.ends - spans.starts, gaps])
        return cls(
            spans.sentences,
            spans.starts + offsets,
            spans.ends + offsets,
            spans.label_ids,
            _shares(spans.sentences, len(gold)),
            pairs.heads,
            pairs.tails,
            _shares(spans.sentences[pairs.heads], len(gold)),
            pairs.true_pairs,
            pairs.true_labels,
            longest=int(ranges.max()) if len(ranges) else 0,
        )


class _Spans(NamedTuple):
    """Starts and ends count from 0 in each sentence. Shapes: (S,) int each."""

    sentences: Tensor
    starts: Tensor
    ends: Tensor
    label_ids: Tensor


class _Pairs(NamedTuple):
    """Shapes: heads, tails (P,); true_pairs, true_labels (G,)."""

    heads: Tensor
    tails: Tensor
    true_pairs: Tensor
    true_labels: Tensor


def _draw_spans(
    gold: Sequence[SentenceSpans], sizes: Tensor, max_width: int, number: int | None
) -> _Spans:
    length = int(sizes.max()) if len(sizes) else 0
    label_ids = torch.zeros(len(sizes), length, max_width, dtype=torch.long)  # (B, T, K)
    sentences, rows = _joined([item.spans for item in gold])
    starts, ends, labels = rows.unbind(1)
    label_ids[sentences, starts, ends - starts - 1] = labels + 1
    last = torch.arange(length).unsqueeze(1) + torch.arange(1, max_width + 1)  # (T, K)
    exists = last <= sizes.view(-1, 1, 1)  # (B, T, K)
    true = label_ids > 0
    negative = _drawn((exists & ~true).flatten(1), number).view_as(true)
    found, starts, widths = (true | negative).nonzero(as_tuple=True)  # (S,) each
    return _Spans(found, starts, starts + widths + 1, label_ids[found, starts, widths])


def _draw_pairs(gold: Sequence[SentenceSpans], spans: _Spans, negatives: Negatives) -> _Pairs:
    entities = (spans.label_ids > 0).nonzero().squeeze(1)
    partners = entities if negatives.strong else torch.arange(len(spans.sentences))
    counts, firsts = _counted(spans.sentences[partners], len(gold))  # (B,) each
    sentences, rows = _joined([item.relations for item in gold])  # (G,), (G, 3)
    first_entities = _counted(spans.sentences[entities], len(gold))[1]
    ends = entities[first_entities[sentences].unsqueeze(1) + rows[:, :2]]  # (G, 2) among all spans
    # Partners are in order: a span's place among those of its sentence.
    ranks = torch.searchsorted(partners, ends) - firsts[sentences].unsqueeze(1)
    cells = (sentences, *ranks.unbind(1))

    size = int(counts.max()) if len(counts) else 0
    true = torch.zeros(len(gold), size, size, dtype=torch.bool)  # (B, M, M)
    true[cells] = True
    exists = torch.arange(size) < counts.unsqueeze(1)  # (B, M)
    candidates = exists.unsqueeze(2) & exists.unsqueeze(1) & ~torch.eye(size, dtype=torch.bool)
    negative = _drawn((candidates & ~true).flatten(1), negatives.pairs).view_as(true)
    taken = true | negative
    found, heads, tails = taken.nonzero(as_tuple=True)  # (P,) each
    places = taken.flatten().cumsum(0).view_as(taken) - 1
    return _Pairs(
        partners[firsts[found] + heads], partners[firsts[found] + tails], places[cells], rows[:, 2]
    )


def _drawn(candidates: Tensor, number: int | None) -> Tensor:
    """At most so many of each row's candidates, each as probable as the others. (B, C) → (B, C)"""
    if number is None or candidates.numel() == 0 or int(candidates.sum(1).max()) <= number:
        return candidates
    keys = torch.rand(candidates.shape).masked_fill(~candidates, 2.0)  # behind all others
    lowest = keys.topk(number, largest=False).indices
    return torch.zeros_like(candidates).scatter_(1, lowest, True) & candidates


def _joined(arrays: Sequence[NDArray[np.int32]]) -> tuple[Tensor, Tensor]:
    """Rows of all sentences, and whose they are."""
    sentences = np.repeat(np.arange(len(arrays)), [len(own) for own in arrays])
    rows = np.concatenate([np.zeros((0, 3), np.int32), *arrays]).astype(np.int64)
    return torch.from_numpy(sentences), torch.from_numpy(rows)


def _counted(sentences: Tensor, number: int) -> tuple[Tensor, Tensor]:
    """How many things each sentence has, and which is its first; (B,) each."""
    counts = sentences.bincount(minlength=number)
    return counts, counts.cumsum(0) - counts


def _shares(sentences: Tensor, number: int) -> Tensor:
    """1 / number of things of the same sentence."""
    return 1 / sentences.bincount(minlength=number).index_select(0, sentences).float()
