"""Cutting CoNLL-U into sentences: comments, words, and the tokens that the words make up."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.data.conllu_form import COLUMNS, FORM
from tango_ie.data.readers.base import located

_ID = re.compile(r"([0-9]{1,9})(?:([-.])([0-9]{1,9}))?")


class Comment(NamedTuple):
    """``# key = value``; without ``=``, the key is all of it."""

    key: str
    value: str
    line: int


@dataclass
class ConlluBlock:
    """The lines of one sentence.

    Args:
        comments: in front of the words.
        rows: the ten cells of each word.
        lines: of the words, one-based.
        tokens: form of each token with the number of words that it stands for.
        ranges: how many tokens were given by a line like ``3-4``.
        empty_nodes: how many lines like ``5.1`` were passed over.
    """

    comments: list[Comment] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    tokens: list[tuple[str, int]] = field(default_factory=list)
    ranges: int = 0
    empty_nodes: int = 0
    _range_end: int = 0  # ID of the last word that the last token covers
    _last_line: int = 0

    def add(self, text: str, line: int) -> None:
        """Take a line of ten columns.

        Raises:
            DataError: it is malformed, or its ID does not fit those before it.
        """
        cells = text.split("\t")
        if len(cells) != len(COLUMNS):
            raise DataError(
                f"{len(cells)} columns parted by tabs, expected {len(COLUMNS)} "
                f"({', '.join(COLUMNS)}): {text[:120]!r}; mend the line"
            )
        if "" in cells:
            name = COLUMNS[cells.index("")]
            raise DataError(f"the column {name} is empty; write '_' where there is nothing")
        match = _ID.fullmatch(cells[0])
        if match is None:
            raise DataError(
                f"the ID must be like 3, 3-4 (a token of two words) or 3.1 (an empty node), "
                f"found {cells[0][:40]!r}"
            )
        first, mark, second = match.groups()
        self._last_line = line
        if mark == "-":
            self._add_range(cells, int(first), int(second))
        elif mark == ".":
            self._expect(int(first), len(self.rows), cells[0])
            self.empty_nodes += 1
        else:
            self._expect(int(first), len(self.rows) + 1, cells[0])
            self.rows.append(cells)
            self.lines.append(line)
            if len(self.rows) > self._range_end:
                self.tokens.append((cells[FORM], 1))

    @property
    def is_new(self) -> bool:
        """Whether nothing has been added yet."""
        return not (self.comments or self.tokens or self.empty_nodes)

    def finish(self) -> None:
        """Check that the last token has all of its words.

        Raises:
            DataError: it has not.
        """
        if self._range_end > len(self.rows):
            raise DataError(
                f"the token {self.tokens[-1][0][:40]!r} ends with word {self._range_end}, but the "
                f"sentence with word {len(self.rows)}; mend its ID",
                line=self._last_line,
            )

    def _add_range(self, cells: list[str], first: int, last: int) -> None:
        self._expect(first, len(self.rows) + 1, cells[0])
        if last < first or first <= self._range_end:
            problem = "ends before it begins" if last < first else "overlaps with the one before it"
            raise DataError(f"the token {cells[0]} {problem}; mend its ID")
        self._range_end = last
        self.tokens.append((cells[FORM], last - first + 1))
        self.ranges += 1

    def _expect(self, found: int, expected: int, shown: str) -> None:
        if found != expected:
            raise DataError(
                f"the ID {shown} does not follow word {len(self.rows)}; number the words of a "
                "sentence from 1, and part sentences by an empty line"
            )


def cut_blocks(lines: Iterable[str], source: str) -> Iterator[ConlluBlock]:
    """The sentences of a text, and groups of comments without words.

    Raises:
        DataError: names the line that is malformed.
    """
    block = ConlluBlock()
    for number, line in enumerate(lines, start=1):
        text = line.rstrip("\r\n")
        try:
            if text.startswith("#"):
                if block.rows:
                    raise DataError(
                        "a comment within a sentence; comments come first, and an empty line "
                        "stands before them"
                    )
                key, _, value = text[1:].partition("=")
                block.comments.append(Comment(key.strip(" \t"), value.strip(" \t"), number))
            elif text.strip(" \t"):
                block.add(text, number)
            elif not block.is_new:
                block.finish()
                yield block
                block = ConlluBlock()
        except DataError as error:
            raise located(error, source, error.line or number) from error
    try:
        block.finish()
    except DataError as error:
        raise located(error, source, error.line) from error
    if not block.is_new:
        yield block
