"""From a text with character spans to a sentence; shared by the readers of such formats."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, get_args

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.alignment import (
    Aligner,
    Offset,
    Tokenisation,
    WordSpan,
    check_tokenisation,
    cut,
    tokenise,
)
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.json_values import shown
from tango_ie.data.readers.word_records import Place

InsideWords = Literal["widen", "split", "drop"]


class CharEntity(NamedTuple):
    """A labelled span ``[start, end)`` of characters."""

    label: str
    start: int
    end: int
    subtype: str | None = None

    @property
    def shown(self) -> str:
        """The entity for an error message."""
        return f"entity {shown(self.label)} [{self.start}, {self.end})"


@dataclass(frozen=True, slots=True)
class CharSentence:
    """A text, what is annotated on its characters, and what is known of its words.

    Args:
        text: of the sentence.
        entities: spans of characters in ``text``.
        relations: pairs of indices into ``entities``.
        words: offsets of the words, where the source gives them.
        tags: layers of word tags, only where the source gives the words.
        doc_id: see :class:`Sentence`, and so the following.
    """

    text: str
    entities: Sequence[CharEntity] = ()
    relations: Sequence[Relation] = ()
    words: Sequence[Offset] | None = None
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doc_id: str | None = None
    position: int | None = None
    text_start: int | None = None


class SpanPlacer:
    """Cuts texts into words and places character spans on them.

    Args:
        tokenisation: how texts are cut into words, see :func:`tokenise`; what the source gives
            itself goes first.
        inside_words: what happens to an entity that begins or ends inside a word: ``widen`` makes
            it cover the whole words that it touches, ``split`` cuts the words there, ``drop``
            leaves it out with its relations. Each is noted.

    >>> from tango_ie.data.notes import Notes
    >>> placer = SpanPlacer()
    >>> found = CharSentence("Dr. Ada wrote.", [CharEntity("PER", 4, 7)])
    >>> placer.sentence(found, Place(Notes(), "here", 1)).entities
    (Entity(label='PER', start=2, end=3, score=None),)
    """

    def __init__(
        self, tokenisation: Tokenisation = "words", inside_words: InsideWords = "widen"
    ) -> None:
        check_tokenisation(tokenisation)
        if inside_words not in get_args(InsideWords):
            allowed = ", ".join(map(repr, get_args(InsideWords)))
            raise ConfigurationError(f"{inside_words!r} is none of {allowed}", "inside_words")
        self.tokenisation = tokenisation
        self.inside_words = inside_words

    def sentence(self, found: CharSentence, place: Place) -> Sentence | None:
        """The sentence; none where it has neither words nor annotations (noted).

        Raises:
            DataError: an entity outside the text, or one that covers no word; a relation between
                entities that are not there; tags that are not one for each word.
        """
        offsets = list(found.words if found.words is not None else self._tokenise(found.text))
        if not offsets and not found.entities and not found.relations:
            place.note("sentence without words left out", f"{shown(found.text)} has no words")
            return None
        tags = found.tags
        for layer, values in tags.items():
            if len(values) != len(offsets):
                raise DataError(f"tags.{layer} has {len(values)} tags for {len(offsets)} words")
        finder = _SpanFinder(found.text, offsets)
        entities = [finder.trimmed(entity, place) for entity in found.entities]
        spans = [finder.find(entity) for entity in entities]
        if self.inside_words == "split" and not all(span.exact for span in spans):
            parts = _cut_at(entities, spans, found.text, offsets, place)
            tags = {layer: _spread(values, offsets, parts) for layer, values in tags.items()}
            finder, offsets = _SpanFinder(found.text, parts), parts
            spans = [finder.find(entity) for entity in entities]
        kept: dict[int, Entity] = {}
        for number, (entity, span) in enumerate(zip(entities, spans, strict=True)):
            if span.exact or self._accepted(entity, span, found.text, offsets, place):
                kept[number] = Entity(entity.label, *span[:2], subtype=entity.subtype)
        return Sentence(
            words=tuple(found.text[start:end] for start, end in offsets),
            entities=tuple(kept.values()),
            relations=_relations(found, list(kept), place),
            tags=tags,
            doc_id=found.doc_id,
            position=found.position,
            text=found.text,
            offsets=tuple(offsets),
            text_start=found.text_start,
        )

    def _tokenise(self, text: str) -> list[Offset]:
        return tokenise(text, self.tokenisation)

    def _accepted(
        self, entity: CharEntity, span: WordSpan, text: str, offsets: list[Offset], place: Place
    ) -> bool:
        """Whether an entity with a boundary inside a word stays; notes what becomes of it."""
        words = text[offsets[span.start][0] : offsets[span.end - 1][1]]
        inside = f"{_described(entity, text)} lies inside the words {shown(words)}"
        if self.inside_words == "drop":
            place.note("entity with a boundary inside a word left out", inside)
            return False
        place.note("entity widened to whole words", inside)
        return True


class _SpanFinder:
    """Finds the words of entities, where these begin and end exactly at words or elsewhere."""

    def __init__(self, text: str, offsets: Sequence[Offset]) -> None:
        self._text = text
        self._aligner = Aligner(text, offsets)
        # Words that a source gives may hold blanks, which the aligner would not count.
        self._starts = {start: place for place, (start, _) in enumerate(offsets)}
        self._ends = {end: place for place, (_, end) in enumerate(offsets, start=1)}

    def trimmed(self, entity: CharEntity, place: Place) -> CharEntity:
        """The entity without blanks at its edges (noted), unless they belong to words.

        Raises:
            DataError: it lies outside the text, or holds nothing.
        """
        start, end = entity.start, entity.end
        if not 0 <= start < end <= len(self._text):
            raise DataError(
                f"{entity.shown} is no span of a text of {len(self._text)} characters; offsets "
                "count characters (not bytes) of the text itself, and the end is exclusive"
            )
        covered = self._text[start:end]
        if start not in self._starts:
            start += len(covered) - len(covered.lstrip())
        if end not in self._ends:
            end -= len(covered) - len(covered.rstrip())
        if start >= end:
            raise DataError(f"{_described(entity, self._text)} covers no word; mend or remove it")
        if end - start < len(covered):
            place.note("blanks at the edge of an entity left out", _described(entity, self._text))
        return entity._replace(start=start, end=end)

    def find(self, entity: CharEntity) -> WordSpan:
        """The words of a trimmed entity.

        Raises:
            DataError: it covers none.
        """
        first, last = self._starts.get(entity.start), self._ends.get(entity.end)
        if first is not None and last is not None and first < last:
            return WordSpan(first, last, exact=True)
        found = self._aligner.words(entity.start, entity.end)
        if found is None:
            raise DataError(f"{_described(entity, self._text)} covers no word; mend or remove it")
        return found


def _cut_at(
    entities: list[CharEntity],
    spans: list[WordSpan],
    text: str,
    offsets: list[Offset],
    place: Place,
) -> list[Offset]:
    boundaries: list[int] = []
    for entity, span in zip(entities, spans, strict=True):
        if not span.exact:
            boundaries += (entity.start, entity.end)
            words = text[offsets[span.start][0] : offsets[span.end - 1][1]]
            detail = f"{_described(entity, text)} lies inside the words {shown(words)}"
            place.note("words cut at the boundaries of an entity", detail)
    return cut(offsets, boundaries)


def _spread(tags: tuple[str, ...], words: list[Offset], parts: list[Offset]) -> tuple[str, ...]:
    """The tags of words for the parts of these."""
    starts = [start for start, _ in words]
    return tuple(tags[bisect_right(starts, start) - 1] for start, _ in parts)


def _relations(found: CharSentence, kept: list[int], place: Place) -> tuple[Relation, ...]:
    """The relations between the entities that are kept, by their new indices."""
    size = len(found.entities)
    index = {number: new for new, number in enumerate(kept)}
    relations = []
    for relation in found.relations:
        for argument in (relation.head, relation.tail):
            if not 0 <= argument < size:
                raise DataError(
                    f"relation {shown(relation.label)} ({relation.head} → {relation.tail}) points "
                    f"outside the {size} entities of its sentence; the first entity is 0"
                )
        head, tail = index.get(relation.head), index.get(relation.tail)
        if head is None or tail is None:
            detail = f"{relation.label} ({relation.head} → {relation.tail})"
            place.note("relation of an entity that is left out", detail)
        else:
            relations.append(Relation(relation.label, head, tail))
    return tuple(relations)


def _described(entity: CharEntity, text: str) -> str:
    return f"{entity.shown} {shown(text[entity.start : entity.end])}"
