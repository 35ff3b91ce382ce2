"""Inline tags: one sentence a line, ``word:TAG word:TAG <=> label``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.lines.blanks import BLANKS, split_at_blanks
from tango_ie.data.schemes import FoundScheme
from tango_ie.data.span_decoder import SpanDecoder

LABEL_MARK = "<=>"
NO_LABEL = "<NULL>"


@Reader.register("tango_ie::inline")
class InlineReader(TextReader):
    """Reads lines of ``word:TAG`` parted by blanks; the last colon parts word and tag.

    What follows ``<=>`` is the label of the whole sentence, an intent say; ``<NULL>`` is none, and
    the mark may be missing. Sentences have no labels of their own, only words have: each word of
    the sentence carries it, in a layer of word tags. A sentence without label lacks the layer.

    Args:
        sentence_label: name of that layer; ``None`` leaves the labels unread.
        scheme: tag scheme of the entity tags; ``auto`` finds it out.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> stream = io.StringIO("at:O 10:30:B-time <=> ask_time\\n")
    >>> for sentence in InlineReader().read_stream(stream, "here", Notes()):
    ...     print(sentence.words, sentence.tags)
    ('at', '10:30') {'intent': ('ask_time', 'ask_time')}
    """

    def __init__(
        self,
        sentence_label: str | None = "intent",
        scheme: FoundScheme = "auto",
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        if sentence_label == "":
            raise ConfigurationError(
                "must not be empty; null leaves the labels unread", "sentence_label"
            )
        self.sentence_label = sentence_label
        self.scheme = scheme

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        decoder = SpanDecoder(self.scheme, "entities", source, notes)
        for number, line in enumerate(stream, start=1):
            try:
                words, tags, label = _parse(line)
                if not words:
                    if label is not None:
                        raise DataError(f"the label {label!r} is that of no words; mend the line")
                    notes.add("sentence without words left out", "empty line", source, number)
                    continue
            except DataError as error:
                raise located(error, source, number) from error
            entities = decoder.decode(tags, number, one_line=True)
            layers = {}
            if self.sentence_label is not None and label is not None:
                layers[self.sentence_label] = (label,) * len(words)
            yield Sentence(tuple(words), tuple(entities), (), layers)
        decoder.finish()


def _parse(line: str) -> tuple[list[str], list[str], str | None]:
    items = split_at_blanks(line)
    label: str | None = None
    if LABEL_MARK in items:
        mark = items.index(LABEL_MARK)
        label = " ".join(items[mark + 1 :]).strip(BLANKS)
        if not label:
            raise DataError(f"no label follows {LABEL_MARK}; write {NO_LABEL} where there is none")
        items = items[:mark]
    words, tags = [], []
    for place, item in enumerate(items, start=1):
        word, colon, tag = item.rpartition(":")
        if not word or not tag:
            lacks = "tag" if colon == "" or not tag else "word"
            raise DataError(
                f"item {place} of the line has no {lacks}: {item[:60]!r}; "
                "each item must be word:TAG, parted by blanks"
            )
        words.append(word)
        tags.append(tag)
    return words, tags, None if label == NO_LABEL else label
