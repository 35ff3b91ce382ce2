"""Scores of relations between two entities.

Legend: N entities, P pairs, D input, F features of an entity, R relation types, C cells.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout
from tango_ie.modules.dense import Activation, Dense
from tango_ie.modules.pairs.distmult import DistMult
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.pairs.pair_grid import FoundCells, kept_labels

_PAIRS_AT_ONCE = 1 << 14
"""Where relations are looked for: an untrained model may take every word for an entity."""


class _Entities(NamedTuple):
    """Shapes: vectors (N, D), features (N, F), directions (N, F)."""

    vectors: Tensor
    features: Tensor
    directions: Tensor


class PairScorer(nn.Module):
    """A linear layer over both entities, their distance, and their product for each relation.

        f_i   = activation(W_f g_i + b_f)
        s_ij  = W [f_i; f_j; 1 − cos(f_i, f_j); DistMult(g_i, g_j)] + b

    Source: Crone (2020), equations 4 to 6. All pairs of a batch are one operation. Everything is
    computed in float32 at least, whatever the precision around it.

    Args:
        input_size: D.
        names: of the relation types.
        size: F.
        activation: ``relu`` or ``tanh``.
        dropout: probability in [0, 1), applied to what goes into the linear layer.

    Shapes:
        vectors (N, D) float; returns logits (P, R) float

    Raises:
        ConfigurationError: no relation types, or a number out of range.
    """

    def __init__(
        self,
        input_size: int,
        names: Sequence[str],
        size: int = 128,
        activation: Activation = "relu",
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        check_at_least(1, size=size)
        check_dropout(dropout=dropout)
        if not names:
            raise ConfigurationError(
                "a joint model needs relation types, but the corpus has none; train a tagger on it"
            )
        self.names = tuple(names)
        self.features = Dense(input_size, size, activation)
        self.product = DistMult(input_size, len(names))
        self.dropout = nn.Dropout(dropout)
        self.labels = nn.Linear(2 * size + 1 + len(names), len(names))

    def forward(self, vectors: Tensor, pairs: EntityPairs) -> Tensor:
        with torch.autocast(vectors.device.type, enabled=False):
            entities = self._entities(vectors)
            # The products are most of the work, and the same in both directions.
            ends = (side.index_select(0, pairs.forward) for side in (pairs.heads, pairs.tails))
            products = self.product(entities.vectors, *ends).index_select(0, pairs.mirrors)
            return self._logits(entities, pairs.heads, pairs.tails, products)

    def find(self, vectors: Tensor, pairs: EntityPairs, threshold: float) -> FoundCells:
        """Relations whose probability is more than a threshold in (0, 1), pair by pair.

        Shapes:
            vectors (N, D)
        """
        least = math.log(threshold / (1 - threshold))
        found: list[FoundCells] = []
        with torch.autocast(vectors.device.type, enabled=False):
            entities = self._entities(vectors)
            for heads, tails in pairs.slices(_PAIRS_AT_ONCE):
                products = self.product(entities.vectors, heads, tails)
                logits = self._logits(entities, heads, tails, products)  # (P, R)
                rows, labels = (logits > least).nonzero(as_tuple=True)  # (C,) each
                scores = logits[rows, labels].sigmoid()
                found.append(FoundCells(heads[rows], tails[rows], labels, scores))
        return FoundCells(*(torch.cat(column) for column in zip(*found, strict=True)))

    def _entities(self, vectors: Tensor) -> _Entities:
        vectors = vectors.to(torch.promote_types(self.labels.weight.dtype, torch.float32))
        features = self.features(vectors)  # (N, F)
        return _Entities(vectors, features, nn.functional.normalize(features, dim=-1))

    def _logits(
        self, entities: _Entities, heads: Tensor, tails: Tensor, products: Tensor
    ) -> Tensor:
        of_heads, of_tails = (entities.directions.index_select(0, end) for end in (heads, tails))
        evidence = [
            entities.features.index_select(0, heads),
            entities.features.index_select(0, tails),
            1 - (of_heads * of_tails).sum(-1, keepdim=True),
            products,
        ]
        logits: Tensor = self.labels(self.dropout(torch.cat(evidence, dim=-1)))  # (P, R)
        return logits

    def adapted(self, names: Sequence[str]) -> PairScorer:
        """A new scorer for other relations: kept ones keep their weights, new ones are new.

        What a kept relation makes of the products of those that are gone is lost.

        Raises:
            ConfigurationError: no relation types.
        """
        old, size = self.labels, self.features.out_features
        new = PairScorer(
            self.features.in_features, names, size, self.features.activation, self.dropout.p
        )
        new.to(old.weight.device, old.weight.dtype)
        new.features = self.features
        here, there = kept_labels(new.names, self.names)
        shared = 2 * size + 1
        with torch.no_grad():
            new.product.diagonals[here] = self.product.diagonals[there]
            new.labels.bias[here] = old.bias[there]
            new.labels.weight[here, :shared] = old.weight[there, :shared]
            products = old.weight[there.unsqueeze(1), shared + there]  # (kept, kept)
            new.labels.weight[here.unsqueeze(1), shared + here] = products
        return new.train(self.training)
