"""CoNLL-U, with entities, relations and further layers in MISC."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.conllu_form import (
    COLUMN_OF,
    COLUMNS,
    EMPTY,
    EXTRA,
    FORM,
    MISC,
    ColumnLayer,
    DocumentPlace,
    check_layers,
    locate,
    no_space_after,
)
from tango_ie.data.conllu_misc import misc_values
from tango_ie.data.notes import Notes
from tango_ie.data.writers.base import TextWriter, Writer

_UNFIT = re.compile(r"[\t\n\r\0]")


@Writer.register("tango_ie::conllu")
class ConlluWriter(TextWriter):
    """Writes what ``tango_ie::conllu`` reads back as equal sentences; nothing is left out.

    ``# newdoc id``, ``# text`` and ``SpaceAfter=No`` are written where sentences have what they
    tell; ``# sent_id`` is the number of the sentence in the file. The rest follows
    :mod:`tango_ie.data.conllu_misc` and :mod:`tango_ie.data.conllu_form`. Words may have blanks in
    them, but no tabs, line breaks or zero bytes: such words are an error.

    Args:
        layers: layers that are written into the columns of their names (give the reader the same);
            ``None`` stands for ``upos`` and ``xpos``. Other layers, and those with a tag that a
            column cannot hold (empty, with blanks), go into MISC.
    """

    SUFFIX = ".conllu"

    def __init__(self, layers: list[ColumnLayer] | None = None) -> None:
        self.layers: tuple[str, ...] = ("upos", "xpos") if layers is None else tuple(layers)
        check_layers(self.layers)

    def write_stream(self, sentences: Iterator[Sentence], stream: TextIO, notes: Notes) -> None:
        """See :meth:`TextWriter.write_stream`."""
        place = DocumentPlace()
        for number, sentence in enumerate(sentences, start=1):
            lines = [*_comments(sentence, place, number), *self._rows(sentence)]
            try:
                stream.write("\n".join(lines) + "\n\n")
            except UnicodeEncodeError as error:
                half = error.object[error.start]
                raise DataError(
                    f"U+{ord(half):04X} is half of a character, which no file can hold"
                ) from error

    def _rows(self, sentence: Sentence) -> Iterator[str]:
        if not sentence.words:
            raise DataError("the sentence has no words, which CoNLL-U cannot hold")
        columns = {
            layer: sentence.tags[layer]
            for layer in self.layers
            if layer in sentence.tags and _fits_column(sentence.tags[layer])
        }
        further = {layer: tags for layer, tags in sentence.tags.items() if layer not in columns}
        size = len(sentence.words)
        misc = misc_values(sentence.entities, sentence.relations, further, size)
        glued = [False] * size
        if sentence.text is not None and sentence.offsets is not None:
            glued = no_space_after(sentence.offsets)
        for place, word in enumerate(sentence.words):
            if not word or _UNFIT.search(word):
                raise DataError(
                    f"word {place + 1} is {word!r}: CoNLL-U cannot hold empty words, nor words "
                    "with tabs, line breaks or zero bytes in them; replace them first"
                )
            cells = [str(place + 1)] + [EMPTY] * (len(COLUMNS) - 1)
            cells[FORM] = word
            for layer, tags in columns.items():
                cells[COLUMN_OF[layer]] = tags[place]
            items = [*misc[place], "SpaceAfter=No"] if glued[place] else misc[place]
            cells[MISC] = "|".join(items) or EMPTY
            yield "\t".join(cells)


def _comments(sentence: Sentence, place: DocumentPlace, number: int) -> Iterator[str]:
    extras: dict[str, Any] = {}
    begins = sentence.position == 0 or sentence.doc_id != place.doc_id
    if sentence.doc_id is not None and begins and _fits_comment(sentence.doc_id):
        place.open(sentence.doc_id)
        yield f"# newdoc id = {sentence.doc_id}"
    yield f"# sent_id = {number}"
    doc_id, position = place.next()
    if doc_id != sentence.doc_id:
        extras["doc_id"] = sentence.doc_id
    if position != sentence.position:
        extras["position"] = sentence.position
    if sentence.text is not None:
        if _fits_comment(sentence.text):
            yield f"# text = {sentence.text}"
        else:
            extras["text"] = sentence.text
        found = locate([(word, [word]) for word in sentence.words], sentence.text)
        known = None if found is None else tuple(found)
        if found is None or known != sentence.offsets:
            extras["offsets"] = sentence.offsets
    elif sentence.offsets is not None:
        extras["offsets"] = sentence.offsets
    if sentence.text_start is not None:
        extras["text_start"] = sentence.text_start
    if extras:
        yield f"# {EXTRA} = {json.dumps(extras, ensure_ascii=False)}"


def _fits_column(tags: Sequence[str]) -> bool:
    plain = all(tag and not re.search(r"[\s\0]", tag) for tag in tags)
    return plain and any(tag != EMPTY for tag in tags)


def _fits_comment(value: str) -> bool:
    return value != "" and value == value.strip(" \t") and not re.search(r"[\n\r\0]", value)
