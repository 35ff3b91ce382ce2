"""Pairs of the entities of one sentence, for a batch of sentences with different numbers of them.

The entities of a batch stand end to end, without padding; a pair is named by the places of its two
entities there. Pairs are counted row by row: first all pairs whose head is the first entity, and so
on.

Legend: B batch, N entities of the batch, P pairs, U pairs without direction, G gold relations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class EntityPairs(TensorBatch):
    """All ordered pairs, and no others.

    Args:
        counts: entities of each sentence.

    Shapes:
        heads, tails (P,) int: places of entities
        forward (U,) int: the pairs whose head comes first; mirrors (P,) int: which of these has
        the same two entities
        shares (P,) float: 1 / number of pairs of the pair's sentence

    >>> pairs = EntityPairs.of([2, 1, 0, 3])
    >>> [*zip(pairs.heads.tolist(), pairs.tails.tolist())]
    [(0, 1), (1, 0), (3, 4), (3, 5), (4, 3), (4, 5), (5, 3), (5, 4)]
    """

    counts: tuple[int, ...]
    heads: Tensor
    tails: Tensor
    forward: Tensor
    mirrors: Tensor
    shares: Tensor

    @classmethod
    def of(cls, counts: Sequence[int], self_pairs: bool = False) -> EntityPairs:
        """The pairs of sentences with so many entities, on the CPU.

        Args:
            counts: entities of each sentence.
            self_pairs: whether an entity makes a pair with itself.
        """
        numbers = np.array(counts, np.int64)  # (B,)
        partners = np.repeat(numbers - (not self_pairs), numbers)  # (N,)
        starts = np.repeat(numbers.cumsum() - numbers, numbers)  # (N,) first of the sentence
        firsts = partners.cumsum() - partners  # (N,) first pair of the row
        heads = np.repeat(np.arange(len(partners)), partners)  # (P,)
        tails = np.arange(len(heads)) + (starts - firsts)[heads]  # (P,)
        if not self_pairs:
            tails += tails >= heads  # the entity itself is stepped over
        forward = np.flatnonzero(heads <= tails)  # (U,)
        size = len(partners)
        unordered = np.minimum(heads, tails) * size + np.maximum(heads, tails)  # (P,)
        mirrors = np.searchsorted(unordered[forward], unordered)  # (P,)
        shares = 1 / np.repeat(partners * np.repeat(numbers, numbers), partners)  # (P,)
        columns = (heads, tails, forward, mirrors, shares.astype(np.float32))
        return cls(tuple(counts), *map(torch.from_numpy, columns))

    @property
    def num_entities(self) -> int:
        """N."""
        return sum(self.counts)

    def __len__(self) -> int:
        """P."""
        return len(self.heads)

    def slices(self, pairs: int) -> Iterator[tuple[Tensor, Tensor]]:
        """Heads and tails of at most so many pairs at a time; at least one slice, maybe empty."""
        return zip(self.heads.split(pairs), self.tails.split(pairs), strict=True)

    def find(self, heads: Tensor, tails: Tensor) -> Tensor:
        """Which pairs these are; they must be among them.

        Shapes:
            heads, tails (G,) int; returns (G,) int
        """
        # Pairs are in order, and so are these numbers.
        numbers = self.heads * self.num_entities + self.tails
        return torch.searchsorted(numbers, heads * self.num_entities + tails)


@dataclass
class GoldEntities(TensorBatch):
    """The entities of a batch, and which relations hold between them.

    Shapes:
        places (N,) int: of their last words, among B * T; tag_ids (N,) int: of these words
        true_pairs, true_labels (G,) int: each relation once
    """

    pairs: EntityPairs
    places: Tensor
    tag_ids: Tensor
    true_pairs: Tensor
    true_labels: Tensor

    @classmethod
    def of(
        cls,
        last_words: Sequence[NDArray[np.int64]],
        cells: Sequence[NDArray[np.int32]],
        tag_ids: Tensor,
        self_pairs: bool = False,
    ) -> GoldEntities:
        """Put sentences together.

        Args:
            last_words: of the entities of each sentence, (N,) in order.
            cells: its relations, (G, 3): last word of the head, last word of the tail, label.
            tag_ids: of the batch.
            self_pairs: see :meth:`EntityPairs.of`.

        Shapes:
            tag_ids (B, T) int
        """
        pairs = EntityPairs.of([len(own) for own in last_words], self_pairs)
        places = flat_places(last_words, tag_ids.size(1))  # (N,)
        relations = np.repeat(np.arange(len(cells)), [len(own) for own in cells])  # (G,) sentence
        together = np.concatenate([np.zeros((0, 3), np.int32), *cells])  # (G, 3)
        words = torch.from_numpy(together[:, :2] + relations[:, np.newaxis] * tag_ids.size(1))
        heads, tails = torch.searchsorted(places, words).unbind(1)  # (G,) each
        labels = torch.from_numpy(together[:, 2].astype(np.int64))
        tags = tag_ids.flatten().index_select(0, places)
        return cls(pairs, places, tags, pairs.find(heads, tails), labels)


def flat_places(words: Sequence[Sequence[int] | NDArray[np.int64]], width: int) -> Tensor:
    """Words of each sentence as places in a padded batch of this width; (N,) int.

    >>> flat_places([[0, 2], [], [1]], width=5).tolist()
    [0, 2, 11]
    """
    places = [np.asarray(own, np.int64) + row * width for row, own in enumerate(words)]
    return torch.from_numpy(np.concatenate([np.zeros(0, np.int64), *places]))
