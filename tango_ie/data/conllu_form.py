"""The columns and comments of CoNLL-U, for its reader and its writer.

What a sentence can carry and neither the columns nor the usual comments hold is one JSON object in
a comment ``# tango_ie = {...}``; for entities, relations and further layers of tags see
:mod:`tango_ie.data.conllu_misc`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Literal, get_args

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.alignment import Offset

ColumnLayer = Literal["lemma", "upos", "xpos", "feats", "head", "deprel", "deps"]
COLUMNS = ("id", "form", *get_args(ColumnLayer), "misc")
FORM, MISC, EMPTY = 1, 9, "_"
COLUMN_OF: Mapping[str, int] = {name: COLUMNS.index(name) for name in get_args(ColumnLayer)}
EXTRA = "tango_ie"
EXTRA_KEYS = ("doc_id", "position", "text", "offsets", "text_start")


def check_layers(layers: Sequence[str]) -> None:
    """Refuse layers that no column holds, and double ones.

    Raises:
        ConfigurationError: names the columns.
    """
    for layer in layers:
        if layer not in COLUMN_OF or layers.count(layer) > 1:
            raise ConfigurationError(
                f"{layer!r} is no column of tags, or is there twice; "
                f"columns are {', '.join(COLUMN_OF)}",
                "layers",
            )


def locate(surfaces: Sequence[tuple[str, Sequence[str]]], text: str) -> list[Offset] | None:
    """Where words lie in their text, blanks between them skipped.

    Args:
        surfaces: tokens as the text has them, each with the words that it stands for. Words that
            make up their token lie side by side in it; otherwise each has the place of the token.

    Returns:
        one offset a word; ``None`` where a token is not next in the text.

    >>> locate([("Ada", ["Ada"]), ("zum", ["zu", "dem"]), ("can't", ["ca", "n't"])],
    ...        "Ada zum can't")
    [(0, 3), (4, 7), (4, 7), (8, 10), (10, 13)]
    """
    offsets: list[Offset] = []
    end = 0
    for surface, words in surfaces:
        while not text.startswith(surface, end):
            if end >= len(text) or not text[end].isspace():
                return None
            end += 1
        start, end = end, end + len(surface)
        if "".join(words) == surface:
            for word in words:
                offsets.append((start, start + len(word)))
                start += len(word)
        else:
            offsets += [(start, end)] * len(words)
    return offsets


def no_space_after(offsets: Sequence[Offset]) -> list[bool]:
    """For each word, whether the next one follows without a blank."""
    return [*(left[1] == right[0] for left, right in pairwise(offsets)), False]


class DocumentPlace:
    """Where the next sentence stands, as comments ``# newdoc`` tell it.

    >>> place = DocumentPlace()
    >>> place.open("a")
    >>> place.next(), place.next()
    (('a', 0), ('a', 1))
    """

    def __init__(self) -> None:
        self.doc_id: str | None = None
        self.position: int | None = None
        self._documents = 0

    def open(self, doc_id: str | None) -> None:
        """Begin a document; one without a name is called by its number in the file."""
        self._documents += 1
        self.doc_id = doc_id or str(self._documents)
        self.position = 0

    def next(self) -> tuple[str | None, int | None]:
        """Document and place of the next sentence."""
        found = self.doc_id, self.position
        if self.position is not None:
            self.position += 1
        return found
