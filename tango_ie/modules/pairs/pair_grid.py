"""A grid of labels over all pairs of words of a sentence.

Legend: W words, H hidden of a word, M hidden of a pair, L labels, C cells, S sides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least
from tango_ie.modules.pairs.grid_functions import (
    GridLoss,
    GridPlan,
    GridWeights,
    PooledGridLoss,
    Side,
    grid_parts,
)
from tango_ie.modules.pairs.pair_layout import GoldCells, PairLayout

MEGABYTE = 1 << 20
_IN_CACHE = 8 * MEGABYTE
"""On a CPU slices that stay in its cache are faster, however much memory there is."""
_FIRST_PROBABILITY = 0.01


class FoundCells(NamedTuple):
    """Cells with their probabilities.

    Shapes:
        heads, tails, labels (C,) int; scores (C,) float
    """

    heads: Tensor
    tails: Tensor
    labels: Tensor
    scores: Tensor


class PairGrid(nn.Module):
    """Score every label for every ordered pair of words, with one hidden layer.

        p(label | i, j) = σ(W_k relu(W_m [word_i; word_j]))

    Source: PMEI (Sun et al. 2021), equation 11; ours has biases. W_m is applied to words, once as
    heads and once as tails, and not to pairs, which is the same in less time. Cells begin with a
    probability of about 0.01, because nearly all of them are false (Lin et al. 2017).

    The grid is made in slices of whole rows, in training too; only one slice exists at a time. One
    row, at least, is in a slice. Everything is computed in float32 at least.

    Args:
        input_size: H.
        labels: of the cells.
        size: M.
        self_pairs: whether a word makes a pair with itself.
        memory: of a slice with all that is computed from it, in megabytes; what an allocator keeps
            for later is not counted.

    Raises:
        ConfigurationError: no labels, or a number out of range.
    """

    def __init__(
        self,
        input_size: int,
        labels: Sequence[str],
        size: int,
        self_pairs: bool = False,
        memory: float = 256,
    ) -> None:
        super().__init__()
        check_at_least(1, size=size)
        if not memory > 0:
            raise ConfigurationError(f"must be more than 0, found {memory}", "memory")
        if not labels:
            raise ConfigurationError("a grid of relations needs relation types; there are none")
        self.names = tuple(labels)
        self.self_pairs = self_pairs
        self.memory = memory
        self.heads = nn.Linear(input_size, size)
        self.tails = nn.Linear(input_size, size, bias=False)
        self.labels = nn.Linear(size, len(labels))
        nn.init.constant_(self.labels.bias, _logit(_FIRST_PROBABILITY))

    def loss(self, words: Tensor, layout: PairLayout, gold: GoldCells) -> Tensor:
        """Binary cross-entropy in sum over all cells of all sentences.

        Shapes:
            words (W, H); returns ()
        """
        weights = self._weights(words)
        loss: Tensor = GridLoss.apply(*weights, self._plan(layout, weights, gold))
        return loss

    def pooled(
        self,
        words: Tensor,
        layout: PairLayout,
        gold: GoldCells | None,
        sides: tuple[Side, ...] = ("head",),
    ) -> tuple[Tensor, Tensor]:
        """The loss, and each word's highest probability of each label, as head or as tail.

        Shapes:
            words (W, H); returns () (0 without gold), (W, S * L); the first L columns are those of
            the first side
        """
        weights = self._weights(words)
        loss, highest = PooledGridLoss.apply(*weights, self._plan(layout, weights, gold), sides)
        return loss, torch.cat([*highest.sigmoid()], dim=-1)

    def find(self, words: Tensor, layout: PairLayout, threshold: float) -> FoundCells:
        """Cells whose probability is more than a threshold in (0, 1), row by row.

        Shapes:
            words (W, H)
        """
        weights = self._weights(words)
        least = _logit(threshold)
        found: list[tuple[Tensor, ...]] = []
        with torch.autocast(words.device.type, enabled=False):
            for place, _, logits in grid_parts(weights, self._plan(layout, weights, None)):
                pairs, labels = (logits > least).nonzero(as_tuple=True)
                scores = logits[pairs, labels].sigmoid()
                found.append((place.heads[pairs], place.tails[pairs], labels, scores))
        if not found:
            nothing = layout.starts.new_zeros(0)
            return FoundCells(nothing, nothing, nothing, weights.bias.new_zeros(0))
        return FoundCells(*(torch.cat(column) for column in zip(*found, strict=True)))

    def adapted(self, labels: Sequence[str]) -> PairGrid:
        """A new grid for other labels: kept ones keep their weights, new ones are new."""
        old = self.labels
        size = self.heads.out_features
        new = PairGrid(self.heads.in_features, labels, size, self.self_pairs, self.memory)
        new.to(old.weight.device, old.weight.dtype)
        new.heads, new.tails = self.heads, self.tails
        here, there = kept_labels(new.names, self.names)
        with torch.no_grad():
            new.labels.weight[here] = old.weight[there]
            new.labels.bias[here] = old.bias[there]
        return new.train(self.training)

    def pairs_of_a_slice(self, device: torch.device, bytes_per_number: int = 4) -> int:
        """How many pairs the memory allows for."""
        memory = int(self.memory * MEGABYTE)
        if device.type == "cpu":
            memory = min(memory, _IN_CACHE)
        # Twice hidden and logits (or their gradients), mask of the hidden, places and indices.
        size, labels = self.heads.out_features, len(self.names)
        pair = bytes_per_number * 2 * (size + labels) + size + 4 * 8
        return max(memory // pair, 1)

    def _weights(self, words: Tensor) -> GridWeights:
        dtype = torch.promote_types(self.labels.weight.dtype, torch.float32)
        parts = (self.heads(words), self.tails(words), self.labels.weight, self.labels.bias)
        return GridWeights(*(part.to(dtype) for part in parts))

    def _plan(self, layout: PairLayout, weights: GridWeights, gold: GoldCells | None) -> GridPlan:
        pairs = self.pairs_of_a_slice(weights.heads.device, weights.heads.element_size())
        return GridPlan(layout, pairs, self.self_pairs, gold, torch.is_grad_enabled())


def kept_labels(new: Sequence[str], old: Sequence[str]) -> tuple[Tensor, Tensor]:
    """Labels that both have: their places in ``new`` and in ``old``, (N,) int each.

    >>> [places.tolist() for places in kept_labels(["b", "c"], ["a", "b"])]
    [[0], [1]]
    """
    places = {label: place for place, label in enumerate(old)}
    pairs = [(place, places[label]) for place, label in enumerate(new) if label in places]
    here, there = torch.tensor(pairs, dtype=torch.long).reshape(-1, 2).unbind(1)
    return here, there


def _logit(probability: float) -> float:
    return math.log(probability / (1 - probability))
