"""Column files: one word a line with its tags, sentences parted by blank lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import ClassVar, TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.column import ENTITIES, WORD
from tango_ie.data.schemes import OUTSIDE, TagScheme, entities_to_tags
from tango_ie.data.writers.base import TextWriter, Writer
from tango_ie.data.writers.left_out import note_left_out

_BYTE_ORDER_MARK = "\ufeff"


@Writer.register("tango_ie::column")
class ColumnWriter(TextWriter):
    """Writes what ``tango_ie::column`` reads with the same columns, separator and scheme.

    Nested entities need several columns ``entities``: the longest go into the first of them that
    has room, and what finds none is left out and noted. Relations, raw text and subtypes have no
    place in such a file; of documents only their borders have.

    Args:
        columns: what each column holds: ``word``, ``entities``, or the name of a layer of tags.
        separator: what parts the columns: a tab, or any other character.
        scheme: of the entity tags.
        document_marker: opens each new document; ``null`` writes no borders.

    >>> import io
    >>> stream, writer = io.StringIO(), ColumnWriter(separator=" ")
    >>> sentence = Sentence(("Ada", "Lovelace", "wrote"), (Entity("PER", 0, 2),))
    >>> writer.write_stream(iter([sentence]), stream, Notes())
    >>> stream.getvalue()
    'Ada B-PER\\nLovelace I-PER\\nwrote O\\n\\n'
    """

    SUFFIX: ClassVar[str] = ".conll"

    def __init__(
        self,
        columns: Sequence[str] = (WORD, ENTITIES),
        separator: str = "\t",
        scheme: TagScheme = "iob2",
        document_marker: str | None = "-DOCSTART-",
    ) -> None:
        if list(columns).count(WORD) != 1:
            raise ConfigurationError(f"exactly one column must be {WORD!r}", "columns")
        if len(separator) != 1 or separator in "\r\n\0":
            raise ConfigurationError("must be one character, such as a tab", "separator")
        self.columns = tuple(columns)
        self.separator = separator
        self.scheme = scheme
        self.document_marker = document_marker
        self._layers = [name for name in self.columns if name not in (WORD, ENTITIES)]
        self._depth = self.columns.count(ENTITIES)

    def write_stream(self, sentences: Iterator[Sentence], stream: TextIO, notes: Notes) -> None:
        """See :meth:`TextWriter.write_stream`."""
        document: str | None = None
        number = 0
        for index, sentence in enumerate(sentences):
            if self.document_marker is not None and sentence.doc_id not in (None, document):
                document, number = sentence.doc_id, number + 1
                stream.write(self._marker_line())
                if document != str(number):
                    notes.add("document id left out", f"{document!r} is number {number}")
            self._note(sentence, notes)
            text = self._block(sentence, notes)
            if not index and text.startswith(_BYTE_ORDER_MARK):
                text = _BYTE_ORDER_MARK + text  # the first one of a file is not read as text
            stream.write(text)

    def _marker_line(self) -> str:
        fill = {WORD: self.document_marker, ENTITIES: OUTSIDE}
        return self.separator.join(fill.get(name) or "-X-" for name in self.columns) + "\n\n"

    def _note(self, sentence: Sentence, notes: Notes) -> None:
        unwritten = [layer for layer in sentence.tags if layer not in self._layers]
        parts = ["relations", "text", "offsets", "text_start"]
        if self.document_marker is None:
            parts += ["doc_id", "position"]
        note_left_out(sentence, notes, parts, unwritten, subtypes=True)

    def _block(self, sentence: Sentence, notes: Notes) -> str:
        levels = iter(self._levels(sentence, notes))
        columns: list[Sequence[str]] = []
        for name in self.columns:
            if name == WORD:
                columns.append(sentence.words)
            elif name == ENTITIES:
                columns.append(entities_to_tags(next(levels), len(sentence), self.scheme))
            elif name in sentence.tags:
                columns.append(sentence.tags[name])
            else:
                raise DataError(f"has no layer {name!r}; leave it out of `columns`")
        self._check(columns)
        lines = map(self.separator.join, zip(*columns, strict=True))
        return "\n".join(lines) + "\n\n"

    def _levels(self, sentence: Sentence, notes: Notes) -> list[list[Entity]]:
        """Entities that do not overlap for each column, the longest first."""
        levels: list[list[Entity]] = [[] for _ in range(self._depth)]
        for entity in sorted(sentence.entities, key=lambda item: item.start - item.end):
            for level in levels:
                if all(entity.end <= other.start or other.end <= entity.start for other in level):
                    level.append(entity)
                    break
            else:
                shown = " ".join(sentence.words[entity.start : entity.end])
                kind = "entity left out, for it overlaps others" if levels else "entity left out"
                notes.add(kind, f"{entity.label} [{entity.start}, {entity.end}) {shown!r}")
        return levels

    def _check(self, columns: Sequence[Sequence[str]]) -> None:
        for name, cells in zip(self.columns, columns, strict=True):
            last = name == self.columns[-1]
            for cell in cells:
                if why := self._unfit(cell, name, last):
                    raise DataError(
                        f"{cell!r} {why}, so a file with {self.separator!r} between columns "
                        "cannot hold it; write JSON lines, or choose another `separator`"
                    )

    def _unfit(self, cell: str, name: str, last: bool) -> str:
        if not cell:
            return "is empty"
        if set(cell) & {"\n", "\0", self.separator}:
            return "holds a line end, a zero byte or the separator"
        if self.separator == " " and any(map(str.isspace, cell)):
            return "holds a blank"
        if last and cell[-1] in " \t\r":
            return "ends in a blank"
        if name == WORD and cell == self.document_marker:
            return "marks a document"
        return ""
