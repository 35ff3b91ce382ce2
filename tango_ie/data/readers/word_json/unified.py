"""Unified JSON: entities and the arguments of relations as spans of words in short lists."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import optional, required
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.word_records import (
    Place,
    RecordReader,
    SpanIndex,
    entity_of,
    read_words,
    spans_and_label,
)


@Reader.register("tango_ie::unified")
class UnifiedReader(RecordReader):
    """Reads ``{"tokens", "entities": [[s, e, type]], "relations": [[s, e, s, e, type]]}``.

    The arguments of a relation are looked up among the entities of the sentence: where several
    have the span, the first is taken; where none has, the relation is left out. Both are noted.

    Args:
        words: key of the words.
        entities: key of the entities; it must be there.
        relations: key of the relations, which need not be there.
        inclusive: spans name their last word, not the word after it.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> from tango_ie.data.notes import Notes
    >>> text = '{"tokens": ["Ada", "wrote"], "entities": [[0, 1, "PER"]], "relations": []}'
    >>> [item.entities for item in UnifiedReader().read_stream(io.StringIO(text), "", Notes())]
    [(Entity(label='PER', start=0, end=1, score=None),)]
    """

    def __init__(
        self,
        words: str = "tokens",
        entities: str = "entities",
        relations: str = "relations",
        inclusive: bool = False,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self.words = words
        self.entities = entities
        self.relations = relations
        self.inclusive = inclusive
        keys = (words, entities, relations)
        for name, key in zip(("words", "entities", "relations"), keys, strict=True):
            if keys.count(key) > 1:
                raise ConfigurationError(f"the key {key!r} cannot hold two things", name)

    def keys(self, values: Mapping[str, Any]) -> Collection[str]:
        """See :meth:`RecordReader.keys`."""
        return (self.words, self.entities, self.relations)

    def read_record(self, values: dict[str, Any], place: Place) -> Iterator[Sentence]:
        """See :meth:`RecordReader.read_record`."""
        words = read_words(values, self.words, (self.entities, self.relations), place)
        if not words:
            return
        entities = []
        for index, item in enumerate(required(values, self.entities, list)):
            what = f"{self.entities}[{index}]"
            numbers, label = spans_and_label(item, 1, what)
            entities.append(self._entity(label, numbers, len(words), what))
        relations = []
        by_span = SpanIndex(entities)
        for index, item in enumerate(optional(values, self.relations, list) or ()):
            what = f"{self.relations}[{index}]"
            numbers, label = spans_and_label(item, 2, what)
            head, tail = (
                by_span.find(self._entity(label, pair, len(words), what), place, what)
                for pair in (numbers[:2], numbers[2:])
            )
            if head is not None and tail is not None:
                relations.append(Relation(label, head, tail))
        yield Sentence(words, tuple(entities), tuple(relations))

    def _entity(self, label: str, numbers: tuple[int, ...], size: int, what: str) -> Entity:
        start, end = numbers
        return entity_of(label, start, end + self.inclusive, size, what)
