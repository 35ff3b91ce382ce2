"""The annotations of a batch of sentences as flat arrays.

Legend: S sentences, W words, E entities, R relations of the batch.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tango_ie.data.tables import list_lengths

Ints = NDArray[np.int64]


class BatchView:
    """Entities and relations of all sentences of a batch, on one axis of words.

    Between two sentences the axis has one place that is no word, so that the entities of two
    sentences never touch.

    Args:
        batch: see :mod:`tango_ie.data.tables`.
    """

    def __init__(self, batch: pa.RecordBatch) -> None:
        self.batch = batch
        self.num_words = list_lengths(batch.column("words"))  # (S,)
        self.num_entities = list_lengths(batch.column("entities"))  # (S,)
        self.num_relations = list_lengths(batch.column("relations"))  # (S,)
        self.axis_length = int(self.num_words.sum()) + len(self.num_words)
        entities = batch.column("entities").flatten()
        labels, starts, ends, _ = entities.flatten()
        self.entity_labels, self.entity_codes = _coded(labels)  # (E,)
        self.entity_sentences: Ints = np.repeat(np.arange(batch.num_rows), self.num_entities)
        shifts = (_starts(self.num_words) + np.arange(batch.num_rows))[self.entity_sentences]
        self.starts: Ints = starts.to_numpy() + shifts  # (E,)
        self.ends: Ints = ends.to_numpy() + shifts  # (E,)
        self.lengths: Ints = self.ends - self.starts  # (E,)
        relations = batch.column("relations").flatten()
        labels, heads, tails = relations.flatten()
        self.relation_labels, self.relation_codes = _coded(labels)  # (R,)
        shifts = np.repeat(self.first_entities, self.num_relations)
        self.heads: Ints = heads.to_numpy() + shifts  # (R,), places on the axis E
        self.tails: Ints = tails.to_numpy() + shifts  # (R,)

    @cached_property
    def first_entities(self) -> Ints:
        """Where the entities of each sentence begin on the axis E. Shape (S,)."""
        return _starts(self.num_entities)

    @cached_property
    def overlapping_sentences(self) -> list[int]:
        """Sentences in which two entities share a word."""
        order = np.argsort(self.starts, kind="stable")
        reached = np.maximum.accumulate(self.ends[order])[:-1]
        touched = order[1:][self.starts[order][1:] < reached]
        return np.unique(self.entity_sentences[touched]).tolist()


def _starts(lengths: Ints) -> Ints:
    ends = np.cumsum(lengths)
    starts: Ints = ends - lengths
    return starts


def _coded(labels: pa.StringArray) -> tuple[list[str], Ints]:
    encoded = labels.dictionary_encode()
    return encoded.dictionary.to_pylist(), encoded.indices.to_numpy().astype(np.int64)
