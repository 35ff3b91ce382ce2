"""Counts of relations: types, arguments, pairs."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tango_ie.data.statistics.batch_view import BatchView
from tango_ie.data.statistics.label_counts import add_labels, add_numbers


class RelationCounts:
    """Counts over the relations of a split; a pair is a head and a tail, in this order."""

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self.longest_arguments: Counter[int] = Counter()
        self.self_relations = 0
        self.repeated = 0
        self.pairs = 0
        self.pairs_with_several = 0
        self.beyond_one_per_pair = 0
        self.lost_when_flat = 0

    def add(self, view: BatchView, dropped_entities: NDArray[np.bool_]) -> None:
        """Count the relations of a batch.

        Args:
            view: of the batch.
            dropped_entities: which entities flattening drops. Shape (E,).
        """
        heads, tails = view.heads, view.tails
        if not len(heads):
            return
        add_labels(self.labels, view.relation_labels, view.relation_codes)
        longest = np.maximum(view.lengths[heads], view.lengths[tails])
        add_numbers(self.longest_arguments, longest)
        self.self_relations += int(np.count_nonzero(heads == tails))
        lost = dropped_entities[heads] | dropped_entities[tails]
        self.lost_when_flat += int(np.count_nonzero(lost))
        pairs = heads * len(view.lengths) + tails
        num_labels = len(view.relation_labels)
        labelled = np.unique(pairs * num_labels + view.relation_codes)
        self.repeated += len(pairs) - len(labelled)
        per_pair = np.unique(labelled // num_labels, return_counts=True)[1]
        self.pairs += len(per_pair)
        self.pairs_with_several += int(np.count_nonzero(per_pair > 1))
        self.beyond_one_per_pair += len(labelled) - len(per_pair)

    def with_argument_longer_than(self, words: int) -> int:
        """Relations with an argument of more words than this."""
        return sum(count for length, count in self.longest_arguments.items() if length > words)

    def pairs_to_json(self) -> dict[str, Any]:
        """Which pairs are related, and how often."""
        return {
            "pairs": self.pairs,
            "pairs_with_several_relations": self.pairs_with_several,
            "self_relations": self.self_relations,
            "repeated_relations": self.repeated,
        }
