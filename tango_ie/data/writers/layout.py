"""Where the words of a sentence lie in a text: its own, or one that is made of the words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tango_ie.data.alignment import Offset
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.json_values import shown
from tango_ie.data.notes import Notes


class Layout(NamedTuple):
    """A text and the offsets ``[start, end)`` of the words in it, in characters.

    ``original`` says whether it is the sentence's own text.
    """

    text: str
    offsets: tuple[Offset, ...]
    original: bool

    def characters(self, entity: Entity) -> Offset:
        """The characters ``[start, end)`` that an entity covers."""
        return self.offsets[entity.start][0], self.offsets[entity.end - 1][1]


def laid_out(sentence: Sentence, notes: Notes) -> Layout:
    """The text of a sentence, where it holds the words at the offsets; else the words joined.

    A text that must be given up is noted.

    >>> laid_out(Sentence(("Ada", "wrote")), Notes())
    Layout(text='Ada wrote', offsets=((0, 3), (4, 9)), original=False)
    """
    if sentence.text is not None:
        offsets = sentence.offsets
        if offsets is not None and _holds(sentence.text, offsets, sentence.words):
            return Layout(sentence.text, offsets, True)
        why = "has no offsets of words" if offsets is None else "does not hold the words in order"
        notes.add("text of a sentence left out", f"{shown(sentence.text)} {why}")
    return joined(sentence.words)


def joined(words: Sequence[str]) -> Layout:
    """Words parted by a blank each."""
    offsets: list[Offset] = []
    start = 0
    for word in words:
        offsets.append((start, start + len(word)))
        start += len(word) + 1
    return Layout(" ".join(words), tuple(offsets), False)


def _holds(text: str, offsets: Sequence[Offset], words: Sequence[str]) -> bool:
    last = 0
    for (start, end), word in zip(offsets, words, strict=True):
        if not last <= start < end <= len(text) or text[start:end] != word:
            return False
        last = end
    return True
