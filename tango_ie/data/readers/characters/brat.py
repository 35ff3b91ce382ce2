"""Collections of brat: texts with standoff annotations beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Literal, TextIO, get_args

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.alignment import Tokenisation
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import shown
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.characters.brat_files import DocumentFiles, document_files, read_bytes
from tango_ie.data.readers.characters.char_spans import CharEntity, InsideWords, SpanPlacer
from tango_ie.data.readers.characters.document_cutting import Cutter, SpannedDocument
from tango_ie.data.readers.characters.standoff import Standoff, TextBound, read_standoff
from tango_ie.data.readers.characters.written_documents import (
    FILE_NAME,
    WrittenDocument,
    text_digest,
    written_documents,
)
from tango_ie.data.readers.text_files import encoding_error
from tango_ie.data.readers.word_records import Place
from tango_ie.data.sentence_splitting import Unit, check_unit

Discontinuous = Literal["drop", "cover"]
TextMismatch = Literal["error", "note"]

_BREAK = re.compile(r"[\n\r\t]")


@Reader.register("tango_ie::brat")
class BratReader(TextReader):
    """Reads a folder of ``.txt`` and ``.ann`` files with its subfolders, or one such pair.

    ``T`` lines are entities (the triggers of events too) and ``R`` lines relations; the other kinds
    are counted in the notes. Documents come sorted by name, which is their ``doc_id``. Sentences
    keep the place of their text in the document, and no entity is ever cut by their ends.

    In a folder that our writer made, sentences and words are those that were written, as long as
    the text is the same; annotations may have been changed with brat.

    Args:
        unit: what a text is cut into, see :func:`tango_ie.data.sentence_splitting.split_text`.
        tokenisation: how sentences are cut into words, see
            :func:`tango_ie.data.alignment.tokenise`.
        inside_words: see :class:`SpanPlacer`.
        discontinuous: what becomes of entities in several fragments, which is noted: ``drop``
            leaves them out with their relations, ``cover`` takes all from the first to the last
            fragment. Fragments with nothing but blanks between them are one span anyway.
        text_mismatch: whether a ``T`` line whose text is not what lies at its offsets is an
            ``error`` or a ``note`` (the offsets count).
        written_sentences: use what our writer kept, where it is there.
        encoding: see :class:`TextReader`.
    """

    def __init__(
        self,
        unit: Unit = "sentence",
        tokenisation: Tokenisation = "words",
        inside_words: InsideWords = "widen",
        discontinuous: Discontinuous = "drop",
        text_mismatch: TextMismatch = "error",
        written_sentences: bool = True,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        check_unit(unit)
        for argument, value, allowed in (
            ("discontinuous", discontinuous, get_args(Discontinuous)),
            ("text_mismatch", text_mismatch, get_args(TextMismatch)),
        ):
            if value not in allowed:
                names = ", ".join(map(repr, allowed))
                raise ConfigurationError(f"{value!r} is none of {names}", argument)
        self.unit = unit
        self.discontinuous = discontinuous
        self.text_mismatch = text_mismatch
        self.written_sentences = written_sentences
        self._placer = SpanPlacer(tokenisation, inside_words)

    def check_location(self, path: Path) -> None:
        """See :meth:`Reader.check_location`; folders will do."""
        if not path.is_dir():
            super().check_location(path)

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        for files, written in self._listed(path, notes):
            text = self._decoded(files.text)
            doc_id: str | None = files.name
            labels: Mapping[str, str] = {}
            if written is not None:
                doc_id, labels = written.doc_id, written.labels
                if written.digest != text_digest(text):
                    notes.add("text changed since it was written, cut anew", files.name, files.text)
                    written = None
            if files.standoff is None:
                notes.add("document without .ann", "taken as one without annotations", files.text)
                standoff, place = Standoff(), Place(notes, str(files.text), None)
            else:
                place = Place(notes, str(files.standoff), None)
                lines = self._decoded(files.standoff).removeprefix("\ufeff").split("\n")
                standoff = read_standoff(lines, place)
            yield from self._sentences_of(doc_id, text, standoff.spelt(labels), written, place)

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """The sentences of a text without annotations."""
        place = Place(notes, source, None)
        yield from self._sentences_of(None, stream.read(), Standoff(), None, place)

    def _listed(
        self, path: Path, notes: Notes
    ) -> Iterator[tuple[DocumentFiles, WrittenDocument | None]]:
        """The documents: those that were written in their order, then the others in theirs."""
        there = {files.name: files for files in document_files(path, notes)}
        if self.written_sentences:
            known = 0
            for written in written_documents(path if path.is_dir() else path.parent):
                if written.file in there:
                    known += 1
                    yield there.pop(written.file), written
                elif path.is_dir():
                    detail = f"{written.file}, which is listed in {FILE_NAME}"
                    notes.add("document that was written is gone", detail, path)
            if known:
                notes.state("sentences", f"as written, of {known} documents ({FILE_NAME})")
        for files in there.values():
            yield files, None

    def _decoded(self, path: Path) -> str:
        data = read_bytes(path)
        zero = data.find(b"\0")
        if zero >= 0 and "\0".encode(self.encoding) == b"\0":
            hint = 'give the reader `encoding: "utf-16"` if it is that, or mend the file'
            line = data.count(b"\n", 0, zero) + 1
            raise DataError(f"holds a zero byte, which no text has; {hint}", path, line)
        try:
            return data.decode(self.encoding)
        except UnicodeError as error:
            raise encoding_error(path, self.encoding) from error

    def _sentences_of(
        self,
        doc_id: str | None,
        text: str,
        standoff: Standoff,
        written: WrittenDocument | None,
        place: Place,
    ) -> Iterator[Sentence]:
        entities = {}
        for name, bound in standoff.entities.items():
            span = self._span(bound, text, place._replace(line=bound.line))
            if span is not None:
                entities[name] = CharEntity(bound.label, *span, standoff.subtypes.get(name))
        lines = {name: bound.line for name, bound in standoff.entities.items()}
        if written is None and text.startswith("\ufeff"):
            text = " " + text[1:]  # brat counts the byte-order mark too; it is no word
        document = SpannedDocument(text, entities, lines, standoff.relations)
        known = None if written is None else written.sentences
        for found, line in Cutter(document, place, self.unit, known).sentences(doc_id):
            try:
                sentence = self._placer.sentence(found, place._replace(line=line))
            except DataError as error:
                raise located(error, place.source, line) from error
            if sentence is not None:
                yield sentence

    def _span(self, bound: TextBound, text: str, place: Place) -> tuple[int, int] | None:
        """The characters of an entity; none where it is to be left out."""
        start, end = bound.fragments[0][0], bound.fragments[-1][1]
        if end > len(text):
            raise DataError(
                f"{bound.name} ends at {end}, in a text of {len(text)} characters; offsets count "
                "characters (not bytes) of the .txt, line ends included",
                place.source,
                place.line,
            )
        self._compare(bound, text, place)
        gaps = [text[last:first] for (_, last), (first, _) in pairwise(bound.fragments)]
        if all(not gap.strip() for gap in gaps):
            return start, end
        detail = f"{bound.name}: {bound.label} {shown(bound.text or text[start:end])}"
        if self.discontinuous == "drop":
            place.note("discontinuous entity left out", detail)
            return None
        place.note("discontinuous entity taken from its first to its last word", detail)
        return start, end

    def _compare(self, bound: TextBound, text: str, place: Place) -> None:
        """Whether the text that a line gives is what lies at its offsets."""
        covered = " ".join(text[start:end] for start, end in bound.fragments)
        if bound.text is None:
            place.note("T line without its text", f"{bound.name} covers {shown(covered)}")
            return
        given, there = (_BREAK.sub(" ", value).strip() for value in (bound.text, covered))
        if given == there:
            return
        message = f"{bound.name} says {shown(given)}, and at its offsets there is {shown(there)}"
        if self.text_mismatch == "note":
            place.note("T line whose text lies elsewhere, offsets taken", message)
            return
        raise DataError(
            f"{message}; mend the offsets (they count characters of the .txt, line ends "
            'included), or give the reader `text_mismatch: "note"`',
            place.source,
            place.line,
        )
