"""Sentences as JSON objects; the form of our JSON lines.

.. code-block:: json

    {"words": ["Ada", "wrote", "notes"], "entities": [{"label": "PER", "start": 0, "end": 1}]}

Further keys, all optional: ``relations`` (``label``, ``head``, ``tail``: indices of entities),
``tags`` (layer → one tag per word), ``doc_id``, ``position``, ``text``, ``offsets`` (per word
``[start, end]``).
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence

T = TypeVar("T")
_KEYS = ("words", "entities", "relations", "tags", "doc_id", "position", "text", "offsets")
_ENTITY_KEYS = ("label", "start", "end")
_RELATION_KEYS = ("label", "head", "tail")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_NAMES = {str: "a string", int: "a whole number", list: "a list", dict: "an object"}


def to_record(sentence: Sentence) -> dict[str, Any]:
    """The sentence as a JSON object; what it does not have is left out.

    >>> to_record(Sentence(("Ada",), (Entity("PER", 0, 1),)))
    {'words': ['Ada'], 'entities': [{'label': 'PER', 'start': 0, 'end': 1}]}
    """
    record: dict[str, Any] = {"words": list(sentence.words)}
    if sentence.entities:
        record["entities"] = [
            {"label": entity.label, "start": entity.start, "end": entity.end}
            for entity in sentence.entities
        ]
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
    values = _expect(record, dict, "a record")
    _check_keys(values, _KEYS, required=("words",))
    words = _strings(values["words"], "words")
    if not words:
        raise DataError("the sentence has no words")
    if "" in words:
        raise DataError(f"word {words.index('') + 1} is empty")
    tags = _expect(values.get("tags", {}), dict, "tags")
    offsets = values.get("offsets")
    return Sentence(
        words=words,
        entities=tuple(
            Entity(*_triple(item, _ENTITY_KEYS, f"entities[{place}]"))
            for place, item in enumerate(_expect(values.get("entities", []), list, "entities"))
        ),
        relations=tuple(
            Relation(*_triple(item, _RELATION_KEYS, f"relations[{place}]"))
            for place, item in enumerate(_expect(values.get("relations", []), list, "relations"))
        ),
        tags={layer: _strings(items, f"tags.{layer}") for layer, items in tags.items()},
        doc_id=_optional(values, "doc_id", str),
        position=_optional(values, "position", int),
        text=_optional(values, "text", str),
        offsets=None if offsets is None else _offsets(offsets),
    )


def from_json_line(line: str) -> Sentence:
    """The sentence on a line.

    Raises:
        DataError: not JSON, or see :func:`from_record`.
    """
    try:
        record = json.loads(line)
    except json.JSONDecodeError as error:
        raise DataError(
            f"not JSON at character {error.pos + 1} ({error.msg}); "
            "each line must hold one whole object"
        ) from error
    except ValueError as error:  # a number of thousands of digits
        raise DataError(f"not JSON that can be read: {error}") from error
    except RecursionError as error:
        raise DataError("not a sentence: JSON nested too deeply") from error
    if "\\u" in line:
        _refuse_surrogates(record)
    return from_record(record)


def _expect(value: object, kind: type[T], what: str) -> T:
    # bool is an int to Python, and not to anybody else
    if isinstance(value, kind) and not isinstance(value, bool):
        return value
    shown = repr(value)
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    raise DataError(f"{what} must be {_NAMES[kind]}, found {shown}")


def _optional(values: Mapping[str, object], key: str, kind: type[T]) -> T | None:
    value = values.get(key)
    return None if value is None else _expect(value, kind, key)


def _strings(value: object, what: str) -> tuple[str, ...]:
    items = _expect(value, list, what)
    for item in items:
        if type(item) is not str:
            _expect(item, str, f"each of {what}")
    return tuple(items)


def _triple(value: object, keys: tuple[str, str, str], what: str) -> tuple[str, int, int]:
    item = _expect(value, dict, what)
    _check_keys(item, keys, required=keys, what=what)
    label, first, second = (item[key] for key in keys)
    return (
        _expect(label, str, f"{what}.{keys[0]}"),
        _expect(first, int, f"{what}.{keys[1]}"),
        _expect(second, int, f"{what}.{keys[2]}"),
    )


def _offsets(value: object) -> tuple[tuple[int, int], ...]:
    offsets = []
    for place, item in enumerate(_expect(value, list, "offsets")):
        pair = _expect(item, list, f"offsets[{place}]")
        if len(pair) != 2:
            raise DataError(f"offsets[{place}] must be [start, end], found {pair!r}")
        start, end = (_expect(number, int, f"offsets[{place}]") for number in pair)
        offsets.append((start, end))
    return tuple(offsets)


def _check_keys(
    values: Mapping[str, object], keys: Collection[str], required: Collection[str], what: str = ""
) -> None:
    owner = what or "a sentence"
    for key in values:
        if key not in keys:
            near = difflib.get_close_matches(str(key), keys, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known are: {', '.join(keys)}"
            raise DataError(f"{owner} has no key {key!r}; {hint}")
    for key in required:
        if key not in values:
            raise DataError(f"{owner} needs the key {key!r}")


def _refuse_surrogates(record: object) -> None:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        half = error.object[error.start]
        raise DataError(
            f"\\u{ord(half):04x} is half of a character; the escapes of the other half are missing"
        ) from error
