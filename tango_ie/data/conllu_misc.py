"""Entities, relations and layers of tags in the column MISC of CoNLL-U.

The format knows words, tags and trees. What our reader and writer agree on beyond it stands in
MISC, at the words that it belongs to:

``EntitySpan=NUMBER:LAST:LABEL`` or ``NUMBER:LAST:LABEL:SUBTYPE``
    at the first word of an entity: its place among the entities of the sentence (from 1), the ID
    of its last word, its type and its finer type.
``EntityRelation=NUMBER:LABEL:HEAD:TAIL``
    at the first word of the head: its place among the relations (from 1), its label, the numbers
    of its entities.
``Layer.NAME=TAG``
    at every word: a layer of word tags.

Several entities or relations at one word are parted by ``,``. In names and values, ``%``, ``|``,
``=``, ``:``, ``,``, blanks and control characters are written as in addresses: ``%20``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import unquote

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation

T = TypeVar("T")
SPAN, RELATION, LAYER = "EntitySpan", "EntityRelation", "Layer."
_FORMS = {SPAN: "NUMBER:LAST:LABEL", RELATION: "NUMBER:LABEL:HEAD:TAIL"}
_RESERVED = re.compile(r"[%|=:,\s\x00-\x1f\x7f-\x9f]")
_NUMBER = re.compile(r"[0-9]{1,9}")


def escape(value: str) -> str:
    """A name or value that can stand in MISC.

    >>> escape("Ört a|b")
    'Ört%20a%7Cb'
    """
    return _RESERVED.sub(_percent, value)


def unescape(value: str) -> str:
    """The inverse of :func:`escape`.

    Raises:
        DataError: escapes that give no UTF-8.
    """
    try:
        return unquote(value, errors="strict") if "%" in value else value
    except UnicodeDecodeError as error:
        raise DataError(f"{value[:60]!r} holds %-escapes that are not UTF-8") from error


def misc_values(
    entities: Sequence[Entity],
    relations: Sequence[Relation],
    layers: Mapping[str, Sequence[str]],
    size: int,
) -> list[list[str]]:
    """What each word of a sentence of ``size`` words has in MISC.

    >>> misc_values([Entity("PER", 0, 2)], [], {}, 2)
    [['EntitySpan=1:2:PER'], []]
    """
    spans: list[list[str]] = [[] for _ in range(size)]
    arcs: list[list[str]] = [[] for _ in range(size)]
    for number, entity in enumerate(entities, start=1):
        parts = [str(number), str(entity.end), escape(entity.label)]
        if entity.subtype is not None:
            parts.append(escape(entity.subtype))
        spans[entity.start].append(":".join(parts))
    for number, relation in enumerate(relations, start=1):
        value = f"{number}:{escape(relation.label)}:{relation.head + 1}:{relation.tail + 1}"
        arcs[entities[relation.head].start].append(value)
    values: list[list[str]] = []
    for place in range(size):
        found = [
            f"{key}={','.join(items[place])}"
            for key, items in ((SPAN, spans), (RELATION, arcs))
            if items[place]
        ]
        found += [f"{LAYER}{escape(name)}={escape(tags[place])}" for name, tags in layers.items()]
        values.append(found)
    return values


class MiscAnnotations:
    """Collects what the words of one sentence have in MISC.

    Args:
        size: number of words of the sentence.

    >>> misc = MiscAnnotations(2)
    >>> misc.add(0, "EntitySpan", "1:2:PER")
    >>> misc.entities()
    [Entity(label='PER', start=0, end=2, score=None)]
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._entities: dict[int, Entity] = {}
        self._relations: dict[int, Relation] = {}
        self._layers: dict[str, dict[int, str]] = {}

    def add(self, place: int, key: str, value: str) -> None:
        """Take one attribute of the word at ``place``; those of other tools are passed over.

        Raises:
            DataError: a value that has not the form of its key.
        """
        if key == SPAN:
            for item in value.split(","):
                self._add_entity(place, item)
        elif key == RELATION:
            for item in value.split(","):
                number, label, head, tail = _fields(key, item, (4,), (0, 2, 3))
                relation = Relation(unescape(label), int(head) - 1, int(tail) - 1)
                _take(key, self._relations, int(number), relation)
        elif key.startswith(LAYER):
            name = unescape(key.removeprefix(LAYER))
            tags = self._layers.setdefault(name, {})
            if place in tags:
                raise DataError(f"the word has two values of {key[:60]!r}; remove one")
            tags[place] = unescape(value)

    def entities(self) -> list[Entity]:
        """The entities, in the order of their numbers.

        Raises:
            DataError: numbers are missing.
        """
        return _in_order(SPAN, self._entities)

    def relations(self) -> list[Relation]:
        """The relations, in the order of their numbers.

        Raises:
            DataError: numbers are missing, or name no entity.
        """
        for relation in self._relations.values():
            for argument in (relation.head, relation.tail):
                if not 0 <= argument < len(self._entities):
                    raise DataError(
                        f"the {RELATION} {relation.label[:60]!r} names entity {argument + 1} of "
                        f"{len(self._entities)}; mend the number"
                    )
        return _in_order(RELATION, self._relations)

    def layers(self) -> dict[str, tuple[str, ...]]:
        """The layers of word tags, by name.

        Raises:
            DataError: some words have no tag.
        """
        for name, tags in self._layers.items():
            if len(tags) != self._size:
                missing = next(place for place in range(self._size) if place not in tags)
                raise DataError(
                    f"word {missing + 1} has no {LAYER}{escape(name)[:60]}, which other words of "
                    "the sentence have"
                )
        return {
            name: tuple(tags[place] for place in range(self._size))
            for name, tags in sorted(self._layers.items())
        }

    def _add_entity(self, place: int, item: str) -> None:
        number, last, label, *rest = _fields(SPAN, item, (3, 4), (0, 1))
        subtype = unescape(rest[0]) if rest else None
        if not place < int(last) <= self._size:
            raise DataError(
                f"{SPAN}={item[:60]} ends with word {last}, but begins with word {place + 1} of "
                f"{self._size}; mend the number"
            )
        entity = Entity(unescape(label), place, int(last), subtype=subtype)
        _take(SPAN, self._entities, int(number), entity)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match.group().encode())


def _fields(key: str, item: str, sizes: tuple[int, ...], numbers: tuple[int, ...]) -> list[str]:
    fields = item.split(":")
    if len(fields) not in sizes or not all(_NUMBER.fullmatch(fields[place]) for place in numbers):
        raise DataError(f"{key} must be {_FORMS[key]}, found {item[:60]!r}; mend it")
    return fields


def _take(key: str, found: dict[int, T], number: int, value: T) -> None:
    if number in found:
        raise DataError(f"two {key} of the sentence have the number {number}; mend one")
    found[number] = value


def _in_order(key: str, found: dict[int, T]) -> list[T]:
    for expected, number in enumerate(sorted(found), start=1):
        if number != expected:
            raise DataError(
                f"the {key} of a sentence must be numbered from 1, found {number} instead of "
                f"{expected}; mend the numbers"
            )
    return [found[number] for number in sorted(found)]
