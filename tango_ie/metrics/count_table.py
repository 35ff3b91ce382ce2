"""Counts of a whole corpus, per sentence and label, in little room.

Most sentences have few labels, so only the cells that are not zero are kept, as columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tango_ie.metrics.counts import Counts

Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class CountTable:
    """True positives, false positives and misses per sentence and label.

    Args:
        labels: in the order in which they are shown.
        num_sentences: S; sentences without any item included.
        sentence_ids: the sentence of each cell, ascending.
        label_ids: the label of each cell, an index into ``labels``.
        values: tp, fp and fn of each cell.

    Shapes:
        sentence_ids (C,) int, label_ids (C,) int, values (C, 3) int

    >>> table = CountTable.from_sentences([{"PER": Counts(tp=1)}, {}, {"PER": Counts(fn=2)}])
    >>> table.per_label, table.per_sentence.tolist()
    ({'PER': Counts(tp=1, fp=0, fn=2)}, [[1, 0, 0], [0, 0, 0], [0, 0, 2]])
    """

    labels: tuple[str, ...]
    num_sentences: int
    sentence_ids: Integers
    label_ids: Integers
    values: Integers

    @classmethod
    def from_sentences(
        cls, counts: Sequence[Mapping[str, Counts]], labels: Iterable[str] = ()
    ) -> CountTable:
        """Collect counts per sentence; labels beyond ``labels`` come after them, sorted."""
        first = tuple(dict.fromkeys(labels))
        others = sorted({label for sentence in counts for label in sentence} - {*first})
        inventory = (*first, *others)
        index = {label: place for place, label in enumerate(inventory)}
        cells = [
            (place, index[label], item.tp, item.fp, item.fn)
            for place, sentence in enumerate(counts)
            for label, item in sentence.items()
        ]
        columns = np.array(cells, dtype=np.int64).reshape(-1, 5)  # (C, 5)
        return cls(inventory, len(counts), columns[:, 0], columns[:, 1], columns[:, 2:])

    @property
    def per_sentence(self) -> Integers:
        """Sums over labels, (S, 3)."""
        return self._sums(self.sentence_ids, self.num_sentences)

    @property
    def per_label(self) -> dict[str, Counts]:
        """Sums over sentences, per label, zeros included."""
        sums = self._sums(self.label_ids, len(self.labels)).tolist()  # (L, 3)
        return {label: Counts(*row) for label, row in zip(self.labels, sums, strict=True)}

    @property
    def total(self) -> Counts:
        """The sum of everything."""
        return Counts(*self.values.sum(axis=0).tolist())

    def dense(self) -> Integers:
        """All cells, zeros included, (S, L, 3)."""
        size = len(self.labels)
        sums = self._sums(self.sentence_ids * size + self.label_ids, self.num_sentences * size)
        return sums.reshape(self.num_sentences, size, 3)

    def merge(self, other: CountTable) -> CountTable:
        """The table of both corpora, one after the other."""
        new = sorted({*other.labels} - {*self.labels})
        labels = (*self.labels, *new)
        places = np.array([labels.index(label) for label in other.labels], dtype=np.int64)  # (L,)
        moved = places[other.label_ids] if len(other.label_ids) else other.label_ids  # (C,)
        return CountTable(
            labels,
            self.num_sentences + other.num_sentences,
            np.concatenate([self.sentence_ids, other.sentence_ids + self.num_sentences]),
            np.concatenate([self.label_ids, moved]),
            np.concatenate([self.values, other.values]),
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "labels": list(self.labels),
            "num_sentences": self.num_sentences,
            "sentence": self.sentence_ids.tolist(),
            "label": self.label_ids.tolist(),
            "tp": self.values[:, 0].tolist(),
            "fp": self.values[:, 1].tolist(),
            "fn": self.values[:, 2].tolist(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> CountTable:
        """The inverse of :meth:`to_json`."""
        columns = [np.array(value[key], dtype=np.int64) for key in ("tp", "fp", "fn")]  # 3 × (C,)
        return cls(
            tuple(value["labels"]),
            int(value["num_sentences"]),
            np.array(value["sentence"], dtype=np.int64),
            np.array(value["label"], dtype=np.int64),
            np.stack(columns, axis=1),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CountTable):
            return NotImplemented
        return (
            self.labels == other.labels
            and self.num_sentences == other.num_sentences
            and np.array_equal(self.sentence_ids, other.sentence_ids)
            and np.array_equal(self.label_ids, other.label_ids)
            and np.array_equal(self.values, other.values)
        )

    __hash__ = None  # type: ignore[assignment]

    def _sums(self, places: Integers, size: int) -> Integers:
        sums = [np.bincount(places, column, minlength=size) for column in self.values.T]
        return np.stack(sums, axis=1).astype(np.int64)  # (size, 3)
