"""Noting what a sentence carries and a format has no place for."""

from __future__ import annotations

from collections.abc import Collection

from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes

_PARTS = {
    "relations": "relations",
    "text": "raw text",
    "offsets": "character offsets",
    "doc_id": "document id",
    "position": "position in the document",
    "text_start": "place of the text in its document",
}


def note_left_out(
    sentence: Sentence,
    notes: Notes,
    parts: Collection[str] = (),
    layers: Collection[str] = (),
    subtypes: bool = False,
) -> None:
    """Note each part of a sentence that is not written.

    Args:
        sentence: what is being written.
        notes: where to.
        parts: attributes of :class:`Sentence` that the format has no place for.
        layers: layers of word tags that are not written.
        subtypes: whether the finer types of entities are not written.

    Raises:
        DataError: the notes are strict.
    """
    shown = " ".join(sentence.words[:8])
    for part in parts:
        value = getattr(sentence, part)
        if value is not None and value != ():
            count = len(value) if part == "relations" else 1
            notes.add(f"{_PARTS[part]} left out", shown, count=count)
    for layer in layers:
        notes.add(f"layer {layer!r} left out", shown)
    if subtypes:
        for entity in sentence.entities:
            if entity.subtype is not None:
                notes.add("subtype left out", f"{entity.label} ({entity.subtype}) in: {shown}")
