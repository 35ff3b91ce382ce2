"""Sentences as JSON objects; the form of our JSON lines.

.. code-block:: json

    {"words": ["Ada", "wrote", "notes"], "entities": [{"label": "PER", "start": 0, "end": 1}]}

Further keys, all optional: ``relations`` (``label``, ``head``, ``tail``: indices of entities),
``tags`` (layer → one tag per word), ``doc_id``, ``position``, ``text``, ``offsets`` (per word
``[start, end]``), ``text_start``; and ``subtype`` in an entity.
"""

from __future__ import annotations

import json
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import check_keys, expect, optional, parse_json, strings

_KEYS = (
    *("words", "entities", "relations", "tags", "doc_id", "position"),
    *("text", "offsets", "text_start"),
)
_ENTITY_KEYS = ("label", "start", "end")
_RELATION_KEYS = ("label", "head", "tail")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def to_record(sentence: Sentence) -> dict[str, Any]:
    """The sentence as a JSON object; what it does not have is left out.

    >>> to_record(Sentence(("Ada",), (Entity("PER", 0, 1),)))
    {'words': ['Ada'], 'entities': [{'label': 'PER', 'start': 0, 'end': 1}]}
    """
    record: dict[str, Any] = {"words": list(sentence.words)}
    if sentence.entities:
        record["entities"] = [_entity_record(entity) for entity in sentence.entities]
    if sentence.relations:
        record["relations"] = [
            {"label": relation.label, "head": relation.head, "tail": relation.tail}
            for relation in sentence.relations
        ]
    if sentence.tags:
        record["tags"] = {layer: list(sentence.tags[layer]) for layer in sorted(sentence.tags)}
    for key in ("doc_id", "position", "text"):
        value = getattr(sentence, key)
        if value is not None:
            record[key] = value
    if sentence.offsets is not None:
        record["offsets"] = [list(offset) for offset in sentence.offsets]
    if sentence.text_start is not None:
        record["text_start"] = sentence.text_start
    return record


def to_json_line(sentence: Sentence) -> str:
    """The record on one line, the same for equal sentences."""
    return _encode(to_record(sentence))


def from_record(record: object) -> Sentence:
    """The inverse of :func:`to_record`.

    Raises:
        DataError: a key that is unknown, missing or of the wrong type, or annotations that do not
            fit the words.
    """
    values = expect(record, dict, "a record")
    check_keys(values, _KEYS, required=("words",))
    words = strings(values["words"], "words")
    if not words:
        raise DataError("the sentence has no words")
    if "" in words:
        raise DataError(f"word {words.index('') + 1} is empty")
    tags = expect(values.get("tags", {}), dict, "tags")
    offsets = values.get("offsets")
    return Sentence(
        words=words,
        entities=tuple(
            _entity(item, f"entities[{place}]")
            for place, item in enumerate(expect(values.get("entities", []), list, "entities"))
        ),
        relations=tuple(
            Relation(*_triple(item, _RELATION_KEYS, f"relations[{place}]"))
            for place, item in enumerate(expect(values.get("relations", []), list, "relations"))
        ),
        tags={layer: strings(items, f"tags.{layer}") for layer, items in tags.items()},
        doc_id=optional(values, "doc_id", str),
        position=optional(values, "position", int),
        text=optional(values, "text", str),
        offsets=None if offsets is None else _offsets(offsets),
        text_start=optional(values, "text_start", int),
    )


def from_json_line(line: str) -> Sentence:
    """The sentence on a line.

    Raises:
        DataError: not JSON, or see :func:`from_record`.
    """
    return from_record(parse_json(line))


def _entity_record(entity: Entity) -> dict[str, Any]:
    record: dict[str, Any] = {"label": entity.label, "start": entity.start, "end": entity.end}
    if entity.subtype is not None:
        record["subtype"] = entity.subtype
    return record


def _entity(value: object, what: str) -> Entity:
    label, start, end = _triple(value, _ENTITY_KEYS, what, further=("subtype",))
    return Entity(label, start, end, subtype=optional(expect(value, dict, what), "subtype", str))


def _triple(
    value: object, keys: tuple[str, str, str], what: str, further: tuple[str, ...] = ()
) -> tuple[str, int, int]:
    item = expect(value, dict, what)
    check_keys(item, (*keys, *further), required=keys, what=what)
    label, first, second = (item[key] for key in keys)
    return (
        expect(label, str, f"{what}.{keys[0]}"),
        expect(first, int, f"{what}.{keys[1]}"),
        expect(second, int, f"{what}.{keys[2]}"),
    )


def _offsets(value: object) -> tuple[tuple[int, int], ...]:
    offsets = []
    for place, item in enumerate(expect(value, list, "offsets")):
        pair = expect(item, list, f"offsets[{place}]")
        if len(pair) != 2:
            raise DataError(f"offsets[{place}] must be [start, end], found {pair!r}")
        start, end = (expect(number, int, f"offsets[{place}]") for number in pair)
        offsets.append((start, end))
    return tuple(offsets)
