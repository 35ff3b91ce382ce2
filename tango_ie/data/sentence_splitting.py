"""Where the sentences of a plain text lie, by rules; characters keep their places."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, get_args

import regex

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.alignment import Offset

Unit = Literal["sentence", "line", "document"]

_LINE_END = regex.compile(r"[\n\r\u2028\u2029]+")
# Final signs with the quotes and brackets that close behind them, a blank, and what may open
# before the capital (or the sign of a script without capitals) that begins the next sentence;
# the full stops of East Asian scripts need no blank.
_END = regex.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?=[^\S\n\r]+[\"'“‘«(\[¿¡]*[\p{Lu}\p{Lt}\p{Lo}])|[。！？]+[”’」』）]*"
)
_LAST_WORD = regex.compile(r"[\p{L}\p{N}.]*\Z")
_ABBREVIATED = """
    mr mrs ms dr prof st rev hon gen col maj capt lt sgt cpl adm gov sen rep pres sr jr messrs
    jan feb apr jun jul aug sep sept oct nov dec tue tues wed thu thur thurs fri
    co corp inc ltd bros mt ave blvd rd dept univ
    al approx ca cf ed eds eq eqs fig figs nr ref refs sec resp sp spp ssp subsp suppl viz
    vol vols vs v e.g i.e
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_LONGEST = 12


def check_unit(unit: str, argument: str = "unit") -> None:
    """Refuse a name that :func:`split_text` does not know.

    Raises:
        ConfigurationError: names those that it does.
    """
    if unit not in get_args(Unit):
        raise ConfigurationError(
            f"{unit!r} is none of {', '.join(map(repr, get_args(Unit)))}", argument
        )


def split_text(text: str, unit: Unit = "sentence", whole: Iterable[Offset] = ()) -> list[Offset]:
    """Where the sentences of a text lie.

    Args:
        text: any.
        unit: ``line`` cuts at the ends of lines; ``sentence`` also behind ``.``, ``!`` or ``?``
            where a blank and a capital follow, unless it ends a common (English) abbreviation or
            a single letter; ``document`` does not cut.
        whole: spans of characters ``[start, end)`` that are never cut, such as entities.

    Returns:
        character offsets ``[start, end)``, in order, without blanks at their edges; never empty.

    >>> text = "Dr. A. Lovelace wrote. She did (on 5 Jan. 1843)!\\nYes"
    >>> [text[start:end] for start, end in split_text(text)]
    ['Dr. A. Lovelace wrote.', 'She did (on 5 Jan. 1843)!', 'Yes']
    """
    cuts = sorted({*line_ends(text), *_sentence_ends(text)} if unit == "sentence" else ())
    if unit == "line":
        cuts = line_ends(text)
    inside = set(cuts_inside(cuts, whole))
    offsets = []
    start = 0
    for place in (*(cut for cut in cuts if cut not in inside), len(text)):
        piece = text[start:place]
        first = start + len(piece) - len(piece.lstrip())
        last = start + len(piece.rstrip())
        if first < last:
            offsets.append((first, last))
        start = place
    return offsets


def line_ends(text: str) -> list[int]:
    """Where lines end: the place of each first sign of a line end."""
    return [match.start() for match in _LINE_END.finditer(text)]


def cuts_inside(cuts: Sequence[int], whole: Iterable[Offset]) -> Iterator[int]:
    """The cuts, in order, that lie inside a span; one inside two spans comes twice."""
    for start, end in whole:
        for place in range(bisect_left(cuts, start + 1), bisect_left(cuts, end)):
            yield cuts[place]


def _sentence_ends(text: str) -> Iterator[int]:
    for match in _END.finditer(text):
        if not (match[0].startswith(".") and _abbreviates(text, match.start())):
            yield match.end()


def _abbreviates(text: str, stop: int) -> bool:
    """Whether the full stop at this place belongs to the word before it."""
    word = _LAST_WORD.search(text, max(0, stop - _LONGEST), stop)
    name = word[0].lower() if word else ""
    return name in _ABBREVIATIONS or (len(name) == 1 and name.isalpha()) or _initials(name)


def _initials(name: str) -> bool:
    """``u.s``: letters each parted by a full stop.

    >>> _initials("u.s"), _initials("end"), _initials("3.5")
    (True, False, False)
    """
    parts = name.split(".")
    return len(parts) > 1 and all(len(part) == 1 and part.isalpha() for part in parts)
