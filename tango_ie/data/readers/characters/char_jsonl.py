"""JSON records of texts whose entities are spans of characters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.alignment import Offset, Tokenisation
from tango_ie.data.annotations import Relation, Sentence
from tango_ie.data.json_values import expect, optional, required, shown, strings, whole_numbers
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.characters.char_spans import (
    CharEntity,
    CharSentence,
    InsideWords,
    SpanPlacer,
)
from tango_ie.data.readers.word_records import Place, RecordReader, identifier, label_of

# What one thing is called by different tools: ours and the converted corpora first, then spaCy
# and Prodigy, then doccano.
_ENTITIES = ("entities", "spans", "labels", "label")
_FURTHER = ("relations", "tags", "position", "text_start")
_START = ("start", "start_offset", "start_char")
_END = ("end", "end_offset", "end_char")
_LABEL = ("type", "label")
_SUBTYPE = ("subtype", "sem")
_HEAD = ("head", "from_id")
_TAIL = ("tail", "to_id")
_ENTITY_ID = ("id",)


@Reader.register("tango_ie::char_jsonl")
class CharJsonLinesReader(RecordReader):
    """Reads objects of a ``text`` and character spans ``[start, end)`` in it, one sentence each.

    A JSON array of such objects will do as well. Entities may nest, and are objects with ``start``,
    ``end`` and ``type`` (or ``label``; a finer type is ``subtype`` or ``sem``) or lists ``[start,
    end, type]``. Their key may be ``entities``, ``spans``, ``labels`` or ``label``, so that the
    files of spaCy, Prodigy and doccano are read too. ``relations`` have a ``type``, a ``head`` and
    a ``tail``, which are indices of entities (``from_id`` and ``to_id`` are ids of entities).
    ``doc_id``, ``position``, ``text_start`` and ``tags`` are those of :class:`Sentence`.

    Args:
        tokenisation: how the text is cut into words, see :func:`tango_ie.data.alignment.tokenise`.
        inside_words: see :class:`SpanPlacer`.
        text: key of the text.
        entities: key of the entities; ``None`` takes the first that a record has of those above.
        words: key of the offsets ``[start, end]`` of the words, where a record has it; those count
            rather than ``tokenisation``. ``None`` does not look for it.
        doc_id: key of the id of the document.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> from tango_ie.data.notes import Notes
    >>> line = '{"text": "Ada wrote.", "entities": [{"start": 0, "end": 3, "type": "PER"}]}'
    >>> list(CharJsonLinesReader().read_stream(io.StringIO(line), "here", Notes()))[0].entities
    (Entity(label='PER', start=0, end=1, score=None),)
    """

    def __init__(
        self,
        tokenisation: Tokenisation = "words",
        inside_words: InsideWords = "widen",
        text: str = "text",
        entities: str | None = None,
        words: str | None = "words",
        doc_id: str = "doc_id",
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self._placer = SpanPlacer(tokenisation, inside_words)
        self.text, self.entities, self.words, self.doc_id = text, entities, words, doc_id
        named = [key for key in (text, entities, words, doc_id) if key is not None]
        for key in named:
            if named.count(key) > 1:
                raise ConfigurationError(f"two keys are called {key!r}", "text")
        self._entity_keys = _ENTITIES if entities is None else (entities,)

    def keys(self, values: Mapping[str, Any]) -> Collection[str]:
        """See :meth:`RecordReader.keys`."""
        entities = _spelt(values, self._entity_keys) or self._entity_keys[0]
        named = (self.text, entities, self.doc_id, *([] if self.words is None else [self.words]))
        return (*named, *_FURTHER)

    def read_record(self, values: dict[str, Any], place: Place) -> Iterator[Sentence]:
        """See :meth:`RecordReader.read_record`."""
        text = required(values, self.text, str)
        key = _spelt(values, self._entity_keys)
        if key is None:
            place.note("record without entities", f"it has {', '.join(map(repr, values))}")
        items = [] if key is None else expect(_or_empty(values[key]), list, key)
        entities = [_entity(item, f"{key}[{number}]") for number, item in enumerate(items)]
        words = None if self.words is None else values.get(self.words)
        found = CharSentence(
            text,
            entities,
            _relations(_or_empty(values.get("relations")), items),
            None if words is None else _words(words, text, f"{self.words}"),
            _tags(values, with_words=words is not None),
            identifier(values, self.doc_id),
            _count(values, "position"),
            _count(values, "text_start"),
        )
        sentence = self._placer.sentence(found, place)
        if sentence is not None:
            yield sentence


def _spelt(values: Mapping[str, object], spellings: Sequence[str]) -> str | None:
    """The first of several spellings of a key that an object has."""
    return next((name for name in spellings if name in values), None)


def _or_empty(value: object) -> object:
    return [] if value is None else value


def _field(item: Mapping[str, object], spellings: Sequence[str], what: str) -> Any:
    key = _spelt(item, spellings)
    if key is None:
        wanted = " or ".join(map(repr, spellings))
        raise DataError(f"{what} needs the key {wanted}, found {shown(item)}")
    return item[key]


def _entity(value: object, what: str) -> CharEntity:
    subtype = None
    if isinstance(value, list):
        if len(value) != 3:
            raise DataError(f"{what} must be [start, end, type], found {shown(value)}")
        start, end, label = value
    else:
        item = expect(value, dict, what)
        start, end = _field(item, _START, what), _field(item, _END, what)
        label = _field(item, _LABEL, what)
        key = _spelt(item, _SUBTYPE)
        subtype = None if key is None else optional(item, key, str)
    return CharEntity(
        label_of(label, f"{what}: the type"),
        expect(start, int, f"{what}: the start"),
        expect(end, int, f"{what}: the end"),
        subtype,
    )


def _relations(value: object, entities: Sequence[object]) -> list[Relation]:
    relations = []
    ids: dict[object, int] | None = None
    for number, item in enumerate(expect(value, list, "relations")):
        what = f"relations[{number}]"
        fields = expect(item, dict, what)
        label = label_of(_field(fields, _LABEL, what), f"{what}: the type")
        arguments = []
        for role, spellings in (("head", _HEAD), ("tail", _TAIL)):
            argument = expect(_field(fields, spellings, what), int, f"{what}: the {role}")
            if role not in fields:
                ids = _indices_by_id(entities) if ids is None else ids
                if argument not in ids:
                    raise DataError(f"{what}: the {role} is {argument}, which is no entity's id")
                argument = ids[argument]
            arguments.append(argument)
        relations.append(Relation(label, arguments[0], arguments[1]))
    return relations


def _indices_by_id(entities: Sequence[object]) -> dict[object, int]:
    ids: dict[object, int] = {}
    for index, entity in enumerate(entities):
        what = f"entity {index}"
        number = expect(_field(expect(entity, dict, what), _ENTITY_ID, what), int, f"{what}: id")
        if number in ids:
            raise DataError(f"the entities {ids[number]} and {index} have the same id {number}")
        ids[number] = index
    return ids


def _count(values: Mapping[str, object], key: str) -> int | None:
    """A number from 0 that a corpus can store, where there is one."""
    number = optional(values, key, int)
    if number is not None and not 0 <= number < 1 << 63:
        raise DataError(f"{key} must be a whole number from 0, found {shown(number)}")
    return number


def _words(value: object, text: str, what: str) -> list[Offset]:
    """The offsets of words: in order, apart, inside the text, each of at least one character."""
    offsets: list[Offset] = []
    last = 0
    for number, item in enumerate(expect(value, list, what)):
        if isinstance(item, str):
            raise DataError(
                f"{what} must hold the offsets [start, end] of the words, found {shown(item)}; "
                "give the reader `words: null` to cut the text into words anew"
            )
        start, end = whole_numbers(item, f"{what}[{number}]", 2)
        if not last <= start < end <= len(text):
            raise DataError(
                f"{what}[{number}] is [{start}, {end}]; offsets of words must be in order, apart "
                f"from each other and inside the text of {len(text)} characters"
            )
        offsets.append((start, end))
        last = end
    return offsets


def _tags(values: Mapping[str, object], with_words: bool) -> dict[str, tuple[str, ...]]:
    layers = optional(values, "tags", dict) or {}
    if layers and not with_words:
        raise DataError("tags are given for words, and the offsets of the words are not")
    return {layer: strings(items, f"tags.{layer}") for layer, items in layers.items()}
