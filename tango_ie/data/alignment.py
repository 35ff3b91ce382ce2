"""From characters to words: where the words of a text lie, and which of them a span covers."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, get_args

import regex

from tango_ie.core.errors import ConfigurationError

Tokenisation = Literal["words", "blanks", "characters"]
Offset = tuple[int, int]

TOKENISATIONS: tuple[Tokenisation, ...] = get_args(Tokenisation)
_PATTERNS = {
    # Letters, digits and what combines with them; any other sign (with its marks) is a word itself.
    "words": regex.compile(r"[\p{L}\p{N}_][\p{L}\p{N}\p{M}_\u200c\u200d]*|(?!\s)\X"),
    "blanks": regex.compile(r"\S+"),
    "characters": regex.compile(r"(?!\s)\X"),
}


def tokenise(text: str, method: Tokenisation = "words") -> list[Offset]:
    """Where the words of a text lie.

    Args:
        text: any.
        method: ``words`` parts letters and digits from every other sign, ``blanks`` cuts at white
            space only, ``characters`` makes each character (with what combines with it) a word.

    Returns:
        character offsets ``[start, end)``, in order; never empty ones.

    >>> text = "IL-2 isn't naïve."
    >>> [text[start:end] for start, end in tokenise(text)]
    ['IL', '-', '2', 'isn', "'", 't', 'naïve', '.']
    """
    return [match.span() for match in _PATTERNS[method].finditer(text)]


def check_tokenisation(method: str, argument: str = "tokenisation") -> None:
    """Refuse a name that :func:`tokenise` does not know.

    Raises:
        ConfigurationError: names those that it does.
    """
    if method not in TOKENISATIONS:
        raise ConfigurationError(
            f"{method!r} is none of {', '.join(map(repr, TOKENISATIONS))}", argument
        )


def cut(offsets: Sequence[Offset], boundaries: Iterable[int]) -> list[Offset]:
    """The same words, cut in two wherever a boundary lies inside one.

    >>> cut([(0, 6), (7, 9)], [2, 7, 40])
    [(0, 2), (2, 6), (7, 9)]
    """
    places = sorted(set(boundaries))
    parts: list[Offset] = []
    for start, end in offsets:
        inside = places[bisect_right(places, start) : bisect_left(places, end)]
        marks = [start, *inside, end]
        parts += pairwise(marks)
    return parts


class WordSpan(NamedTuple):
    """The words ``[start, end)`` that a span of characters touches."""

    start: int
    end: int
    exact: bool


class Aligner:
    """Finds the words that spans of characters cover.

    Args:
        text: the text.
        offsets: of its words, in order, not overlapping.

    >>> aligner = Aligner("Dr. Ada wrote", [(0, 3), (4, 7), (8, 13)])
    >>> aligner.words(4, 7), aligner.words(4, 10), aligner.words(3, 4)
    (WordSpan(start=1, end=2, exact=True), WordSpan(start=1, end=3, exact=False), None)
    """

    def __init__(self, text: str, offsets: Sequence[Offset]) -> None:
        self._text = text
        self._starts = [start for start, _ in offsets]
        self._ends = [end for _, end in offsets]

    def words(self, start: int, end: int) -> WordSpan | None:
        """The words that ``[start, end)`` touches; ``None`` where it touches none.

        Blanks at the edges of the span do not count. ``exact`` says whether the words cover
        nothing more.
        """
        covered = self._text[start:end]
        start += len(covered) - len(covered.lstrip())
        end -= len(covered) - len(covered.rstrip())
        first = bisect_right(self._ends, start)
        last = bisect_left(self._starts, end)
        if start >= end or first >= last:
            return None
        exact = self._starts[first] == start and self._ends[last - 1] == end
        return WordSpan(first, last, exact)
