"""The pipe-separated files of the ADE corpus: one relation a line, offsets of the document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.alignment import Tokenisation
from tango_ie.data.annotations import Relation, Sentence
from tango_ie.data.json_values import shown
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.characters.char_spans import (
    CharEntity,
    CharSentence,
    InsideWords,
    SpanPlacer,
)
from tango_ie.data.readers.word_records import Place

_COLUMNS = "document|sentence|head|start|end|tail|start|end"
_WIDTH = 8


class _Mention(NamedTuple):
    """A string and where it lies in the document."""

    text: str
    start: int


@dataclass
class _Rows:
    """The rows of one sentence of a document."""

    text: str
    line: int
    pairs: list[tuple[_Mention, _Mention]] = field(default_factory=list)


@Reader.register("tango_ie::drug_ae")
class DrugAeReader(TextReader):
    """Reads ``DRUG-AE.rel`` and ``DRUG-DOSE.rel`` (Gurulingappa et al. 2012).

    A line is a relation: document, sentence, adverse effect with its start and end, drug with its
    start and end, parted by ``|``. All lines of a sentence make one sentence, with each of its
    mentions once. The offsets count characters of the document: the sentence begins where all its
    mentions lie at their offsets, which becomes its ``text_start``. What no such place explains is
    looked for in the sentence, and noted.

    The lines of a document should follow each other, as they do in these files: one document is
    held at a time, and of the others only the ids, so that one that comes back is noted.

    Args:
        head: label of the first mention; ``Dose`` in ``DRUG-DOSE.rel``.
        tail: label of the second mention.
        relation: label of the relation between them.
        tokenisation: how sentences are cut into words, see
            :func:`tango_ie.data.alignment.tokenise`.
        inside_words: see :class:`SpanPlacer`.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> row = "17|Rash due to zinc.|Rash|104|108|zinc|116|120"
    >>> for sentence in DrugAeReader().read_stream(io.StringIO(row), "here", Notes()):
    ...     print([entity.label for entity in sentence.entities], sentence.text_start)
    ['Adverse-Effect', 'Drug'] 104
    """

    def __init__(
        self,
        head: str = "Adverse-Effect",
        tail: str = "Drug",
        relation: str = "Adverse-Effect",
        tokenisation: Tokenisation = "words",
        inside_words: InsideWords = "widen",
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        for argument, label in (("head", head), ("tail", tail), ("relation", relation)):
            if not label:
                raise ConfigurationError("must not be empty", argument)
        self.head, self.tail, self.relation = head, tail, relation
        self._placer = SpanPlacer(tokenisation, inside_words)

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        for doc_id, sentences in _documents(stream, source, notes):
            for rows in sentences:
                place = Place(notes, source, rows.line)
                try:
                    sentence = self._placer.sentence(self._found(doc_id, rows, place), place)
                except DataError as error:
                    raise located(error, source, rows.line) from error
                if sentence is not None:
                    yield sentence

    def _found(self, doc_id: str, rows: _Rows, place: Place) -> CharSentence:
        """The sentence with each mention once, in the order of the lines."""
        start = _sentence_start(rows, place)
        entities: dict[CharEntity, int] = {}
        relations = []
        for pair in rows.pairs:
            arguments = []
            for label, mention in zip((self.head, self.tail), pair, strict=True):
                begin = _locate(mention, rows.text, start, place)
                entity = CharEntity(label, begin, begin + len(mention.text))
                arguments.append(entities.setdefault(entity, len(entities)))
            relations.append(Relation(self.relation, *arguments))
        return CharSentence(rows.text, list(entities), relations, doc_id=doc_id, text_start=start)


def _documents(stream: TextIO, source: str, notes: Notes) -> Iterator[tuple[str, list[_Rows]]]:
    """Each run of lines of one document, as its sentences in the order of their first lines."""
    seen: set[str] = set()
    doc_id: str | None = None
    sentences: dict[str, _Rows] = {}
    for number, line in enumerate(stream, start=1):
        if line.isspace():
            continue
        try:
            document, text, pair = _parse(line.rstrip("\r\n"))
        except DataError as error:
            raise located(error, source, number) from error
        if document != doc_id:
            if doc_id is not None:
                yield doc_id, list(sentences.values())
            doc_id, sentences = document, {}
            if document in seen:
                detail = f"{document}; its sentences are not brought together with the former ones"
                notes.add("document in several places of the file", detail, source, number)
            seen.add(document)
        sentences.setdefault(text, _Rows(text, number)).pairs.append(pair)
    if doc_id is not None:
        yield doc_id, list(sentences.values())


def _parse(line: str) -> tuple[str, str, tuple[_Mention, _Mention]]:
    cells = line.split("|")
    if len(cells) < _WIDTH:
        raise DataError(
            f"{len(cells)} columns parted by |, expected {_WIDTH} ({_COLUMNS}): {shown(line)}"
        )
    # More bars belong to the sentence; the offsets of the mentions will show it if they do not.
    document, text, tail = cells[0].strip(), "|".join(cells[1:-6]), cells[-6:]
    if not document:
        raise DataError(f"the first column, the id of the document, is empty: {shown(line)}")
    return document, text, (_mention(*tail[:3]), _mention(*tail[3:]))


def _mention(text: str, start: str, end: str) -> _Mention:
    numbers = []
    for name, cell in (("start", start), ("end", end)):
        # Not int() alone: it takes signs, underscores and digits without end.
        if not (cell.isascii() and cell.isdigit() and len(cell) <= 12):
            raise DataError(f"the {name} of {shown(text)} must be a whole number, found {cell!r}")
        numbers.append(int(cell))
    if not text or numbers[1] - numbers[0] != len(text):
        raise DataError(
            f"[{numbers[0]}, {numbers[1]}) does not fit {shown(text)}, which has {len(text)} "
            "characters; the columns are " + _COLUMNS
        )
    return _Mention(text, numbers[0])


def _sentence_start(rows: _Rows, place: Place) -> int | None:
    """Where the sentence begins in its document, so that all mentions lie at their offsets."""
    starts: set[int] | None = None
    for mention in {mention for pair in rows.pairs for mention in pair}:
        fitting = {
            mention.start - found
            for found in _occurrences(mention.text, rows.text)
            if found <= mention.start
        }
        starts = fitting if starts is None else starts & fitting
    if not starts:
        return None
    if len(starts) > 1:
        ways = ", ".join(map(str, sorted(starts)))
        place.note("start of a sentence ambiguous, first mention taken", f"it may be {ways}")
    # The latest start of the sentence is the earliest place of its mentions in it.
    return max(starts)


def _locate(mention: _Mention, text: str, start: int | None, place: Place) -> int:
    if start is not None:
        return mention.start - start
    found = _occurrences(mention.text, text)
    if not found:
        raise DataError(f"{shown(mention.text)} does not occur in the sentence {shown(text)}")
    several = f"; of {len(found)} occurrences the first is taken" * (len(found) > 1)
    place.note(
        "mention found by its words, not by its offset",
        f"{shown(mention.text)} at {mention.start} of the document{several}",
    )
    return found[0]


def _occurrences(part: str, text: str) -> list[int]:
    found = []
    place = text.find(part)
    while place >= 0:
        found.append(place)
        place = text.find(part, place + 1)
    return found
