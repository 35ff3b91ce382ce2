"""Multi-head columns: relations marked at words, as lists of labels and of word numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.lines.python_lists import number_list, string_list
from tango_ie.data.schemes import FoundScheme
from tango_ie.data.span_decoder import SpanDecoder

DOCUMENT_MARK = "#doc"
NO_RELATION = "N"
_COLUMNS = ("number", "word", "tag", "relations", "heads")


class _Mark(NamedTuple):
    """A relation as the file has it: from word to word."""

    label: str
    head: int
    tail: int
    line: int


@dataclass
class _Rows:
    """The rows of one sentence."""

    doc_id: str | None
    position: int | None
    first_line: int = 0
    words: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    marks: list[_Mark] = field(default_factory=list)


@Reader.register("tango_ie::multihead")
class MultiHeadReader(TextReader):
    """Reads the five tab-separated columns of multi-head selection (Bekoulis et al. 2018).

    The columns are: number of the word from 0, word, entity tag, list of relation labels, list of
    word numbers. A relation stands at the last word of its head entity and gives the last word of
    its tail entity; ``['N']`` with the word's own number is none. One whose word ends no entity
    has no argument that it could mean: it is left out and noted.

    ``#doc NAME`` opens a document. Each of its sentences (usually one; further ones come after an
    empty line and count their words from 0 again) has that ``doc_id``.

    Args:
        scheme: tag scheme of the entity tags; ``auto`` finds it out.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> rows = ["0 Ada B-Per ['Live_In'] [2]", "1 in O ['N'] [1]", "2 Ayr B-Loc ['N'] [2]"]
    >>> stream = io.StringIO("#doc 7\\n" + "\\n".join(rows).replace(" ", "\\t"))
    >>> for sentence in MultiHeadReader().read_stream(stream, "here", Notes()):
    ...     print(sentence.doc_id, sentence.relations)
    7 (Relation(label='Live_In', head=0, tail=1, score=None),)
    """

    def __init__(self, scheme: FoundScheme = "auto", encoding: str = "utf-8") -> None:
        super().__init__(encoding)
        self.scheme = scheme

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        decoder = SpanDecoder(self.scheme, "entities", source, notes)
        for rows in _cut(stream, source, notes):
            entities = decoder.decode(rows.tags, rows.first_line)
            yield Sentence(
                tuple(rows.words),
                tuple(entities),
                tuple(_relations(rows, entities, source, notes)),
                doc_id=rows.doc_id,
                position=rows.position,
            )
        decoder.finish()


def _cut(stream: TextIO, source: str, notes: Notes) -> Iterator[_Rows]:
    rows = _Rows(None, None)
    marked = 0  # line of a document mark after which no word has come yet
    number = 0
    for number, line in enumerate(stream, start=1):
        text = line.rstrip("\r\n")
        if text.startswith(DOCUMENT_MARK):
            if rows.words:
                yield rows
            if marked:
                _note_empty(source, marked, notes)
            rows = _Rows(text[len(DOCUMENT_MARK) :].strip() or None, 0)
            marked = number
        elif text.strip(" \t"):
            try:
                _add(rows, text, number)
            except DataError as error:
                raise located(error, source, number) from error
            marked = 0
        elif rows.words:
            yield rows
            rows = _Rows(rows.doc_id, None if rows.position is None else rows.position + 1)
    if rows.words:
        yield rows
    if marked:
        _note_empty(source, marked, notes)


def _note_empty(source: str, line: int, notes: Notes) -> None:
    notes.add("sentence without words left out", "document without words", source, line)


def _add(rows: _Rows, text: str, line: int) -> None:
    cells = text.split("\t")
    if len(cells) != len(_COLUMNS):
        raise DataError(
            f"{len(cells)} columns parted by tabs, expected {len(_COLUMNS)} "
            f"({', '.join(_COLUMNS)}): {text[:120]!r}; mend the line"
        )
    own, word, tag, labels, heads = cells
    place = len(rows.words)
    if own != str(place):
        raise DataError(
            f"the word has the number {own[:20]!r}, expected {place}; number the words of a "
            "sentence from 0, and part sentences by '#doc' lines"
        )
    if not word:
        raise DataError("the word is empty; mend the line")
    if not rows.words:
        rows.first_line = line
    rows.words.append(word)
    rows.tags.append(tag)
    if labels == f"['{NO_RELATION}']" and heads == f"[{own}]":  # nearly every word
        return
    rows.marks += _marks(place, string_list(labels, "relations"), number_list(heads, "heads"), line)


def _marks(place: int, labels: list[str], heads: list[int], line: int) -> Iterator[_Mark]:
    if len(labels) != len(heads):
        raise DataError(
            f"{len(labels)} relations for {len(heads)} heads; each relation needs its own"
        )
    for label, head in zip(labels, heads, strict=True):
        if label != NO_RELATION:
            yield _Mark(label, place, head, line)
        elif head != place:
            raise DataError(
                f"{NO_RELATION!r} means no relation and points to its own word {place}, "
                f"found {head}; name the relation, or mend the number"
            )


def _relations(
    rows: _Rows, entities: list[Entity], source: str, notes: Notes
) -> Iterator[Relation]:
    ending_at = {entity.end - 1: index for index, entity in enumerate(entities)}
    for label, head, tail, line in rows.marks:
        if tail >= len(rows.words):
            raise DataError(
                f"the relation {label} points to word {tail} of a sentence of "
                f"{len(rows.words)} words (0 to {len(rows.words) - 1}); mend the number",
                source,
                line,
            )
        if head in ending_at and tail in ending_at:
            yield Relation(label, ending_at[head], ending_at[tail])
            continue
        word = head if head not in ending_at else tail
        notes.add(
            "relation at a word that ends no entity left out",
            f"{label} from word {head} to {tail}: {rows.words[word]!r} ends no entity",
            source,
            line,
        )
