"""SpERT JSON, with further keys for what its own layout has no place for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.records import to_record
from tango_ie.data.writers.base import TextWriter, Writer

_encode = json.JSONEncoder(ensure_ascii=False).encode
_FURTHER = ("position", "text", "offsets", "text_start")


@Writer.register("tango_ie::spert")
class SpertWriter(TextWriter):
    """Writes an array of SpERT's objects, one a line, which ``tango_ie::spert`` reads back.

    Nothing is left out: word tags go into ``layers``, the finer type of an entity into its
    ``subtype``, the document into ``orig_id``; ``position``, ``text``, ``offsets`` and
    ``text_start`` keep their names. SpERT's own loader reads the file and passes over these.
    """

    SUFFIX = ".json"

    def write_stream(self, sentences: Iterator[Sentence], stream: TextIO, notes: Notes) -> None:
        """See :meth:`TextWriter.write_stream`."""
        opening = "[\n"
        for sentence in sentences:
            stream.write(opening + _encode(to_spert(sentence)))
            opening = ",\n"
        stream.write("[]\n" if opening == "[\n" else "\n]\n")


def to_spert(sentence: Sentence) -> dict[str, Any]:
    """The sentence as an object of SpERT's files.

    >>> to_spert(Sentence(("Ada",), doc_id="7"))
    {'tokens': ['Ada'], 'entities': [], 'relations': [], 'orig_id': '7'}
    """
    record: dict[str, Any] = {
        "tokens": list(sentence.words),
        "entities": [
            {"type": entity.label, "start": entity.start, "end": entity.end}
            | ({} if entity.subtype is None else {"subtype": entity.subtype})
            for entity in sentence.entities
        ],
        "relations": [
            {"type": relation.label, "head": relation.head, "tail": relation.tail}
            for relation in sentence.relations
        ],
    }
    if sentence.doc_id is not None:
        record["orig_id"] = sentence.doc_id
    if sentence.tags:
        record["layers"] = {layer: list(sentence.tags[layer]) for layer in sorted(sentence.tags)}
    ours = to_record(sentence)
    return record | {key: ours[key] for key in _FURTHER if key in ours}
