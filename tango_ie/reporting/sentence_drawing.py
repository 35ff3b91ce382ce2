"""A sentence in the terminal: its words, and brackets under the words of each entity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.text import Text

# What is shown on a screen is no result.
AFFECTS_RESULTS = False

_GAP = 1


@dataclass(frozen=True)
class Bracket:
    """What is drawn under the words ``[start, end)``."""

    label: str
    start: int
    end: int
    style: str = ""


@dataclass(frozen=True)
class Layer:
    """Brackets with one name in front, such as ``gold``; those that overlap go under each other."""

    name: str
    brackets: Sequence[Bracket]


class SentenceDrawing:
    """A rich renderable that breaks a sentence at the width of the terminal.

    Args:
        words: of the sentence.
        layers: what is drawn under them.

    >>> drawing = SentenceDrawing(["Ada", "wrote"], [Layer("", [Bracket("PER", 0, 1)])])
    >>> for line in drawing.lines(width=40):
    ...     print(line.plain.rstrip())
    Ada   wrote
    └PER┘
    """

    def __init__(self, words: Sequence[str], layers: Sequence[Layer]) -> None:
        self._words = [_printable(word) for word in words]
        self._rows = [(layer.name, row) for layer in layers for row in _levels(layer.brackets)]
        self._margin = max((len(name) + 1 for name, _ in self._rows if name), default=0)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from self.lines(options.max_width)

    def lines(self, width: int) -> Iterator[Text]:
        """The lines of the drawing, none wider than ``width`` unless a single word is."""
        widths = self._widths()
        first = 0
        while first < len(widths):
            last, used = first, self._margin
            while last < len(widths) and (last == first or used + widths[last] <= width):
                used += widths[last] + _GAP
                last += 1
            yield from self._line(widths, first, last)
            first = last

    def _widths(self) -> list[int]:
        """Cells of each word; the last word of an entity is padded until its label fits."""
        widths = [cell_len(word) for word in self._words]
        for _, row in self._rows:
            for bracket in row:
                inside = range(bracket.start, bracket.end)
                room = sum(widths[place] for place in inside) + _GAP * (len(inside) - 1)
                lacking = cell_len(bracket.label) + 2 - room
                widths[bracket.end - 1] += max(0, lacking)
        return widths

    def _line(self, widths: list[int], first: int, last: int) -> Iterator[Text]:
        starts = {}
        column = 0
        for place in range(first, last):
            starts[place] = column
            column += widths[place] + _GAP
        words = (_padded(self._words[place], widths[place] + _GAP) for place in range(first, last))
        yield Text(" " * self._margin + "".join(words), no_wrap=True, overflow="ignore")
        for name, row in self._rows:
            here = [bracket for bracket in row if bracket.start < last and bracket.end > first]
            if not here:
                continue
            line = Text(no_wrap=True, overflow="ignore")
            line.append(_padded(name, self._margin), style="dim")
            for bracket in here:
                begin = starts[max(bracket.start, first)]
                end_word = min(bracket.end, last) - 1
                end = starts[end_word] + widths[end_word]
                line.append(" " * (self._margin + begin - cell_len(line.plain)))
                drawn = _bracket(bracket, end - begin, bracket.start >= first, bracket.end <= last)
                line.append(drawn, style=bracket.style)
            yield line


def _levels(brackets: Sequence[Bracket]) -> list[list[Bracket]]:
    """Rows of brackets that do not overlap, each in order; the longest go into the first row."""
    rows: list[list[Bracket]] = []
    for bracket in sorted(brackets, key=lambda item: (item.start - item.end, item.start)):
        for row in rows:
            if all(bracket.end <= other.start or other.end <= bracket.start for other in row):
                row.append(bracket)
                break
        else:
            rows.append([bracket])
    return [sorted(row, key=lambda item: item.start) for row in rows]


def _bracket(bracket: Bracket, width: int, opens: bool, closes: bool) -> str:
    """The part of a bracket that lies on one line; open where it goes on on another."""
    if width == 1:
        # Only a part of a bracket is as narrow: the whole one has room for its label and its ends.
        return "└" if opens else "┘" if closes else "─"
    inner = width - 2
    label = bracket.label if cell_len(bracket.label) <= inner else ""
    left = (inner - cell_len(label)) // 2
    right = inner - cell_len(label) - left
    return f"{'└' if opens else '╶'}{'─' * left}{label}{'─' * right}{'┘' if closes else '╴'}"


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


def _printable(word: str) -> str:
    """A word without what would move the cursor or take no room of its own."""
    shown = "".join(sign if sign.isprintable() else "·" for sign in word)
    return shown if cell_len(shown) else "·"
