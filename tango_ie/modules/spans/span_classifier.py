"""Which spans of a sentence are entities, and of which type.

Legend: W words of a batch, B batch, H hidden, N spans, K widths, D vector of a width, L labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.pairs.pair_grid import kept_labels


class FoundSpans(NamedTuple):
    """Spans with their most probable label, in reading order.

    Shapes:
        starts, ends, labels (N,) int; scores (N,) float
    """

    starts: Tensor
    ends: Tensor
    labels: Tensor
    scores: Tensor


class SpanClassifier(nn.Module):
    """Softmax over entity types and none, for a span's highest values, its width and its context.

        p(label | span) = softmax(W [max of its words; vector of its width; context of it] + b)

    Source: SpERT (Eberts and Ulges 2020).

    Args:
        input_size: H.
        entity_types: the labels; before them comes that of spans that are none.
        max_width: K.
        width_size: D.
        dropout: probability in [0, 1), applied to all that goes into the linear layer.

    Shapes:
        features (N, H + D): see :meth:`features`; contexts (N, H); returns logits (N, L + 1)

    Raises:
        ConfigurationError: no entity types.
    """

    def __init__(
        self,
        input_size: int,
        entity_types: Sequence[str],
        max_width: int,
        width_size: int,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        if not entity_types:
            raise ConfigurationError("a span model needs entity types, but the corpus has none")
        self.names = tuple(entity_types)
        self.widths = nn.Embedding(max_width, width_size)
        nn.init.normal_(self.widths.weight, std=width_size**-0.5)
        self.dropout = nn.Dropout(dropout)
        self.labels = nn.Linear(2 * input_size + width_size, len(entity_types) + 1)

    def features(self, vectors: Tensor, widths: Tensor) -> Tensor:
        """What is known of spans by themselves.

        Shapes:
            vectors (N, H): highest values; widths (N,) int; returns (N, H + D)
        """
        return torch.cat([vectors, self.widths(widths - 1)], dim=-1)

    def forward(self, features: Tensor, contexts: Tensor) -> Tensor:
        logits: Tensor = self.labels(self.dropout(torch.cat([features, contexts], dim=-1)))
        return logits

    def find(
        self, words: Tensor, sentences: Tensor, remaining: Tensor, contexts: Tensor
    ) -> FoundSpans:
        """All spans whose most probable label is a type.

        All spans of one width are pooled from those one word narrower, in one operation; vectors
        of only one width exist at a time. What the context and the width add to the logits is
        computed once for each.

        Shapes:
            words (W, H); sentences (W,) int: whose they are; remaining (W,) int: words from there
            to the end of the sentence; contexts (B, H)
        """
        size, num_widths = words.size(1), min(self.widths.num_embeddings, len(words))
        parts = [size, self.widths.embedding_dim, size]
        of_span, of_width, of_context = self.labels.weight.split(parts, dim=1)
        base = (contexts @ of_context.T + self.labels.bias).index_select(0, sentences)  # (W, L + 1)
        by_width = self.widths.weight @ of_width.T  # (K, L + 1)
        logits = base.unsqueeze(1) + by_width[:num_widths]  # (W, K, L + 1)
        pooled = words
        for width in range(num_widths):
            if width:
                pooled = torch.maximum(pooled[:-1], words[width:])  # (W − width, H)
            logits[: len(pooled), width] += pooled @ of_span.T
        scores, labels = logits.softmax(-1).max(-1)  # (W, K) each
        widths = torch.arange(1, num_widths + 1, device=words.device)
        # A span that goes on behind its sentence is none.
        starts, found = ((labels > 0) & (widths <= remaining.unsqueeze(1))).nonzero(as_tuple=True)
        return FoundSpans(
            starts, starts + found + 1, labels[starts, found] - 1, scores[starts, found]
        )

    def adapted(self, entity_types: Sequence[str]) -> SpanClassifier:
        """A new classifier for other types: kept ones keep their weights, new ones are new.

        Raises:
            ConfigurationError: no entity types.
        """
        old, widths = self.labels, self.widths
        input_size = (old.in_features - widths.embedding_dim) // 2
        new = SpanClassifier(
            input_size, entity_types, widths.num_embeddings, widths.embedding_dim, self.dropout.p
        )
        new.to(old.weight.device, old.weight.dtype)
        new.widths = widths
        here, there = kept_labels(new.names, self.names)
        none = here.new_zeros(1)
        here, there = torch.cat([none, here + 1]), torch.cat([none, there + 1])
        with torch.no_grad():
            new.labels.weight[here] = old.weight[there]
            new.labels.bias[here] = old.bias[there]
        return new.train(self.training)
