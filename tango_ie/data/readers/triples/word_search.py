"""Where a text occurs in the words of a sentence: as words, without accents, inside words."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

# Not str.split(): no-break and ideographic spaces are parts of words.
_WORD = re.compile(r"[^ \t\n\v\f\r]+")


class Place(NamedTuple):
    """The words ``[start, end)``; ``widened`` where they hold more than the text looked for."""

    start: int
    end: int
    widened: bool = False


class Found(NamedTuple):
    """The places of a text, in order; ``bare`` where it was found without accents only."""

    places: tuple[Place, ...]
    bare: bool = False


def words_of(text: str) -> list[str]:
    """The words of a text, parted by blanks.

    >>> words_of(" from south  asia ")
    ['from', 'south', 'asia']
    """
    return _WORD.findall(text)


def without_accents(text: str) -> str:
    """The words of a text, parted by single blanks, without what combines with their letters.

    Capitals stay.

    >>> without_accents("Santa Fe de  Bogotá")
    'Santa Fe de Bogota'
    """
    return " ".join(filter(None, map(_bare_word, words_of(text))))


def _bare_word(word: str) -> str:
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFKD", word)
    # Some signs come apart into a blank and a mark; a blank would part the word.
    return "".join(part for part in parts if not unicodedata.combining(part) and part != " ")


class WordSearch:
    """Finds texts in a sentence, by the first of these ways that finds enough.

    1. The same sequence of words.
    2. The same without accents on either side.
    3. A part of words: the places next to which no letter or digit stands, or else all; each is
       widened to whole words.
    4. Ways 2 and 3 together.

    Places of one text do not overlap one another: the next is looked for behind the last. That
    keeps the time linear in the length of the sentence, whatever repeats in it.

    >>> search = WordSearch(["In", "Bogota", ",", '"Ada', "wrote"])
    >>> search.find("Bogotá")
    Found(places=(Place(start=1, end=2, widened=False),), bare=True)
    >>> search.find("Ada wrote").places
    (Place(start=3, end=5, widened=True),)
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._line = _Line(words)
        self._bare_line: _Line | None = None
        self._words = words

    def find(self, text: str, wanted: int = 1) -> Found:
        """The places of ``text``.

        Args:
            text: compared word by word; the blanks between its words do not count.
            wanted: a way that finds fewer places gives way to one that finds more.

        Returns:
            no places where no way finds any.
        """
        best = Found(())
        for found in self._ways(" ".join(words_of(text))):
            if len(found.places) > len(best.places):
                best = found
            if len(best.places) >= wanted:
                break
        return best

    def _ways(self, text: str) -> Iterator[Found]:
        if not text:
            return
        yield Found(self._line.whole(text))
        bare_text = without_accents(text)
        # Without letters of other kinds on either side there is nothing more to find bare.
        accented = bool(bare_text) and not (text.isascii() and self._line.text.isascii())
        if accented:
            yield Found(self._bare.whole(bare_text), bare=True)
        yield Found(self._line.inside(text))
        if accented:
            yield Found(self._bare.inside(bare_text), bare=True)

    @property
    def _bare(self) -> _Line:
        if self._bare_line is None:
            self._bare_line = _Line([_bare_word(word) for word in self._words])
        return self._bare_line


class _Line:
    """Words as one string that knows where each of them begins and ends."""

    def __init__(self, words: Sequence[str]) -> None:
        self.text = " ".join(words)
        self._starts: list[int] = []
        self._ends: list[int] = []
        place = 0
        for word in words:
            self._starts.append(place)
            self._ends.append(place + len(word))
            place += len(word) + 1

    def whole(self, text: str) -> tuple[Place, ...]:
        """Where ``text`` is a sequence of whole words."""
        padded, wanted = f" {self.text} ", f" {text} "
        places = []
        start = padded.find(wanted)
        while start >= 0:
            # In the padded line the match begins one blank earlier: the same number.
            end = start + len(text)
            first, last = bisect_left(self._starts, start), bisect_left(self._ends, end)
            if self._starts[first] == start and self._ends[last] == end:
                places.append(Place(first, last + 1))
            start = padded.find(wanted, end + 1)
        return tuple(places)

    def inside(self, text: str) -> tuple[Place, ...]:
        """Where ``text`` is a part of words, widened to them."""
        free: dict[Place, None] = {}
        joined: dict[Place, None] = {}
        start = self.text.find(text)
        while start >= 0:
            end = start + len(text)
            place = self._covering(start, end)
            neighbours = self.text[max(0, start - 1) : start] + self.text[end : end + 1]
            (joined if any(map(str.isalnum, neighbours)) else free)[place] = None
            start = self.text.find(text, end)
        return tuple(free or joined)

    def _covering(self, start: int, end: int) -> Place:
        first = bisect_right(self._starts, start) - 1
        last = bisect_left(self._ends, end)
        widened = self._starts[first] != start or self._ends[last] != end
        return Place(first, last + 1, widened)
