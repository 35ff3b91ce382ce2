"""What our brat writer keeps beside the texts: which sentences and words a document has.

A line of JSON for each document, in the order in which they were written:

.. code-block:: json

    {"file": "a", "doc_id": "a", "digest": "…", "labels": {"was_born_in": "was born in"},
     "sentences": [{"start": 0, "end": 10, "words": [[0, 3], [4, 9], [9, 10]], "position": 0}]}

``labels`` has those that brat cannot spell; the offsets of words count from the sentence's start.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tango_ie.core.errors import DataError
from tango_ie.data.alignment import Offset
from tango_ie.data.json_values import expect, optional, parse_json, required, whole_numbers
from tango_ie.data.readers.base import located
from tango_ie.data.readers.text_files import open_binary

FILE_NAME = "tango_ie_sentences.jsonl"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class WrittenSentence:
    """Characters ``[start, end)`` of a document and the words in them, from their start."""

    start: int
    end: int
    words: tuple[Offset, ...]
    position: int | None = None


@dataclass(frozen=True, slots=True)
class WrittenDocument:
    """A document that was written to ``file`` (with ``.txt`` and ``.ann``)."""

    file: str
    doc_id: str | None
    digest: str
    sentences: tuple[WrittenSentence, ...]
    labels: Mapping[str, str] = field(default_factory=dict)

    def to_line(self) -> str:
        """The document as a line of JSON."""
        sentences = []
        for sentence in self.sentences:
            record: dict[str, Any] = {"start": sentence.start, "end": sentence.end}
            record["words"] = [list(word) for word in sentence.words]
            if sentence.position is not None:
                record["position"] = sentence.position
            sentences.append(record)
        values: dict[str, Any] = {"file": self.file, "doc_id": self.doc_id, "digest": self.digest}
        if self.labels:
            values["labels"] = dict(self.labels)
        return _encode({**values, "sentences": sentences})


def text_digest(text: str) -> str:
    """A hash by which a text is known again."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def written_documents(folder: Path) -> Iterator[WrittenDocument]:
    """The documents that are listed in a folder; none where nothing is listed.

    Raises:
        DataError: the list is damaged; it may be removed.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return
    with open_binary(path) as stream:
        for number, line in enumerate(stream, start=1):
            try:
                yield _document(parse_json(line.decode("utf-8")))
            except UnicodeError as error:
                raise DataError(f"is not UTF-8: {error}", path, number) from error
            except DataError as error:
                hint = "; remove this file to have the texts cut into sentences anew"
                raise located(DataError(error.message + hint), path, number) from error


def _document(value: object) -> WrittenDocument:
    values = expect(value, dict, "a document")
    labels = optional(values, "labels", dict) or {}
    sentences = []
    for place, item in enumerate(required(values, "sentences", list)):
        what = f"sentences[{place}]"
        fields = expect(item, dict, what)
        start, end = (required(fields, key, int, what) for key in ("start", "end"))
        if not 0 <= start < end:
            raise DataError(f"{what} is [{start}, {end}); each start must lie before its end")
        position = optional(fields, "position", int)
        if position is not None and not 0 <= position < 1 << 63:
            raise DataError(f"{what}.position must be a whole number from 0, found {position}")
        words = _words(required(fields, "words", list, what), end - start, f"{what}.words")
        sentences.append(WrittenSentence(start, end, words, position))
    # In the order in which they were written, which need not be that of the text.
    ordered = sorted(sentences, key=lambda sentence: sentence.start)
    for one, other in pairwise(ordered):
        if other.start < one.end:
            raise DataError(f"two sentences overlap, from {one.start} and from {other.start}")
    return WrittenDocument(
        required(values, "file", str),
        optional(values, "doc_id", str),
        required(values, "digest", str),
        tuple(sentences),
        {name: expect(label, str, f"labels.{name}") for name, label in labels.items()},
    )


def _words(items: list[object], size: int, what: str) -> tuple[Offset, ...]:
    words: list[Offset] = []
    last = 0
    for item in items:
        start, end = whole_numbers(item, what, 2)
        if not last <= start < end <= size:
            raise DataError(f"{what} has [{start}, {end}), behind {last} of {size} characters")
        words.append((start, end))
        last = end
    if not words:
        raise DataError(f"{what} is empty: a sentence without words")
    return tuple(words)
