"""DyGIE-style JSON lines: one document each, with spans counted through the document."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import expect, optional, required, shown, strings
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.word_records import (
    Place,
    RecordReader,
    SpanIndex,
    identifier,
    spans_and_label,
)

_PREDICTED = "predicted_"
_UNMODELLED = ("clusters", "events", "event_clusters")
_KNOWN = ("doc_key", "sentences", "ner", "relations", *_UNMODELLED)
# What training scripts leave in these files; it says nothing about the text.
_BOOKKEEPING = ("dataset", "weight", "_sentence_start", "sentence_start")


class _Bounds(NamedTuple):
    """A sentence as a span of the document's words."""

    start: int
    end: int
    total: int

    def entity(self, label: str, first: int, last: int) -> Entity:
        """An entity by its first and last word in the document, as one of the sentence."""
        return Entity(label, first - self.start, last - self.start + 1)


@Reader.register("tango_ie::dygie")
class DygieReader(RecordReader):
    """Reads ``{"doc_key", "sentences", "ner", "relations"}``, one document a line.

    ``ner`` and ``relations`` have a list for each sentence, of ``[start, end, type]`` and
    ``[start, end, start, end, type]``, where words count from the document's beginning and the
    end is the last word itself. ``doc_key`` becomes the document of its sentences, which keep
    their place in it.

    Left out and noted: an entity across a sentence boundary, a relation with an argument outside
    its sentence or with one that is no entity, ``clusters``, ``events`` and whatever a model
    predicted (``predicted_ner`` and its like). Of several entities with the span of an argument
    the first is taken, noted too. An entity wholly in another sentence is an error: such files
    count words from each sentence's beginning.

    Args:
        encoding: see :class:`TextReader`.
    """

    def __init__(self, encoding: str = "utf-8") -> None:
        super().__init__(encoding)

    def keys(self, values: Mapping[str, Any]) -> Collection[str]:
        """See :meth:`RecordReader.keys`."""
        predicted = [key for key in values if key.startswith(_PREDICTED)]
        return (*_KNOWN, *_BOOKKEEPING, *predicted)

    def read_record(self, values: dict[str, Any], place: Place) -> Iterator[Sentence]:
        """See :meth:`RecordReader.read_record`."""
        doc_id = identifier(values, "doc_key")
        self._note_left_out(values, place)
        sentences = [
            strings(words, f"sentences[{position}]")
            for position, words in enumerate(required(values, "sentences", list))
        ]
        ner = _per_sentence(values, "ner", len(sentences))
        relations = _per_sentence(values, "relations", len(sentences))
        total = sum(map(len, sentences))
        if not sentences:
            place.note("document without sentences left out", "'sentences' is empty")
        start = 0
        for position, words in enumerate(sentences):
            bounds = _Bounds(start, start + len(words), total)
            start = bounds.end
            if "" in words:
                raise DataError(f"sentences[{position}]: word {words.index('') + 1} is empty")
            entities = _entities(ner[position], bounds, place, f"ner[{position}]")
            links = _relations(
                relations[position], entities, bounds, place, f"relations[{position}]"
            )
            if words:
                yield Sentence(words, entities, links, doc_id=doc_id, position=position)
            else:
                place.note("sentence without words left out", f"sentences[{position}] is empty")

    def _note_left_out(self, values: dict[str, Any], place: Place) -> None:
        for key, value in values.items():
            if key.startswith(_PREDICTED):
                place.note("predicted annotations left out", f"{shown(key)} is not gold")
            elif key in _UNMODELLED and (count := _count(key, value)):
                place.note(f"{key} left out", "sentences have no place for them", count)
        if "ner" not in values:
            place.note("document without entities", "it has no key 'ner'")


def _entities(items: list[Any], bounds: _Bounds, place: Place, where: str) -> tuple[Entity, ...]:
    entities = []
    for index, item in enumerate(items):
        what = f"{where}[{index}]"
        (first, last), label = spans_and_label(item, 1, what)
        if not 0 <= first <= last < bounds.total:
            raise _outside(label, first, last, bounds, what)
        if first >= bounds.start and last < bounds.end:
            entities.append(bounds.entity(label, first, last))
        elif first < bounds.end and last >= bounds.start:
            place.note(
                "entity across a sentence boundary left out",
                f"{what}: {shown(label)}, words {first} to {last}; the sentence has the words "
                f"{bounds.start} to {bounds.end - 1}",
            )
        else:
            raise _outside(label, first, last, bounds, what)
    return tuple(entities)


def _relations(
    items: list[Any], entities: Sequence[Entity], bounds: _Bounds, place: Place, where: str
) -> tuple[Relation, ...]:
    by_span = SpanIndex(entities)
    relations = []
    for index, item in enumerate(items):
        what = f"{where}[{index}]"
        numbers, label = spans_and_label(item, 2, what)
        spans = [numbers[:2], numbers[2:]]
        for first, last in spans:
            if not 0 <= first <= last < bounds.total:
                raise _outside(label, first, last, bounds, what)
        if any(first < bounds.start or last >= bounds.end for first, last in spans):
            place.note(
                "relation left out: an argument outside its sentence",
                f"{what}: {shown(label)}, words {spans[0][0]} to {spans[0][1]} and {spans[1][0]} "
                f"to {spans[1][1]}; the sentence has {bounds.start} to {bounds.end - 1}",
            )
            continue
        head, tail = (
            by_span.find(bounds.entity(label, first, last), place, what) for first, last in spans
        )
        if head is not None and tail is not None:
            relations.append(Relation(label, head, tail))
    return tuple(relations)


def _outside(label: str, first: int, last: int, bounds: _Bounds, what: str) -> DataError:
    place = (
        f"its sentence has the words {bounds.start} to {bounds.end - 1}"
        if bounds.end > bounds.start
        else "its sentence has no words"
    )
    return DataError(
        f"{what}: {shown(label)} has the words {first} to {last}; {place} of the document's "
        f"{bounds.total}. Words count from 0 through the whole document, and the end is the last "
        "word itself; for spans of sentences, `tango_ie::unified` is the reader"
    )


def _per_sentence(values: dict[str, Any], key: str, count: int) -> list[list[Any]]:
    lists = optional(values, key, list)
    if lists is None:
        return [[] for _ in range(count)]
    if len(lists) != count:
        raise DataError(
            f"{key} has {len(lists)} lists for {count} sentences; each sentence needs one, "
            "be it empty"
        )
    return [expect(items, list, f"{key}[{place}]") for place, items in enumerate(lists)]


def _count(key: str, value: object) -> int:
    """How many things a key holds: clusters of the document, or events of each sentence."""
    if not isinstance(value, list):
        return int(bool(value))
    if key == "events":
        return sum(len(item) if isinstance(item, list) else 1 for item in value)
    return len(value)
