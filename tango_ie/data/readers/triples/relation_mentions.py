"""Lines with ``relationMentions``: pairs of texts with a relation, as of CoType and its heirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, TextIO

from tango_ie.core.errors import DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import expect, required, shown
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.json_objects import iter_records
from tango_ie.data.readers.triples.id_names import RelationInventory, existing_file
from tango_ie.data.readers.triples.locating import (
    Locating,
    Mention,
    Occurrence,
    Triple,
    TripleLocator,
)
from tango_ie.data.readers.triples.word_search import words_of
from tango_ie.data.readers.unread_keys import UnreadKeys

_KEYS = ("sentText", "relationMentions", "entityMentions", "articleId", "sentId")


class _Record(NamedTuple):
    words: tuple[str, ...]
    triples: list[Triple]
    mentions: list[Mention]


@Reader.register("tango_ie::relation_mentions")
class RelationMentionsReader(TextReader):
    """Reads lines of ``{"sentText": …, "relationMentions": [{"em1Text", "em2Text", "label"}]}``.

    The form of SPN4RE and, with ``entityMentions``, ``articleId`` and ``sentId``, of CoType. The
    text is cut into words at blanks, and the arguments are looked for in these words, see
    :class:`TripleLocator`. ``entityMentions`` are entities of the type that their ``label`` gives,
    the n-th mention of a text at its n-th place; their ``start`` counts mentions, no characters,
    and is not read. ``articleId`` becomes ``doc_id``, ``sentId`` becomes ``position`` as it stands.

    Args:
        entity_label: type of arguments that are no entity mentions.
        occurrence: which of several places of an argument counts, see :class:`Locating`.
        last_word_only: make an entity of the last word of each argument or mention.
        no_relation: label of pairs that are listed, but not related; their number is stated.
        relations: a ``rel2id.json``; a relation that it does not hold is an error.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> pair = '{"em1Text": "Ada", "em2Text": "Rome", "label": "in"}'
    >>> line = f'{{"sentText": "Ada saw Rome", "relationMentions": [{pair}]}}'
    >>> [found] = RelationMentionsReader().read_stream(io.StringIO(line), "here", Notes())
    >>> found.relations
    (Relation(label='in', head=0, tail=1, score=None),)
    """

    def __init__(
        self,
        entity_label: str = "entity",
        occurrence: Occurrence = "first",
        last_word_only: bool = False,
        no_relation: str = "None",
        relations: InputFile | None = None,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self.locating = Locating(entity_label, occurrence, last_word_only)
        self.no_relation = no_relation
        self.relations = None if relations is None else existing_file(relations, "relations")

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        locator = TripleLocator(self.locating, notes, source)
        inventory, unread = RelationInventory(self.relations), UnreadKeys(_KEYS)
        unrelated = 0
        for values, line in iter_records(stream, source):
            try:
                unread.look(values)
                words, pairs, mentions = _record(values)
                triples = [pair for pair in pairs if pair.relation != self.no_relation]
                unrelated += len(pairs) - len(triples)
                for triple in triples:
                    inventory.check(triple.relation)
                if not words:
                    if pairs or mentions:
                        raise DataError("sentText has no words, but there are mentions of it")
                    notes.add("sentence without words left out", "", source, line)
                    continue
                found = locator.locate(words, triples, line, mentions)
                yield Sentence(
                    words,
                    found.entities,
                    found.relations,
                    doc_id=_doc_id(values.get("articleId")),
                    position=_position(values.get("sentId")),
                )
            except DataError as error:
                raise located(error, source, line) from error
        for facts in (unread, inventory):
            facts.state(notes)
        if unrelated:
            notes.state("pairs without a relation", f"{unrelated} labelled {self.no_relation!r}")
        locator.finish()


def _record(values: dict[str, Any]) -> _Record:
    text = required(values, "sentText", str)
    triples = []
    for index, item in enumerate(required(values, "relationMentions", list)):
        what = f"relationMentions[{index}]"
        pair = expect(item, dict, what)
        label = required(pair, "label", str, what)
        if not label:
            raise DataError(f"{what} has no label, found {shown(pair)}")
        head, tail = (required(pair, key, str, what) for key in ("em1Text", "em2Text"))
        triples.append(Triple(head, label, tail))
    mentions = []
    listed = values.get("entityMentions")
    for index, item in enumerate([] if listed is None else expect(listed, list, "entityMentions")):
        what = f"entityMentions[{index}]"
        mention = expect(item, dict, what)
        label = required(mention, "label", str, what)
        if not label:
            raise DataError(f"{what} has no label, found {shown(mention)}")
        mentions.append(Mention(required(mention, "text", str, what), label))
    return _Record(tuple(words_of(text)), triples, mentions)


def _doc_id(value: object) -> str | None:
    if value is None:
        return None
    number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if number else expect(value, str, "articleId")


def _position(value: object) -> int | None:
    """A number, or the digits of one: releases differ."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 18:
        value = int(value)
    return None if value is None else expect(value, int, "sentId")
