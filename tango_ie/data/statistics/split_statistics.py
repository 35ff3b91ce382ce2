"""What is in a split, counted batch by batch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.statistics.batch_view import BatchView
from tango_ie.data.statistics.entity_counts import EntityCounts
from tango_ie.data.statistics.label_counts import add_numbers, by_label, entropy, histogram
from tango_ie.data.statistics.relation_counts import RelationCounts
from tango_ie.data.statistics.representability import unrepresentable
from tango_ie.data.statistics.sentence_hashes import SentenceHashes
from tango_ie.data.tables import LAYER_PREFIX, layers_of, to_batch


class SplitStatistics:
    """Counts over the sentences of one split.

    Memory grows with labels and distinct lengths, and with eight bytes per sentence for the search
    for duplicates.

    >>> from tango_ie.data.annotations import Entity
    >>> statistics = SplitStatistics()
    >>> statistics.add([Sentence(("Ada", "wrote"), (Entity("PER", 0, 1),))])
    >>> statistics.to_json()["entities"]
    {'PER': 1}
    """

    def __init__(self) -> None:
        self.sentences = 0
        self.words = 0
        self.documents = 0
        self.sentence_lengths: Counter[int] = Counter()
        self.entity_counts = EntityCounts()
        self.relation_counts = RelationCounts()
        self.tags: dict[str, Counter[str]] = {}
        self.hashes = SentenceHashes()
        self._last_document: str | None = None

    def add(self, sentences: Sequence[Sentence], batch: pa.RecordBatch | None = None) -> None:
        """Count sentences.

        Args:
            sentences: further ones of the split.
            batch: the same as rows, where they are made already.
        """
        if not sentences:
            return
        if batch is None:
            layers = sorted({layer for sentence in sentences for layer in sentence.tags})
            batch = to_batch(sentences, layers)
        view = BatchView(batch)
        self.sentences += len(sentences)
        self.words += int(view.num_words.sum())
        add_numbers(self.sentence_lengths, view.num_words)
        self.relation_counts.add(view, self.entity_counts.add(view))
        self.hashes.add(sentences)
        self._count_documents(batch)
        for layer in layers_of(batch.schema):
            counted = batch.column(LAYER_PREFIX + layer).flatten().value_counts()
            values, counts = (column.to_pylist() for column in counted.flatten())
            self.tags.setdefault(layer, Counter()).update(dict(zip(values, counts, strict=True)))

    @property
    def entities(self) -> Counter[str]:
        """Entities of each type."""
        return self.entity_counts.labels

    @property
    def relations(self) -> Counter[str]:
        """Relations of each type."""
        return self.relation_counts.labels

    @property
    def overlapping_entities(self) -> int:
        """Entities that a flat tagger cannot hold."""
        return self.entity_counts.overlapping

    def to_json(self, notes: Notes | None = None) -> dict[str, Any]:
        """The counts, labels sorted, histograms ascending.

        ``documents`` counts runs of sentences with one ``doc_id``; ``overlapping_entities`` those
        that a flat tagger cannot hold (see :func:`tango_ie.data.schemes.flatten`); ``tag_layers``
        gives the number of distinct tags of each layer; lengths are in words. For ``nesting`` see
        :class:`tango_ie.data.statistics.overlaps.Overlaps`, for ``unrepresentable``
        :func:`tango_ie.data.statistics.representability.unrepresentable`.
        """
        return {
            "sentences": self.sentences,
            "words": self.words,
            "longest_sentence": max(self.sentence_lengths, default=0),
            "documents": self.documents,
            "entities": by_label(self.entities),
            "overlapping_entities": self.overlapping_entities,
            "relations": by_label(self.relations),
            "tag_layers": {layer: len(tags) for layer, tags in sorted(self.tags.items())},
            "words_in_entities": self.entity_counts.words_inside,
            "label_entropy": {
                "entities": entropy(self.entities),
                "relations": entropy(self.relations),
            },
            "nesting": self.entity_counts.nesting_to_json(),
            "relation_pairs": self.relation_counts.pairs_to_json(),
            "unrepresentable": unrepresentable(self.entity_counts, self.relation_counts),
            "duplicates": self.hashes.duplicates(),
            "sentence_lengths": histogram(self.sentence_lengths),
            "entity_lengths": self.entity_counts.lengths_to_json(),
            "facts": {} if notes is None else dict(notes.facts),
            "notes": {} if notes is None else notes.to_json(),
        }

    def _count_documents(self, batch: pa.RecordBatch) -> None:
        column = batch.column("doc_id")
        if column.null_count == len(column):
            self._last_document = None
            return
        for document in column.to_pylist():
            if document != self._last_document:
                self.documents += document is not None
                self._last_document = document
