"""One document of brat: its text, its standoff lines, and where its sentences lie."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.data.alignment import Offset
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import shown
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.standoff import SUBTYPE
from tango_ie.data.readers.characters.written_documents import (
    WrittenDocument,
    WrittenSentence,
    text_digest,
)
from tango_ie.data.writers.brat_names import LabelNames
from tango_ie.data.writers.layout import Layout, laid_out

_BREAK = re.compile(r"[\n\r\t]")
_WIDEST_GAP = 1 << 20


class Rendered(NamedTuple):
    """What the files of a document hold."""

    text: str
    standoff: str
    listed: WrittenDocument


def render(sentences: Sequence[Sentence], file: str, labels: LabelNames, notes: Notes) -> Rendered:
    """Lay out the sentences of one document.

    Args:
        file: name of the document's files, without suffix.
        labels: how labels are spelt.
        notes: collects what is left out.

    Raises:
        DataError: a word that no text can hold.
    """
    layouts = [laid_out(sentence, notes) for sentence in sentences]
    starts = _starts(sentences, layouts, notes)
    text = _text(layouts, starts)
    if "\0" in text:
        raise DataError("a word holds a zero byte, which no text can; remove it before writing")
    lines = _Lines(text, labels, notes)
    for sentence, layout, start in zip(sentences, layouts, starts, strict=True):
        lines.add(sentence, layout, start)
    listed = WrittenDocument(
        file,
        sentences[0].doc_id,
        text_digest(text),
        tuple(
            WrittenSentence(start, start + len(layout.text), layout.offsets, sentence.position)
            for sentence, layout, start in zip(sentences, layouts, starts, strict=True)
        ),
        labels.changed(lines.used),
    )
    return Rendered(text, "".join(f"{line}\n" for line in lines.lines), listed)


def _starts(sentences: Sequence[Sentence], layouts: Sequence[Layout], notes: Notes) -> list[int]:
    """Where each sentence begins: where it did in its document, or one a line."""
    known = [
        (sentence.text_start, sentence.text_start + len(layout.text))
        for sentence, layout in zip(sentences, layouts, strict=True)
        if sentence.text_start is not None and layout.original
    ]
    if len(known) == len(sentences) and _apart(known):
        return [start for start, _ in known]
    lost = [sentence.text_start for sentence in sentences if sentence.text_start is not None]
    if lost:
        detail = f"{sentences[0].doc_id}: the places of its sentences are not known, or overlap"
        notes.add("place of a sentence in its document left out", detail, count=len(lost))
    starts = []
    end = 0
    for layout in layouts:
        starts.append(end)
        end += len(layout.text) + 1
    return starts


def _apart(spans: Sequence[Offset]) -> bool:
    """Whether spans, in any order, do not overlap, nor are so far apart that it must be a fault."""
    ordered = sorted([(0, 0), *spans])
    return all(0 <= start - end <= _WIDEST_GAP for (_, end), (start, _) in pairwise(ordered))


def _text(layouts: Sequence[Layout], starts: Sequence[int]) -> str:
    """The texts at their places; each begins a line, where there is room for its end."""
    parts: list[str] = []
    end = 0
    for start, layout in sorted(zip(starts, layouts, strict=True), key=lambda pair: pair[0]):
        parts += (" " * (start - end - 1), "\n" * (start > end), layout.text)
        end = start + len(layout.text)
    return "".join([*parts, "\n"])


class _Lines:
    """The standoff lines of a document, numbered through."""

    def __init__(self, text: str, labels: LabelNames, notes: Notes) -> None:
        self._text = text
        self._labels = labels
        self._notes = notes
        self._counts = {"T": 0, "R": 0, "#": 0}
        self.lines: list[str] = []
        self.used: set[str] = set()

    def add(self, sentence: Sentence, layout: Layout, offset: int) -> None:
        """Add what is annotated on a sentence whose text begins at ``offset``."""
        if sentence.tags:
            self._notes.add("word tags left out", ", ".join(sorted(sentence.tags)))
        names = []
        for entity in sentence.entities:
            start, end = (place + offset for place in layout.characters(entity))
            covered = _BREAK.sub(" ", self._text[start:end])
            spelt = self._labels.entity(entity.label)
            names.append(self._line("T", f"{spelt} {start} {end}\t{covered}"))
            if entity.subtype is not None:
                self._add_subtype(names[-1], entity.subtype)
        for relation in sentence.relations:
            arguments = f"Arg1:{names[relation.head]} Arg2:{names[relation.tail]}"
            self._line("R", f"{self._labels.relation(relation.label)} {arguments}")
        self.used.update(entity.label for entity in sentence.entities)
        self.used.update(relation.label for relation in sentence.relations)

    def _add_subtype(self, name: str, subtype: str) -> None:
        if any(sign in subtype for sign in "\n\r\0"):
            self._notes.add("subtype with a line end left out", shown(subtype))
        else:
            self._line("#", f"{SUBTYPE} {name}\t{subtype}")

    def _line(self, kind: str, content: str) -> str:
        self._counts[kind] += 1
        name = f"{kind}{self._counts[kind]}"
        self.lines.append(f"{name}\t{content}")
        return name
