"""Relations between two spans, from both and what stands between them.

Legend: N spans, F features of a span, W words, H hidden, P pairs, U pairs without direction, R
relation types, C cells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.pairs.pair_grid import MEGABYTE, FoundCells, kept_labels
from tango_ie.modules.spans.range_maximum import RangeMaximum

_FIRST_PROBABILITY = 0.01


class SpanPairs(nn.Module):
    """One linear layer over both spans and the highest values of the words between them.

        p(type | head, tail) = σ(W [head; tail; max of the words between] + b)

    Source: SpERT (Eberts and Ulges 2020). Where no word stands between two spans, or
    they overlap, the maxima are zeros. The layer is applied to spans and gaps one by one and summed
    for pairs, which is the same in less time and memory; so dropout chooses for a span as a head
    and as a tail, and not for each pair. Pairs begin with a probability of about 0.01, because
    nearly all of them are false (Lin et al. 2017).

    Args:
        input_size: F.
        gap_size: H.
        names: of the relation types.
        dropout: probability in [0, 1), applied to all that goes into the linear layer.

    Shapes:
        features (N, F); starts, ends (N,) int: words of the spans; heads, tails (P,) int: which
        spans; returns logits (P, R)

    Raises:
        ConfigurationError: no relation types.
    """

    def __init__(
        self, input_size: int, gap_size: int, names: Sequence[str], dropout: float = 0.0
    ) -> None:
        super().__init__()
        if not names:
            raise ConfigurationError(
                "a joint model needs relation types, but the corpus has none; train a tagger on it"
            )
        self.names = tuple(names)
        self.heads = nn.Linear(input_size, len(names))
        self.tails = nn.Linear(input_size, len(names), bias=False)
        self.gaps = nn.Linear(gap_size, len(names), bias=False)
        self.dropout = nn.Dropout(dropout)
        nn.init.constant_(self.heads.bias, _logit(_FIRST_PROBABILITY))

    def forward(
        self,
        features: Tensor,
        starts: Tensor,
        ends: Tensor,
        heads: Tensor,
        tails: Tensor,
        maxima: RangeMaximum,
    ) -> Tensor:
        of_heads, of_tails = self._of_spans(features)
        of_gaps = self._of_gaps(starts, ends, heads, tails, maxima)
        logits = of_heads.index_select(0, heads) + of_tails.index_select(0, tails)
        return logits + of_gaps

    def find(
        self,
        features: Tensor,
        starts: Tensor,
        ends: Tensor,
        pairs: EntityPairs,
        maxima: RangeMaximum,
        threshold: float,
        memory: float,
    ) -> FoundCells:
        """Relations whose probability is more than a threshold in (0, 1), pair by pair.

        Args:
            pairs: of the spans of each sentence.
            threshold: in (0, 1).
            memory: megabytes that a slice of the pairs may take.
        """
        least = _logit(threshold)
        of_heads, of_tails = self._of_spans(features)
        found: list[tuple[Tensor, ...]] = []
        # The words between two spans are the same in both directions.
        for chosen in pairs.forward.split(self._pairs_of_a_slice(memory, features.element_size())):
            one, other = pairs.heads.index_select(0, chosen), pairs.tails.index_select(0, chosen)
            of_gaps = self._of_gaps(starts, ends, one, other, maxima)  # (U, R)
            for heads, tails in ((one, other), (other, one)):
                ends_logits = of_heads.index_select(0, heads) + of_tails.index_select(0, tails)
                logits = ends_logits + of_gaps
                rows, labels = (logits > least).nonzero(as_tuple=True)  # (C,) each
                found.append((heads[rows], tails[rows], labels, logits[rows, labels].sigmoid()))
        cells = FoundCells(*(torch.cat(column) for column in zip(*found, strict=True)))
        places = (cells.heads * pairs.num_entities + cells.tails) * len(self.names) + cells.labels
        order = places.argsort()
        return FoundCells(*(column.index_select(0, order) for column in cells))

    def adapted(self, names: Sequence[str]) -> SpanPairs:
        """New scores for other relations: kept ones keep their weights, new ones are new.

        Raises:
            ConfigurationError: no relation types.
        """
        old = self.heads.weight
        new = SpanPairs(self.heads.in_features, self.gaps.in_features, names, self.dropout.p)
        new.to(old.device, old.dtype)
        here, there = kept_labels(new.names, self.names)
        with torch.no_grad():
            for name, weight in new.named_parameters():
                weight[here] = self.get_parameter(name)[there]
        return new.train(self.training)

    def _of_spans(self, features: Tensor) -> tuple[Tensor, Tensor]:
        return self.heads(self.dropout(features)), self.tails(self.dropout(features))

    def _of_gaps(
        self, starts: Tensor, ends: Tensor, heads: Tensor, tails: Tensor, maxima: RangeMaximum
    ) -> Tensor:
        """What stands between the spans of each pair. (P,) … → (P, R)"""
        first_end = torch.minimum(ends.index_select(0, heads), ends.index_select(0, tails))
        last_start = torch.maximum(starts.index_select(0, heads), starts.index_select(0, tails))
        of_gaps: Tensor = self.gaps(self.dropout(maxima(first_end, last_start)))
        return of_gaps

    def _pairs_of_a_slice(self, memory: float, bytes_per_number: int) -> int:
        # Two looks and their maximum; logits of gap, ends and both, and where they are high.
        pair = bytes_per_number * (4 * self.gaps.in_features + 6 * len(self.names)) + 8 * 16
        return max(int(memory * MEGABYTE) // pair, 1)


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
