"""From a document with character spans to its sentences; no entity is cut by their ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Relation
from tango_ie.data.json_values import shown
from tango_ie.data.readers.characters.char_spans import CharEntity, CharSentence
from tango_ie.data.readers.characters.standoff import Link
from tango_ie.data.readers.characters.written_documents import WrittenSentence
from tango_ie.data.readers.word_records import Place
from tango_ie.data.sentence_splitting import Unit, cuts_inside, line_ends, split_text


class SpannedDocument(NamedTuple):
    """A text, its entities by name with the lines that they come from, and their relations."""

    text: str
    entities: Mapping[str, CharEntity]
    lines: Mapping[str, int]
    relations: Sequence[Link]


class Cutter:
    """Cuts one document.

    Args:
        document: what is cut; offsets of its entities count from the start of its text.
        place: where it comes from.
        unit: see :func:`split_text`.
        written: the sentences, where they are known; rather than ``unit``.
    """

    def __init__(
        self,
        document: SpannedDocument,
        place: Place,
        unit: Unit = "sentence",
        written: Sequence[WrittenSentence] | None = None,
    ) -> None:
        self._document = document
        self._place = place
        self._parts = self._split(unit) if written is None else list(written)
        # What was written may have been written in another order than that of the text.
        self._order = sorted(range(len(self._parts)), key=lambda number: self._parts[number].start)
        self._starts = [self._parts[number].start for number in self._order]

    def sentences(self, doc_id: str | None) -> Iterator[tuple[CharSentence, int | None]]:
        """Each sentence, and the line of its first entity."""
        entities: list[list[CharEntity]] = [[] for _ in self._parts]
        relations: list[list[Relation]] = [[] for _ in self._parts]
        first: dict[int, int] = {}
        # The sentence that an entity lies in, and its index among the entities of that.
        homes: dict[str, tuple[int, int]] = {}
        for name, entity in self._document.entities.items():
            home = self._home(entity, self._place._replace(line=self._document.lines[name]))
            if home is not None:
                number, moved = home
                first.setdefault(number, self._document.lines[name])
                homes[name] = number, len(entities[number])
                entities[number].append(moved)
        for link in self._document.relations:
            ends = self._ends(link, homes)
            if ends is not None:
                number, head, tail = ends
                relations[number].append(Relation(link.label, head, tail))
        for number, part in enumerate(self._parts):
            text = self._document.text[part.start : part.end]
            sentence = CharSentence(
                text,
                entities[number],
                relations[number],
                part.words or None,
                doc_id=doc_id,
                position=part.position,
                text_start=part.start,
            )
            yield sentence, first.get(number)

    def _split(self, unit: Unit) -> list[WrittenSentence]:
        text = self._document.text
        spans = [(entity.start, entity.end) for entity in self._document.entities.values()]
        if unit != "document":
            for cut in cuts_inside(line_ends(text), spans):
                near = shown(text[max(0, cut - 20) : cut + 20])
                self._place.note("line end inside an entity passed over", near)
        offsets = split_text(text, unit, spans)
        return [WrittenSentence(*span, (), number) for number, span in enumerate(offsets)]

    def _home(self, entity: CharEntity, place: Place) -> tuple[int, CharEntity] | None:
        """The number of the sentence that holds an entity, and the entity in it."""
        text, start, end = self._document.text, entity.start, entity.end
        if not 0 <= start < end <= len(text):
            message = f"{entity.shown} is no span of a text of {len(text)} characters"
            raise DataError(message, place.source, place.line)
        number = self._around(start, end)
        if number is None:
            covered = text[start:end]
            start += len(covered) - len(covered.lstrip())
            end -= len(covered) - len(covered.rstrip())
            number = self._around(start, end) if start < end else None
            if start >= end:
                message = f"{entity.shown} covers nothing but blanks; mend or remove it"
                raise DataError(message, place.source, place.line)
            if number is None:
                place.note("entity across sentences left out", f"{entity.shown} {shown(covered)}")
                return None
            place.note(
                "blanks at the edge of an entity left out", f"{entity.shown} {shown(covered)}"
            )
        offset = self._parts[number].start
        return number, entity._replace(start=start - offset, end=end - offset)

    def _around(self, start: int, end: int) -> int | None:
        """The number of the sentence around these characters."""
        place = bisect_right(self._starts, start) - 1
        if place < 0 or end > self._parts[self._order[place]].end:
            return None
        return self._order[place]

    def _ends(
        self, link: Link, homes: Mapping[str, tuple[int, int]]
    ) -> tuple[int, int, int] | None:
        """The sentence of a relation and the indices of its entities; none if it has no place."""
        place = self._place._replace(line=link.line)
        detail = f"{link.label} ({link.head} → {link.tail})"
        if link.head not in homes or link.tail not in homes:
            place.note("relation of an event, or of an entity that is left out", detail)
            return None
        (number, head), (other, tail) = homes[link.head], homes[link.tail]
        if number != other:
            place.note("relation across sentences left out", detail)
            return None
        return number, head, tail
