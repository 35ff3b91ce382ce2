"""What is in a split, counted while its sentences pass by."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.schemes import flatten


class SplitStatistics:
    """Counts over the sentences of one split; memory grows with the labels, not the sentences.

    >>> statistics = SplitStatistics()
    >>> statistics.add(Sentence(("Ada", "wrote"), (Entity("PER", 0, 1),)))
    >>> statistics.to_json()["entities"]
    {'PER': 1}
    """

    def __init__(self) -> None:
        self.sentences = 0
        self.words = 0
        self.longest_sentence = 0
        self.documents = 0
        self.overlapping_entities = 0
        self.entities: Counter[str] = Counter()
        self.relations: Counter[str] = Counter()
        self.tags: dict[str, set[str]] = {}
        self._last_document: str | None = None

    def add(self, sentence: Sentence) -> None:
        """Count one sentence."""
        size = len(sentence.words)
        self.sentences += 1
        self.words += size
        self.longest_sentence = max(self.longest_sentence, size)
        if sentence.doc_id != self._last_document:
            self.documents += sentence.doc_id is not None
            self._last_document = sentence.doc_id
        for entity in sentence.entities:
            self.entities[entity.label] += 1
        for relation in sentence.relations:
            self.relations[relation.label] += 1
        for layer, tags in sentence.tags.items():
            self.tags.setdefault(layer, set()).update(tags)
        if _overlap(sentence.entities):
            self.overlapping_entities += len(flatten(sentence.entities)[1])

    def to_json(self, notes: Notes | None = None) -> dict[str, Any]:
        """The counts, labels sorted.

        ``documents`` counts runs of sentences with one ``doc_id``; ``overlapping_entities`` those
        that a flat tagger cannot hold (see :func:`tango_ie.data.schemes.flatten`); ``tag_layers``
        gives the number of distinct tags of each layer.
        """
        return {
            "sentences": self.sentences,
            "words": self.words,
            "longest_sentence": self.longest_sentence,
            "documents": self.documents,
            "entities": dict(sorted(self.entities.items())),
            "overlapping_entities": self.overlapping_entities,
            "relations": dict(sorted(self.relations.items())),
            "tag_layers": {layer: len(tags) for layer, tags in sorted(self.tags.items())},
            "notes": {} if notes is None else notes.to_json(),
        }


def _overlap(entities: tuple[Entity, ...]) -> bool:
    end = 0
    for entity in sorted(entities, key=lambda item: item.start):
        if entity.start < end:
            return True
        end = max(end, entity.end)
    return False
