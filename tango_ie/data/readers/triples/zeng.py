"""Zeng's integer files: sentences as numbers of words, triples as places and relation numbers."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Literal, NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import whole_numbers
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, located
from tango_ie.data.readers.text_files import open_binary
from tango_ie.data.readers.triples.gathering import Gatherer, check_label
from tango_ie.data.readers.triples.id_names import existing_file, read_id_names
from tango_ie.data.readers.triples.json_parts import iter_parts


class _Names(NamedTuple):
    words: Mapping[int, str]
    relations: Mapping[int, str]


class _Numbers(NamedTuple):
    numbers: object
    line: int


@Reader.register("tango_ie::zeng")
class ZengReader(Reader):
    """Reads ``[[sentence, …], [triples, …]]``, the form of CopyRE and CopyMTL.

    A sentence is a list of word numbers; its triples are one flat list of three numbers each: the
    place of the last word of the head, that of the tail, and the number of the relation. Places
    count from 0, and every entity is one word: where it began is lost. The two lists are read side
    by side, so that memory does not grow with the file.

    Args:
        words: the file ``words2id.json``, see :func:`read_id_names`.
        relations: the file ``relations2id.json``, likewise.
        entity_label: type of all entities; the format has none.
    """

    def __init__(
        self, words: InputFile, relations: InputFile, entity_label: str = "entity"
    ) -> None:
        check_label(entity_label)
        self.words = existing_file(words, "words")
        self.relations = existing_file(relations, "relations")
        self.entity_label = entity_label

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        names = _Names(read_id_names(self.words.resolve()), read_id_names(self.relations.resolve()))
        source = str(path)
        sentences, triples = _part(path, 0), _part(path, 1)
        for index, (words, numbers) in enumerate(zip_longest(sentences, triples)):
            if words is None or numbers is None:
                missing = "sentence" if words is None else "triples"
                raise DataError(
                    f"the lists differ in length: item {index + 1} has no {missing}; "
                    "the file must hold [sentences, triples]",
                    path,
                )
            try:
                gatherer = Gatherer(notes, source, numbers.line)
                sentence = self._sentence(words, numbers, names, gatherer)
            except DataError as error:
                shown = DataError(
                    f"sentence {index + 1}: {error.message}", error.source, error.line
                )
                raise located(shown, source, numbers.line) from error
            if sentence is not None:
                yield sentence

    def _sentence(
        self, sentence: _Numbers, triples: _Numbers, names: _Names, gatherer: Gatherer
    ) -> Sentence | None:
        words = tuple(
            _name(number, names.words, "word", self.words)
            for number in whole_numbers(sentence.numbers, "the sentence")
        )
        numbers = whole_numbers(triples.numbers, "the list of triples")
        if len(numbers) % 3:
            raise DataError(
                f"the list of triples holds {len(numbers)} numbers, not three for each triple"
            )
        if not words and not numbers:
            gatherer.note("sentence without words left out", "")
            return None
        for head, tail, relation in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
            label = _name(relation, names.relations, "relation", self.relations)
            first = self._entity(head, words, gatherer)
            second = self._entity(tail, words, gatherer)
            gatherer.relate(label, first, second, f"({words[head]} | {label} | {words[tail]})")
        found = gatherer.annotations
        return Sentence(words, found.entities, found.relations)

    def _entity(self, place: int, words: tuple[str, ...], gatherer: Gatherer) -> int:
        if not 0 <= place < len(words):
            raise DataError(
                f"place {place} lies outside the sentence of {len(words)} words; places are "
                "those of last words, counted from 0"
            )
        return gatherer.entity(self.entity_label, place, place + 1)


def _part(path: Path, part: Literal[0, 1]) -> Iterator[_Numbers]:
    """One of the two lists; each has a stream of its own."""
    # All of it is ASCII; whatever is not shows as a sign that JSON does not know.
    with (
        open_binary(path) as stream,
        io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="\n") as text,
    ):
        for index, numbers, line in iter_parts(text, str(path), 2):
            if index == part:
                yield _Numbers(numbers, line)


def _name(number: int, names: Mapping[int, str], what: str, file: InputFile) -> str:
    name = names.get(number)
    if name:
        return name
    fault = "is not in" if name is None else "has an empty name in"
    raise DataError(f"{what} number {number} {fault} {file}; name the file that fits the data")
