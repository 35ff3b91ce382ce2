"""SpERT JSON: entities by word indices, relations by entity indices."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import expect, optional, required, shown, strings, whole_numbers
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.word_records import (
    Place,
    RecordReader,
    entity_of,
    fields,
    identifier,
    read_words,
    relation_of,
)

_KEYS = (
    *("tokens", "entities", "relations", "orig_id"),
    *("layers", "position", "text", "offsets", "text_start"),  # only our writer's
)
_ANNOTATIONS = ("entities", "relations", "layers")
_LARGEST = 2**63 - 1


@Reader.register("tango_ie::spert")
class SpertReader(RecordReader):
    """Reads an array (or lines) of ``{"tokens", "entities", "relations", "orig_id"}``.

    Entities are ``{"type", "start", "end"}`` with the end not included, relations
    ``{"type", "head", "tail"}`` with indices of entities. ``orig_id`` becomes the document.
    ``entities`` must be there, ``relations`` need not. What ``tango_ie::spert`` writes besides,
    is read too: ``layers``, ``position``, ``text``, ``offsets``, ``text_start``, and ``subtype``
    of entities.

    Args:
        encoding: see :class:`TextReader`.

    >>> import io
    >>> from tango_ie.data.notes import Notes
    >>> text = '[{"tokens": ["Ada"], "entities": [{"type": "PER", "start": 0, "end": 1}]}]'
    >>> [item.entities for item in SpertReader().read_stream(io.StringIO(text), "", Notes())]
    [(Entity(label='PER', start=0, end=1, score=None),)]
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(encoding)

    def keys(self, values: Mapping[str, Any]) -> Collection[str]:
        """See :meth:`RecordReader.keys`."""
        return _KEYS

    def read_record(self, values: dict[str, Any], place: Place) -> Iterator[Sentence]:
        """See :meth:`RecordReader.read_record`."""
        words = read_words(values, "tokens", _ANNOTATIONS, place)
        if not words:
            return
        entities = read_entities(values, len(words))
        layers = expect(values.get("layers", {}), dict, "layers")
        yield Sentence(
            words,
            entities,
            read_relations(values, len(entities)),
            {name: strings(tags, f"layers.{name}") for name, tags in layers.items()},
            doc_id=identifier(values, "orig_id"),
            position=_count(values, "position"),
            text=optional(values, "text", str),
            offsets=_offsets(values),
            text_start=_count(values, "text_start"),
        )


def read_entities(values: dict[str, Any], size: int) -> tuple[Entity, ...]:
    """The ``entities`` of a record with ``size`` words.

    Raises:
        DataError: a key is missing or holds what it must not.
    """
    entities = []
    for index, value in enumerate(required(values, "entities", list)):
        what = f"entities[{index}]"
        label, start, end = fields(value, ("type", "start", "end"), what)
        subtype = optional(value, "subtype", str)
        entities.append(entity_of(label, start, end, size, what, subtype))
    return tuple(entities)


def read_relations(values: dict[str, Any], count: int) -> tuple[Relation, ...]:
    """The ``relations`` of a record with ``count`` entities.

    Raises:
        DataError: a key is missing or holds what it must not.
    """
    relations = []
    for index, value in enumerate(optional(values, "relations", list) or ()):
        what = f"relations[{index}]"
        label, head, tail = fields(value, ("type", "head", "tail"), what)
        relations.append(relation_of(label, head, tail, count, what))
    return tuple(relations)


def _count(values: dict[str, Any], key: str) -> int | None:
    value = optional(values, key, int)
    if value is not None and not 0 <= value <= _LARGEST:
        raise DataError(f"{key} must be a whole number from 0, found {shown(value)}")
    return value


def _offsets(values: dict[str, Any]) -> tuple[tuple[int, int], ...] | None:
    offsets = optional(values, "offsets", list)
    if offsets is None:
        return None
    pairs = []
    for index, value in enumerate(offsets):
        start, end = whole_numbers(value, f"offsets[{index}]", 2)
        pairs.append((start, end))
    return tuple(pairs)
