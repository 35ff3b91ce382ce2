"""From triples of texts to entities and relations: finding the arguments in a sentence."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations
from tango_ie.data.notes import Notes
from tango_ie.data.readers.triples.gathering import Gatherer, check_label
from tango_ie.data.readers.triples.word_search import (
    Found,
    Place,
    WordSearch,
    without_accents,
    words_of,
)

Occurrence = Literal["first", "nearest"]

_SEVERAL = {
    "first": "argument at several places: the first taken",
    "nearest": "argument at several places: the nearest to the other taken",
}


class Triple(NamedTuple):
    """Two texts of a sentence and the relation from the first to the second."""

    head: str
    relation: str
    tail: str


class Mention(NamedTuple):
    """A text of a sentence that is an entity of this type."""

    text: str
    label: str


@dataclass(frozen=True)
class Locating:
    """How arguments become entities.

    Args:
        entity_label: type of arguments that carry none.
        occurrence: which of several places of an argument counts. ``first`` is what the makers of
            the common versions do (positions in JointER and Zeng's files are the first ones);
            ``nearest`` takes the two places of head and tail that are nearest to each other and do
            not overlap, the earlier of equally near ones.
        last_word_only: the entity is the last word of its argument.

    Raises:
        ConfigurationError: no such occurrence, or an empty label.
    """

    entity_label: str = "entity"
    occurrence: Occurrence = "first"
    last_word_only: bool = False

    def __post_init__(self) -> None:
        check_label(self.entity_label)
        if self.occurrence not in get_args(Occurrence):
            raise ConfigurationError(
                f"{self.occurrence!r} is none of {', '.join(map(repr, get_args(Occurrence)))}",
                "occurrence",
            )


class TripleLocator:
    """Finds triples of texts in the words of sentences.

    See :class:`WordSearch` for the ways of finding an argument, the same for all of a file. An
    argument that is also a mention is looked for among the places of its mentions. A triple of
    which an argument is not found is dropped. All but an exact find at the only place is noted.

    Args:
        locating: how arguments become entities.
        notes: of the file.
        source: the file, for notes.

    >>> locator = TripleLocator(Locating(), Notes(), "here")
    >>> words = ["Ada", "Byron", "met", "Babbage"]
    >>> locator.locate(words, [Triple("Ada Byron", "met", "Babbage")], 1).entities[0]
    Entity(label='entity', start=0, end=2, score=None)
    """

    def __init__(self, locating: Locating, notes: Notes, source: str) -> None:
        self._locating = locating
        self._notes = notes
        self._source = source
        self._longest = 0

    def locate(
        self,
        words: Sequence[str],
        triples: Iterable[Triple],
        line: int,
        mentions: Iterable[Mention] = (),
    ) -> Annotations:
        """The entities and relations of a sentence.

        Args:
            words: at least one.
            triples: in the order of the file.
            line: of the record, for notes.
            mentions: entities that are there whether they are in a relation or not; the n-th
                mention of a text is at its n-th place.
        """
        gatherer = Gatherer(self._notes, self._source, line)
        sentence = _Sentence(words, self._locating, gatherer)
        sentence.add_mentions(list(mentions))
        seen: set[Triple] = set()
        for triple in triples:
            if triple in seen:
                gatherer.note("repeated triple dropped", _shown(triple))
                continue
            seen.add(triple)
            self._longest = max(self._longest, *map(len, map(words_of, triple[::2])))
            sentence.add(triple)
        return gatherer.annotations

    def finish(self) -> None:
        """State what was found out about the file as a whole."""
        if self._longest == 1:
            found = "single words throughout, as in versions that keep their last words only"
        elif self._locating.last_word_only:
            found = "cut to their last words"
        else:
            found = f"whole, the longest of {self._longest} words"
        if self._longest:
            self._notes.state("arguments of relations", found)


class _Argument(NamedTuple):
    text: str
    label: str
    found: Found
    noted: bool = False


class _Sentence:
    """The search of one sentence."""

    def __init__(self, words: Sequence[str], locating: Locating, gatherer: Gatherer) -> None:
        self._words = words
        self._search = WordSearch(words)
        self._locating = locating
        self._gatherer = gatherer
        self._mentions: dict[str, _Argument] = {}  # by their texts and by these without accents
        self._arguments: dict[str, _Argument] = {}

    def add_mentions(self, mentions: list[Mention]) -> None:
        counts: dict[str, int] = {}
        for text, _ in mentions:
            counts[text] = counts.get(text, 0) + 1
        found = {text: self._search.find(text, wanted=count) for text, count in counts.items()}
        used = dict.fromkeys(counts, 0)
        for text, label in mentions:
            nth, used[text] = used[text], used[text] + 1
            if nth >= len(found[text].places):
                self._gatherer.note("entity mention dropped: not found", repr(text))
                continue
            place = found[text].places[nth]
            self._note_way("entity mention", text, found[text], place)
            self._entity(label, place)
            # Triples say which texts they relate, not which mentions: all of one text count, with
            # the type of the first.
            known = self._mentions.get(text, _Argument(text, label, Found((), found[text].bare)))
            places = (*known.found.places, place)
            self._mentions[text] = known._replace(found=known.found._replace(places=places))
        self._arguments = {
            text: argument._replace(noted=True) for text, argument in self._mentions.items()
        }
        for text, argument in self._arguments.items():
            self._mentions.setdefault(without_accents(text), argument)

    def add(self, triple: Triple) -> None:
        head, tail = self._argument(triple.head), self._argument(triple.tail)
        for argument in (head, tail):
            if not argument.found.places:
                what = "not found" if words_of(argument.text) else "without words"
                self._gatherer.note(f"triple dropped: argument {what}", _shown(triple))
                return
        places = self._choose(head.found.places, tail.found.places)
        indices = []
        for argument, place in zip((head, tail), places, strict=True):
            if len(argument.found.places) > 1:
                kind = _SEVERAL[self._locating.occurrence]
                count = len(argument.found.places)
                self._gatherer.note(kind, f"{argument.text!r}, at {count} places")
            if not argument.noted:
                self._note_way("argument", argument.text, argument.found, place)
            indices.append(self._entity(argument.label, place))
        self._gatherer.relate(triple.relation, indices[0], indices[1], _shown(triple))

    def _argument(self, text: str) -> _Argument:
        argument = self._arguments.get(text)
        if argument is None:
            mention = self._mentions.get(without_accents(text))
            if mention is None:
                found = self._search.find(text)
                argument = _Argument(text, self._locating.entity_label, found)
            else:
                # That the mention was widened is noted already.
                places = tuple(Place(place.start, place.end) for place in mention.found.places)
                argument = _Argument(text, mention.label, Found(places, bare=True))
            self._arguments[text] = argument
        return argument

    def _choose(self, heads: tuple[Place, ...], tails: tuple[Place, ...]) -> tuple[Place, Place]:
        if self._locating.occurrence == "nearest" and heads != tails:
            return nearest_pair(heads, tails)
        return heads[0], tails[0]

    def _entity(self, label: str, place: Place) -> int:
        start = place.end - 1 if self._locating.last_word_only else place.start
        return self._gatherer.entity(label, start, place.end)

    def _note_way(self, what: str, text: str, found: Found, place: Place) -> None:
        if not (found.bare or place.widened):
            return
        detail = f"{text!r} for {' '.join(self._words[place.start : place.end])!r}"
        if found.bare:
            self._gatherer.note(f"{what} found without its accents", detail)
        if place.widened:
            self._gatherer.note(f"{what} inside words: widened to them", detail)


def nearest_pair(heads: Sequence[Place], tails: Sequence[Place]) -> tuple[Place, Place]:
    """The places with the fewest words between them; the first two where all overlap.

    Args:
        heads: at least one, in order of starts and of ends.
        tails: likewise.

    >>> nearest_pair([Place(0, 1), Place(8, 9)], [Place(4, 5), Place(6, 7)])
    (Place(start=8, end=9, widened=False), Place(start=6, end=7, widened=False))
    """
    best: tuple[int, int, int] | None = None
    pair = heads[0], tails[0]
    starts, ends = [tail.start for tail in tails], [tail.end for tail in tails]
    for head in heads:
        before, behind = bisect_right(ends, head.start) - 1, bisect_left(starts, head.end)
        for index in (before, behind):
            if not 0 <= index < len(tails):
                continue
            tail = tails[index]
            gap = max(head.start - tail.end, tail.start - head.end)
            rank = (gap, head.start, tail.start)
            if best is None or rank < best:
                best, pair = rank, (head, tail)
    return pair


def _shown(triple: Triple) -> str:
    return f"({triple.head} | {triple.relation} | {triple.tail})"
