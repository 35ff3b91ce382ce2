"""JSON lines of texts whose entities are spans of characters."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, TextIO

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.writers.base import TextWriter, Writer
from tango_ie.data.writers.layout import Layout, laid_out

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@Writer.register("tango_ie::char_jsonl")
class CharJsonLinesWriter(TextWriter):
    """Writes what ``tango_ie::char_jsonl`` reads back as the same sentences.

    Each line holds a ``text``, ``entities`` with ``start``, ``end``, ``type`` and ``subtype``,
    ``relations`` with ``type``, ``head`` and ``tail`` by index, and the offsets of the ``words``,
    which other programs may pass over. A sentence without a text that holds its words gets them
    joined by blanks; one whose text does not hold them loses that text, which is noted.
    """

    SUFFIX = ".jsonl"

    def write_stream(self, sentences: Iterator[Sentence], stream: TextIO, notes: Notes) -> None:
        """See :meth:`TextWriter.write_stream`."""
        for sentence in sentences:
            stream.write(_encode(_record(sentence, laid_out(sentence, notes))) + "\n")


def _record(sentence: Sentence, layout: Layout) -> dict[str, Any]:
    record: dict[str, Any] = {}
    if sentence.doc_id is not None:
        record["doc_id"] = sentence.doc_id
    if sentence.position is not None:
        record["position"] = sentence.position
    if sentence.text_start is not None:
        record["text_start"] = sentence.text_start
    record["text"] = layout.text
    record["entities"] = [_entity(entity, layout) for entity in sentence.entities]
    if sentence.relations:
        record["relations"] = [
            {"type": relation.label, "head": relation.head, "tail": relation.tail}
            for relation in sentence.relations
        ]
    record["words"] = [list(offset) for offset in layout.offsets]
    if sentence.tags:
        record["tags"] = {layer: list(sentence.tags[layer]) for layer in sorted(sentence.tags)}
    return record


def _entity(entity: Entity, layout: Layout) -> dict[str, Any]:
    start, end = layout.characters(entity)
    record: dict[str, Any] = {"start": start, "end": end, "type": entity.label}
    if entity.subtype is not None:
        record["subtype"] = entity.subtype
    return record
