"""Counts of entities: types, lengths, nesting."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tango_ie.data.statistics.batch_view import BatchView
from tango_ie.data.statistics.label_counts import add_labels, add_numbers, by_label, histogram
from tango_ie.data.statistics.overlaps import dropped_when_flat, overlaps

Flags = NDArray[np.bool_]


class EntityCounts:
    """Counts over the entities of a split."""

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self.lengths: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self.depths: Counter[int] = Counter()
        self.dropped_when_flat: Counter[str] = Counter()
        self.pairs: Counter[str] = Counter()
        self.crossed = 0
        self.span_repeated = 0
        self.touching = 0
        self.words_inside = 0

    def add(self, view: BatchView) -> Flags:
        """Count the entities of a batch.

        Returns:
            which of them are dropped when overlaps are flattened. Shape (E,).
        """
        dropped: Flags = np.zeros(len(view.lengths), dtype=bool)
        if not len(dropped):
            return dropped
        add_labels(self.labels, view.entity_labels, view.entity_codes)
        self._add_lengths(view)
        cover = np.bincount(view.starts, minlength=view.axis_length + 1)
        cover -= np.bincount(view.ends, minlength=view.axis_length + 1)
        self.words_inside += int(np.count_nonzero(np.cumsum(cover)))
        # Ends and starts of one label, each as one number.
        num_labels = len(view.entity_labels)
        ends = view.ends * num_labels + view.entity_codes
        starts = view.starts * num_labels + view.entity_codes
        self.touching += int(np.count_nonzero(np.isin(starts, ends)))
        depths = np.ones(len(dropped), dtype=np.int64)
        for sentence in view.overlapping_sentences:
            self._add_overlaps(view, sentence, depths, dropped)
        add_numbers(self.depths, depths)
        add_labels(self.dropped_when_flat, view.entity_labels, view.entity_codes[dropped])
        return dropped

    def _add_lengths(self, view: BatchView) -> None:
        base = int(view.lengths.max()) + 1
        keys, counts = np.unique(view.entity_codes * base + view.lengths, return_counts=True)
        for key, count in zip(keys.tolist(), counts.tolist(), strict=True):
            code, length = divmod(key, base)
            self.lengths[view.entity_labels[code]][length] += count

    def _add_overlaps(
        self, view: BatchView, sentence: int, depths: NDArray[np.int64], dropped: Flags
    ) -> None:
        first = int(view.first_entities[sentence])
        places = slice(first, first + int(view.num_entities[sentence]))
        spans = list(zip(view.starts[places].tolist(), view.ends[places].tolist(), strict=True))
        found = overlaps(spans)
        depths[places] = found.depths
        self.pairs["nested_pairs"] += found.nested_pairs
        self.pairs["crossing_pairs"] += found.crossing_pairs
        self.pairs["same_span_pairs"] += found.same_span_pairs
        self.span_repeated += sum(found.span_repeated)
        self.crossed += sum(found.crossed)
        dropped[[first + place for place in dropped_when_flat(spans)]] = True

    @property
    def overlapping(self) -> int:
        """Entities that a flat tagger cannot hold."""
        return self.dropped_when_flat.total()

    def longer_than(self, words: int) -> int:
        """Entities of more words than this."""
        return sum(
            count
            for lengths in self.lengths.values()
            for length, count in lengths.items()
            if length > words
        )

    def lengths_to_json(self) -> dict[str, dict[str, int]]:
        """For each label, how many entities have how many words."""
        return {label: histogram(self.lengths[label]) for label in sorted(self.lengths)}

    def nesting_to_json(self) -> dict[str, Any]:
        """Depths and pairs, see :class:`tango_ie.data.statistics.overlaps.Overlaps`."""
        return {
            "max_depth": max(self.depths, default=0),
            "depths": histogram(self.depths),
            "nested_pairs": self.pairs["nested_pairs"],
            "crossing_pairs": self.pairs["crossing_pairs"],
            "same_span_pairs": self.pairs["same_span_pairs"],
            "overlapping_entities": by_label(self.dropped_when_flat),
        }
