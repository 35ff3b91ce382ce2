"""Which label was taken for which."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tango_ie.metrics.error_counts import ErrorCounts


@dataclass(frozen=True)
class LabelConfusion:
    """How often gold of one label was answered by a prediction of another.

    Args:
        pairs: gold's label and the predicted one → how often; the most frequent first.
    """

    pairs: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, counts: ErrorCounts, kinds: Collection[str] = ("type", "label")) -> LabelConfusion:
        """Take the errors of some kinds, in which gold and prediction differ in label.

        Args:
            counts: of entities or of relations.
            kinds: add ``boundary + type`` for entities that differ in their spans as well.
        """
        pairs: dict[tuple[str, str], int] = {}
        for (kind, gold, predicted), number in counts.cells.items():
            if kind in kinds and gold is not None and predicted is not None and gold != predicted:
                pairs[gold, predicted] = pairs.get((gold, predicted), 0) + number
        return cls(dict(sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))))

    @property
    def labels(self) -> tuple[str, ...]:
        """Those that were confused at all, the most often confused first."""
        sums: dict[str, int] = {}
        for pair, number in self.pairs.items():
            for label in pair:
                sums[label] = sums.get(label, 0) + number
        return tuple(sorted(sums, key=lambda label: (-sums[label], label)))

    def matrix(self, labels: Collection[str] | None = None) -> NDArray[np.int64]:
        """The numbers as a table: gold's labels down, predicted ones across.

        Args:
            labels: of rows and columns; all that were confused by default. Others are left out.

        Shapes:
            returns (L, L)

        >>> LabelConfusion({("PER", "ORG"): 2}).matrix(["ORG", "PER"]).tolist()
        [[0, 0], [2, 0]]
        """
        shown = self.labels if labels is None else labels
        places = {label: place for place, label in enumerate(shown)}
        table = np.zeros((len(places), len(places)), dtype=np.int64)  # (L, L)
        for (gold, predicted), number in self.pairs.items():
            if gold in places and predicted in places:
                table[places[gold], places[predicted]] = number
        return table
