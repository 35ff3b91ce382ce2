"""What readers of JSON share whose records are sentences, annotated by the indices of words."""

from __future__ import annotations

import difflib
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import (
    expect,
    filled_words,
    required,
    shown,
    strings,
    whole_numbers,
)
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import TextReader, located
from tango_ie.data.readers.json_objects import iter_records
from tango_ie.data.readers.unread_keys import UnreadKeys


class Place(NamedTuple):
    """A record of a file, with the notes that are made about it."""

    notes: Notes
    source: str
    line: int | None

    def note(self, kind: str, detail: str, count: int = 1) -> None:
        """Note a repair of this record, see :meth:`Notes.add`."""
        self.notes.add(kind, detail, self.source, self.line, count)


ReadRecord = Callable[[dict[str, Any], Place], Iterator[Sentence]]


class RecordLoop(TextReader):
    """Goes through the records of a JSON array or of JSON lines, one object after the other.

    Keys that are not read are stated once; one that looks like a misspelt one is noted.

    Args:
        encoding: see :class:`TextReader`.
    """

    @abstractmethod
    def keys(self, values: Mapping[str, Any]) -> Collection[str]:
        """The keys of this record that the reader reads, there or not."""

    def read_records(
        self, stream: TextIO, source: str, notes: Notes, read_record: ReadRecord
    ) -> Iterator[Sentence]:
        """The sentences that a function finds in each record."""
        unread = UnreadKeys(())
        for record in iter_records(stream, source):
            place = Place(notes, source, record.line)
            try:
                keys = self.keys(record.values)
                for key in record.values:
                    if key not in keys:
                        unread.look((key,))
                        _note_misspelt(key, keys, record.values, place)
                yield from read_record(record.values, place)
            except DataError as error:
                raise located(error, source, record.line) from error
        unread.state(notes)


class RecordReader(RecordLoop):
    """Base of the readers that need nothing but a record to know its sentences."""

    @abstractmethod
    def read_record(self, values: dict[str, Any], place: Place) -> Iterator[Sentence]:
        """The sentences of a record; an error needs not say where it is."""

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        return self.read_records(stream, source, notes, self.read_record)


def read_words(
    values: Mapping[str, Any], key: str, annotations: Collection[str], place: Place
) -> tuple[str, ...]:
    """The words under a key; none where the sentence is empty and annotates nothing (noted).

    Args:
        annotations: the keys that hold what is annotated.

    Raises:
        DataError: no list of filled strings, or annotations without words.
    """
    words = required(values, key, list)
    if words or any(values.get(name) for name in annotations):
        return filled_words(words, key)
    place.note("sentence without words left out", f"{key!r} is empty")
    return strings(words, key)


def fields(value: object, keys: Sequence[str], what: str) -> list[Any]:
    """What an object holds under these keys, all of which it must have.

    Raises:
        DataError: it is no object, or lacks one of them.
    """
    item = expect(value, dict, what)
    return [item[key] if key in item else required(item, key, str, what) for key in keys]


def spans_and_label(value: object, spans: int, what: str) -> tuple[tuple[int, ...], str]:
    """The numbers and the type of ``[start, end, type]``, or of a list with more spans.

    Raises:
        DataError: a list of another form.

    >>> spans_and_label([0, 3, 6, 8, "Kill"], 2, "relations[0]")
    ((0, 3, 6, 8), 'Kill')
    """
    items = expect(value, list, what)
    if len(items) != 2 * spans + 1:
        form = ", ".join(["start, end"] * spans)
        raise DataError(f"{what} must be [{form}, type], found {shown(items)}")
    return whole_numbers(items[:-1], what), label_of(items[-1], f"{what}: the type")


def identifier(values: Mapping[str, Any], key: str) -> str | None:
    """An identifier as a string; files hold them as whole numbers too.

    Raises:
        DataError: it is of another type.

    >>> identifier({"orig_id": 5178}, "orig_id")
    '5178'
    """
    value = values.get(key)
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise DataError(f"{key} must be a string or a whole number, found {shown(value)}")


def label_of(value: object, what: str) -> str:
    """A type, which must not be empty.

    Raises:
        DataError: it is empty, or no string.
    """
    label = expect(value, str, what)
    if not label:
        raise DataError(f"{what} is empty; each annotation needs a type")
    return label


def entity_of(
    label: object, start: object, end: object, size: int, what: str, subtype: str | None = None
) -> Entity:
    """An entity ``[start, end)`` of a sentence of ``size`` words.

    Args:
        what: where it stands in the record, for the error.

    Raises:
        DataError: a value of a wrong type, or a span outside the sentence.

    >>> entity_of("PER", 0, 2, 3, "entities[0]")
    Entity(label='PER', start=0, end=2, score=None)
    """
    name = label_of(label, f"{what}: the type")
    first, last = expect(start, int, f"{what}: the start"), expect(end, int, f"{what}: the end")
    if not 0 <= first < last <= size:
        raise DataError(
            f"{what}: {shown(name)} [{first}, {last}) does not lie in the sentence's {size} words; "
            "words count from 0, and the end is the word after the last"
        )
    return Entity(name, first, last, subtype=subtype)


def relation_of(label: object, head: object, tail: object, count: int, what: str) -> Relation:
    """A relation between two of ``count`` entities, given by their indices.

    Raises:
        DataError: a value of a wrong type, or an entity that is not there.
    """
    name = label_of(label, f"{what}: the type")
    first, last = expect(head, int, f"{what}: the head"), expect(tail, int, f"{what}: the tail")
    for role, index in (("head", first), ("tail", last)):
        if not 0 <= index < count:
            raise DataError(
                f"{what}: the {role} is entity {index}, and the sentence has {count} entities, "
                "which count from 0"
            )
    return Relation(name, first, last)


class SpanIndex:
    """Finds the entities that relations name by their spans.

    >>> index = SpanIndex([Entity("PER", 0, 2), Entity("LOC", 4, 5)])
    >>> index.find(Entity("LOC", 4, 5), Place(Notes(), "here", 1), "relations[0]")
    1
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._found: dict[tuple[int, int], list[int]] = {}
        for index, entity in enumerate(entities):
            self._found.setdefault((entity.start, entity.end), []).append(index)

    def find(self, span: Entity, place: Place, what: str) -> int | None:
        """The first entity with the span of this one; that there are several, or none, is noted.

        Returns:
            its index; ``None``: the relation must be left out.
        """
        found = self._found.get((span.start, span.end), [])
        shown_span = f"[{span.start}, {span.end})"
        if not found:
            place.note(
                "relation left out: its argument is no entity",
                f"{what}: no entity has the span {shown_span}",
            )
            return None
        if len(found) > 1:
            place.note(
                "relation argument with several entities: the first taken",
                f"{what}: {len(found)} entities have the span {shown_span}",
            )
        return found[0]


def _note_misspelt(
    key: str, keys: Collection[str], values: Mapping[str, Any], place: Place
) -> None:
    missing = [name for name in keys if name not in values]
    near = difflib.get_close_matches(key, missing, n=1, cutoff=0.8)
    if near:
        place.note("key that may be misspelt", f"{shown(key)} is not read; is it {near[0]!r}?")
