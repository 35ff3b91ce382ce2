"""Column files: one word a line with its tags, sentences parted by blank lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader
from tango_ie.data.readers.lines.blocks import BlockCutter
from tango_ie.data.schemes import FoundScheme, entities_to_tags
from tango_ie.data.span_decoder import SpanDecoder

WORD, ENTITIES, IGNORED = "word", "entities", "_"
# Names that look like a wish for a word or entity column; as tag layers they would lose the gold.
_MISTAKABLE = {
    **dict.fromkeys(("words", "token", "tokens", "form", "text"), WORD),
    **dict.fromkeys(("entity", "ner", "ner_tags", "bio", "tag", "tags", "label"), ENTITIES),
}


@Reader.register("tango_ie::column")
class ColumnReader(TextReader):
    """Reads CoNLL-like files with any columns in any order.

    Sentences are parted by lines that are empty or hold only blanks; blanks at the end of a line do
    not count. Broken tag sequences are repaired as ``conlleval`` reads them, and noted.

    Args:
        columns: what each column holds: ``word``, ``entities`` (the entity tags; several such
            columns hold the layers of nested entities), ``_`` for what is not wanted; any other
            name (``pos``, ``chunk``) is a layer of word tags.
        separator: what parts the columns; ``None`` is any run of spaces and tabs.
        scheme: tag scheme of the entity tags; ``auto`` finds it out for each file and column,
            states it, and refuses a mix.
        bare_label: type of entities whose tags name none (``B``, ``I``).
        tag_schemes: layers of span tags with their scheme, to be brought to ``iob2``; layers that
            are not named here stay as they are.
        document_marker: word that opens a new document. Its line is never part of a sentence.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> reader = ColumnReader(["word", "pos", "entities"])
    >>> stream = io.StringIO("EU NNP I-ORG\\nrejects VBZ O\\n\\n")
    >>> [sentence.entities for sentence in reader.read_stream(stream, "here", Notes())]
    [(Entity(label='ORG', start=0, end=1, score=None),)]
    """

    def __init__(
        self,
        columns: list[str],
        separator: str | None = None,
        scheme: FoundScheme = "auto",
        bare_label: str | None = None,
        tag_schemes: dict[str, FoundScheme] | None = None,
        document_marker: str | None = "-DOCSTART-",
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self.columns = tuple(columns)
        self.separator = separator
        self.scheme = scheme
        self.bare_label = bare_label
        self.tag_schemes: Mapping[str, FoundScheme] = dict(tag_schemes or {})
        self.document_marker = document_marker
        self._check_arguments()
        self._word_column = self.columns.index(WORD)
        self._entity_columns = [
            place for place, name in enumerate(self.columns) if name == ENTITIES
        ]
        self._layer_columns = {
            name: place
            for place, name in enumerate(self.columns)
            if name not in (WORD, ENTITIES, IGNORED)
        }

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        cutter = BlockCutter(self.columns, self.separator, self.document_marker)
        entity_decoders, layer_decoders = self._decoders(source, notes)
        documents, position = 0, 0
        for block in cutter.cut(stream, source):
            if not block.columns:
                documents, position = documents + 1, 0
                continue
            columns, line = block
            words = columns[self._word_column]
            if "" in words:
                raise DataError("empty word", source, line + words.index(""))
            entities: list[Entity] = []
            for place, decoder in entity_decoders:
                entities += decoder.decode(columns[place], line)
            tags = {layer: columns[place] for layer, place in self._layer_columns.items()}
            for layer, decoder in layer_decoders:
                spans = decoder.decode(tags[layer], line)
                tags[layer] = tuple(entities_to_tags(spans, len(words), "iob2"))
            if documents:
                yield Sentence(words, tuple(entities), (), tags, str(documents), position)
            else:
                yield Sentence(words, tuple(entities), (), tags)
            position += 1
        for _, decoder in (*entity_decoders, *layer_decoders):
            decoder.finish()

    def _decoders(
        self, source: str, notes: Notes
    ) -> tuple[list[tuple[int, SpanDecoder]], list[tuple[str, SpanDecoder]]]:
        several = len(self._entity_columns) > 1
        entity_decoders = [
            (
                place,
                SpanDecoder(
                    self.scheme,
                    f"{ENTITIES} {number}" if several else ENTITIES,
                    source,
                    notes,
                    self.bare_label,
                ),
            )
            for number, place in enumerate(self._entity_columns, start=1)
        ]
        layer_decoders = [
            (layer, SpanDecoder(scheme, layer, source, notes, self.bare_label))
            for layer, scheme in self.tag_schemes.items()
        ]
        return entity_decoders, layer_decoders

    def _check_arguments(self) -> None:
        if self.columns.count(WORD) != 1:
            raise ConfigurationError(
                f"exactly one column must be {WORD!r}, found {list(self.columns)}", "columns"
            )
        for name in self.columns:
            if name in _MISTAKABLE:
                raise ConfigurationError(
                    f"a column {name!r} would be kept as word tags; "
                    f"did you mean {_MISTAKABLE[name]!r}? ('_' ignores a column)",
                    "columns",
                )
            if not name or (self.columns.count(name) > 1 and name not in (ENTITIES, IGNORED)):
                raise ConfigurationError(f"column {name!r} is empty or twice", "columns")
        if self.separator == "":
            raise ConfigurationError("must not be empty; null is any blanks", "separator")
        for layer in self.tag_schemes:
            if layer not in self.columns or layer in (WORD, ENTITIES, IGNORED):
                raise ConfigurationError(
                    f"{layer!r} is not a tag column of {list(self.columns)}", "tag_schemes"
                )
