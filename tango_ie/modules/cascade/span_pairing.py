"""Spans from words that are tagged as starts and as ends: each start goes with the nearest end.

The words of several segments (sentences, or sentences each read for one subject) stand end to end.

Legend: P words of all segments, L labels, N spans.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor


class FoundSpans(NamedTuple):
    """Spans with their probabilities.

    Shapes:
        firsts, lasts, labels (N,) int: both words lie inside the span; scores (N,) float
    """

    firsts: Tensor
    lasts: Tensor
    labels: Tensor
    scores: Tensor


def nearest_ends(starts: Tensor, ends: Tensor, segments: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Pair each start with the first end of its label that is not before it, in its segment.

    A start without such an end is left out; an end may go with several starts. Label by label, in
    the order of starts.

    Shapes:
        starts, ends (P, L) bool, segments (P,) int: any number that neighbouring segments do not
        share; returns words of starts, words of ends, labels: (N,) int each

    >>> starts, ends = torch.tensor([[1, 0, 1, 1], [0, 1, 0, 1]]).bool().unsqueeze(-1)
    >>> [part.tolist() for part in nearest_ends(starts, ends, torch.tensor([5, 5, 5, 6]))]
    [[0, 3], [1, 3], [0, 0]]
    """
    size, num_labels = starts.shape
    labels, firsts = starts.t().nonzero(as_tuple=True)  # (S,)
    of_ends, lasts = ends.t().nonzero(as_tuple=True)  # (E,)
    # Numbers that count the words of one label after the other are in order; behind all of them
    # stands an end of no label.
    numbers = torch.cat([of_ends * size + lasts, lasts.new_full((1,), num_labels * size)])
    nearest = numbers[torch.searchsorted(numbers, labels * size + firsts)]  # (S,)
    found = nearest % max(size, 1)
    fits = (nearest // max(size, 1) == labels) & (segments[found] == segments[firsts])
    return firsts[fits], found[fits], labels[fits]


def find_spans(logits: Tensor, segments: Tensor, threshold: float) -> FoundSpans:
    """The spans whose start and end are each more probable than a threshold in (0, 1).

    The probability of a span is that of both, which the model takes for independent.

    Shapes:
        logits (P, 2 L): of starts, then of ends; segments (P,) int, see :func:`nearest_ends`
    """
    least = math.log(threshold / (1 - threshold))
    starts, ends = (logits > least).chunk(2, dim=-1)  # (P, L) each
    firsts, lasts, labels = nearest_ends(starts, ends, segments)
    return FoundSpans(firsts, lasts, labels, span_scores(logits, firsts, lasts, labels))


def span_scores(logits: Tensor, firsts: Tensor, lasts: Tensor, labels: Tensor) -> Tensor:
    """The probability that a span starts and ends where it does; (N,).

    Shapes:
        logits (P, 2 L); firsts, lasts, labels (N,) int
    """
    ends = logits[lasts, labels + logits.size(1) // 2]
    return logits[firsts, labels].sigmoid() * ends.sigmoid()
