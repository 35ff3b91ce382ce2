"""JointER JSON: words with triples by spans of words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TextIO

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import expect, filled_words, required, shown, strings
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.json_objects import iter_records
from tango_ie.data.readers.triples.gathering import Gatherer, check_label
from tango_ie.data.readers.unread_keys import UnreadKeys

_KEYS = ("tokens", "spo_list", "spo_details", "pos_tags")
_DETAIL = "[start, end, type, relation, start, end, type]"
_NO_TYPE = "None-label"


class _Detail(NamedTuple):
    head: tuple[str, int, int]
    relation: str
    tail: tuple[str, int, int]


@Reader.register("tango_ie::jointer")
class JointERReader(TextReader):
    """Reads an array, or lines, of objects with ``tokens`` and ``spo_details``.

    A detail is ``[start, end, type, relation, start, end, type]``, ends exclusive. ``pos_tags``
    become the layer ``pos``. ``spo_list`` repeats the triples as texts; where it is there it is
    compared with the spans, which count. Repeated triples and those of an entity with itself are
    treated as in :class:`Gatherer`.

    Args:
        entity_label: type of entities whose type is ``None-label``.
        encoding: see :class:`TextReader`.
    """

    def __init__(self, entity_label: str = "entity", encoding: str = "utf-8") -> None:
        super().__init__(encoding)
        check_label(entity_label)
        self.entity_label = entity_label

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        unread = UnreadKeys(_KEYS)
        for record in iter_records(stream, source):
            try:
                unread.look(record.values)
                gatherer = Gatherer(notes, source, record.line)
                sentence = self._sentence(record.values, gatherer)
                if sentence is not None:
                    yield sentence
            except DataError as error:
                raise located(error, source, record.line) from error
        unread.state(notes)

    def _sentence(self, values: dict[str, Any], gatherer: Gatherer) -> Sentence | None:
        items = required(values, "spo_details", list)
        if values.get("tokens") == [] and not items:
            gatherer.note("sentence without words left out", "")
            return None
        required(values, "tokens", list)
        words = filled_words(values["tokens"], "tokens")
        details = [
            self._detail(item, f"spo_details[{index}]", len(words))
            for index, item in enumerate(items)
        ]
        _compare(words, details, values, gatherer)
        for detail in details:
            head, tail = gatherer.entity(*detail.head), gatherer.entity(*detail.tail)
            gatherer.relate(detail.relation, head, tail, _shown(words, detail))
        found = gatherer.annotations
        tags = {"pos": strings(values["pos_tags"], "pos_tags")} if "pos_tags" in values else {}
        return Sentence(words, found.entities, found.relations, tags)

    def _detail(self, value: object, what: str, size: int) -> _Detail:
        item = expect(value, list, what)
        if len(item) != 7:
            raise DataError(f"{what} must be {_DETAIL}, found {shown(item)}")
        head = self._argument(item[0:3], f"{what}, head", size)
        relation = expect(item[3], str, f"{what}, relation")
        if not relation:
            raise DataError(f"{what} has no name of its relation, found {shown(item)}")
        return _Detail(head, relation, self._argument(item[4:7], f"{what}, tail", size))

    def _argument(self, item: list[Any], what: str, size: int) -> tuple[str, int, int]:
        start = expect(item[0], int, f"{what}, start")
        end = expect(item[1], int, f"{what}, end")
        label = expect(item[2], str, f"{what}, type")
        if not 0 <= start < end <= size:
            raise DataError(
                f"{what} [{start}, {end}) lies outside the {size} tokens; ends are exclusive, "
                "and starts count from 0"
            )
        return (self.entity_label if label in ("", _NO_TYPE) else label), start, end


def _compare(
    words: Sequence[str], details: list[_Detail], values: Mapping[str, Any], gatherer: Gatherer
) -> None:
    if "spo_list" not in values:
        return
    triples = expect(values["spo_list"], list, "spo_list")
    if len(triples) != len(details):
        gatherer.note(
            "spo_list unlike spo_details: the spans taken",
            f"{len(triples)} triples for {len(details)} of spans",
        )
        return
    for triple, detail in zip(triples, details, strict=True):
        texts = [" ".join(words[start:end]) for _, start, end in (detail.head, detail.tail)]
        if triple != [texts[0], detail.relation, texts[1]]:
            gatherer.note(
                "spo_list unlike spo_details: the spans taken",
                f"{shown(triple)} for {_shown(words, detail)}",
            )


def _shown(words: Sequence[str], detail: _Detail) -> str:
    head, tail = (" ".join(words[start:end]) for _, start, end in (detail.head, detail.tail))
    return f"({head} | {detail.relation} | {tail})"
