"""JSON with mentions as objects that name their words; the layout of OneIE and of a GENIA split."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import expect, optional, required, shown
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.word_records import (
    Place,
    RecordReader,
    entity_of,
    fields,
    identifier,
    label_of,
    read_words,
)

_RELATIONS, _EVENTS = "relation_mentions", "event_mentions"
_IDS = ("doc_id", "sent_id")


@Reader.register("tango_ie::token_spans")
class TokenSpansReader(RecordReader):
    """Reads ``{"tokens", "entity_mentions": [{"start", "end", "entity_type"}]}``, nested or not.

    ``doc_id`` becomes the document, and a ``sent_id`` of the form ``DOCUMENT-3`` the place in it.
    ``entity_subtype`` is the finer type. ``relation_mentions`` are read where they are:
    ``{"relation_type", "arguments": [{"entity_id"}, {"entity_id"}]}``, whose ids are the ``id`` of
    entity mentions; the first argument is the head. Mentions whose ``text`` is not that of their
    words are noted, and so are ``event_mentions``, which are left out.

    Args:
        words: key of the words.
        entities: key of the entity mentions; it must be there.
        label: key of the type in a mention.
        inclusive: ``end`` is the last word, not the word after it.
        encoding: see :class:`TextReader`.
    """

    def __init__(
        self,
        words: str = "tokens",
        entities: str = "entity_mentions",
        label: str = "entity_type",
        inclusive: bool = False,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        if words == entities:
            raise ConfigurationError(f"the key {words!r} cannot hold words too", "entities")
        self.words = words
        self.entities = entities
        self.label = label
        self.inclusive = inclusive

    def keys(self, values: Mapping[str, Any]) -> Collection[str]:
        """See :meth:`RecordReader.keys`."""
        return (self.words, self.entities, _RELATIONS, _EVENTS, *_IDS)

    def read_record(self, values: dict[str, Any], place: Place) -> Iterator[Sentence]:
        """See :meth:`RecordReader.read_record`."""
        words = read_words(values, self.words, (self.entities, _RELATIONS), place)
        if not words:
            return
        entities: list[Entity] = []
        ids: dict[str, int] = {}
        for index, value in enumerate(required(values, self.entities, list)):
            what = f"{self.entities}[{index}]"
            entities.append(self._entity(value, words, place, what))
            mention_id = identifier(value, "id")
            if mention_id is not None and ids.setdefault(mention_id, index) != index:
                raise DataError(
                    f"{what}: the id {shown(mention_id)} is there twice; each needs its own"
                )
        events = optional(values, _EVENTS, list)
        if events:
            place.note("events left out", "sentences have no place for them", len(events))
        doc_id = identifier(values, "doc_id")
        position = _position(doc_id, identifier(values, "sent_id"))
        relations = _relations(values, ids)
        yield Sentence(words, tuple(entities), relations, doc_id=doc_id, position=position)

    def _entity(self, value: object, words: Sequence[str], place: Place, what: str) -> Entity:
        label, start, end = fields(value, (self.label, "start", "end"), what)
        item = expect(value, dict, what)
        last = expect(end, int, f"{what}: the end") + self.inclusive
        subtype = optional(item, "entity_subtype", str)
        entity = entity_of(label, start, last, len(words), what, subtype)
        text = optional(item, "text", str)
        if text is not None:
            covered = "".join(words[entity.start : entity.end])
            # Texts are joined with blanks here and as in the source there.
            if "".join(text.split()) != "".join(covered.split()):
                place.note(
                    "text of a mention is not that of its words",
                    f"{what}: {shown(text)}, the words are {shown(covered)}",
                )
        return entity


def _relations(values: dict[str, Any], ids: dict[str, int]) -> tuple[Relation, ...]:
    relations = []
    for index, value in enumerate(optional(values, _RELATIONS, list) or ()):
        what = f"{_RELATIONS}[{index}]"
        label, arguments = fields(value, ("relation_type", "arguments"), what)
        found = [
            _argument(item, ids, f"{what}.arguments[{place}]")
            for place, item in enumerate(expect(arguments, list, f"{what}.arguments"))
        ]
        if len(found) != 2:
            raise DataError(f"{what} has {len(found)} arguments; a relation has two")
        relations.append(Relation(label_of(label, f"{what}: the type"), found[0], found[1]))
    return tuple(relations)


def _argument(value: object, ids: dict[str, int], what: str) -> int:
    fields(value, ("entity_id",), what)
    mention_id = identifier(expect(value, dict, what), "entity_id")
    if mention_id is None or mention_id not in ids:
        there = shown(", ".join(ids)) if ids else "none"
        raise DataError(
            f"{what}: no entity mention has the id {shown(mention_id)}; there is {there}"
        )
    return ids[mention_id]


def _position(doc_id: str | None, sent_id: str | None) -> int | None:
    """The place that a sentence's id gives.

    >>> _position("MEDLINE:93061407", "MEDLINE:93061407-3")
    3
    """
    if doc_id is None or sent_id is None or not sent_id.startswith(f"{doc_id}-"):
        return None
    rest = sent_id[len(doc_id) + 1 :]
    return int(rest) if re.fullmatch(r"[0-9]{1,9}", rest) else None
