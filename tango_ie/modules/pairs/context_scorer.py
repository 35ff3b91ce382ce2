"""Scores of relations between two given entities, from both and the words between them.

Legend: N entities, P pairs, H hidden of a word, E size of a type's vector, F features of a pair,
R relation types, C cells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.pairs.pair_grid import FoundCells, kept_labels
from tango_ie.modules.pairs.typed_spans import TypedSpans
from tango_ie.modules.spans.range_maximum import RangeMaximum

_PAIRS_AT_ONCE = 1 << 14
"""Where relations are looked for: whoever found the entities may have found very many."""
_FIRST_PROBABILITY = 0.01


class ContextScorer(nn.Module):
    """A hidden layer over both entities, their types, and the context between them.

        z_ij = relu(W_h [e_i; t_i] + W_t [e_j; t_j] + W_c c_ij + b)
        s_ij = W z_ij + b

    e is the maximum over an entity's words, t the vector of its type, and c the maximum over the
    words between both entities, zero where there are none. W_h and W_t are applied to entities, not
    to pairs, which is the same in less time. Pairs begin with a probability of about 0.01, because
    nearly all of them are false (Lin et al. 2017). Everything is computed in float32 at least.

    Args:
        input_size: H.
        types: of entities.
        names: of the relation types.
        size: F.
        type_size: E.
        dropout: probability in [0, 1), applied to entities, contexts and features.

    Raises:
        ConfigurationError: no types, no relation types, or a number out of range.
    """

    def __init__(
        self,
        input_size: int,
        types: Sequence[str],
        names: Sequence[str],
        size: int = 256,
        type_size: int = 25,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        check_at_least(1, size=size, type_size=type_size)
        check_dropout(dropout=dropout)
        if not names or not types:
            missing = "entity types" if names else "relation types"
            raise ConfigurationError(
                f"a classifier of relations needs {missing}, but the corpus has none"
            )
        self.types, self.names = tuple(types), tuple(names)
        self.type_vectors = nn.Embedding(len(types), type_size)
        self.heads = nn.Linear(input_size + type_size, size)
        self.tails = nn.Linear(input_size + type_size, size, bias=False)
        self.contexts = nn.Linear(input_size, size, bias=False)
        self.labels = nn.Linear(size, len(names))
        self.dropout = nn.Dropout(dropout)
        nn.init.constant_(self.labels.bias, _logit(_FIRST_PROBABILITY))

    def forward(self, words: Tensor, spans: TypedSpans, pairs: EntityPairs) -> Tensor:
        """The logits of all pairs.

        Shapes:
            words (B, T, H); returns (P, R)
        """
        with torch.autocast(words.device.type, enabled=False):
            maxima, heads, tails = self._entities(words, spans)
            return self._logits(maxima, heads, tails, spans, pairs.heads, pairs.tails)

    def find(
        self, words: Tensor, spans: TypedSpans, pairs: EntityPairs, threshold: float
    ) -> FoundCells:
        """Relations whose probability is more than a threshold in (0, 1), pair by pair.

        Shapes:
            words (B, T, H)
        """
        least = _logit(threshold)
        found: list[FoundCells] = []
        with torch.autocast(words.device.type, enabled=False):
            maxima, of_heads, of_tails = self._entities(words, spans)
            for heads, tails in pairs.slices(_PAIRS_AT_ONCE):
                logits = self._logits(maxima, of_heads, of_tails, spans, heads, tails)
                rows, labels = (logits > least).nonzero(as_tuple=True)  # (C,) each
                scores = logits[rows, labels].sigmoid()
                found.append(FoundCells(heads[rows], tails[rows], labels, scores))
        return FoundCells(*(torch.cat(column) for column in zip(*found, strict=True)))

    def adapted(self, types: Sequence[str], names: Sequence[str]) -> ContextScorer:
        """A new scorer for other labels: kept ones keep their weights, new ones are new.

        Raises:
            ConfigurationError: no types or relation types.
        """
        old = self.labels
        sizes = (old.in_features, self.type_vectors.embedding_dim)
        new = ContextScorer(self.contexts.in_features, types, names, *sizes, self.dropout.p)
        new.to(old.weight.device, old.weight.dtype)
        new.heads, new.tails, new.contexts = self.heads, self.tails, self.contexts
        here, there = kept_labels(new.names, self.names)
        types_here, types_there = kept_labels(new.types, self.types)
        with torch.no_grad():
            new.labels.weight[here] = old.weight[there]
            new.labels.bias[here] = old.bias[there]
            new.type_vectors.weight[types_here] = self.type_vectors.weight[types_there]
        return new.train(self.training)

    def _entities(self, words: Tensor, spans: TypedSpans) -> tuple[RangeMaximum, Tensor, Tensor]:
        """What ranges are looked up in, and what entities say as heads and as tails (N, F)."""
        words = words.to(torch.promote_types(self.labels.weight.dtype, torch.float32))
        maxima = RangeMaximum(words.flatten(0, 1), longest=words.size(1))
        pooled = maxima(spans.starts, spans.ends)  # (N, H)
        typed = torch.cat([pooled, self.type_vectors(spans.types)], dim=1)  # (N, H + E)
        typed = self.dropout(typed)
        return maxima, self.heads(typed), self.tails(typed)

    def _logits(
        self,
        maxima: RangeMaximum,
        of_heads: Tensor,
        of_tails: Tensor,
        spans: TypedSpans,
        heads: Tensor,
        tails: Tensor,
    ) -> Tensor:
        """Shapes: of_heads, of_tails (N, F); heads, tails (P,) int; returns (P, R)."""
        contexts = maxima(*spans.between(heads, tails))  # (P, H)
        features = of_heads.index_select(0, heads) + of_tails.index_select(0, tails)  # (P, F)
        features = features + self.contexts(self.dropout(contexts))
        logits: Tensor = self.labels(self.dropout(features.relu()))  # (P, R)
        return logits


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
