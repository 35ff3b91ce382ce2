"""CasRel JSON: texts with triples of head, relation and tail."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TextIO

from tango_ie.core.errors import DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import expect, required, shown, strings
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located
from tango_ie.data.readers.json_objects import iter_records
from tango_ie.data.readers.triples.id_names import RelationInventory, existing_file
from tango_ie.data.readers.triples.locating import Locating, Occurrence, Triple, TripleLocator
from tango_ie.data.readers.triples.word_search import words_of
from tango_ie.data.readers.unread_keys import UnreadKeys

_KEYS = ("text", "triple_list")


@Reader.register("tango_ie::casrel")
class CasRelReader(TextReader):
    """Reads ``{"text": "…", "triple_list": [[head, relation, tail], …]}``, an array or lines of it.

    The form of WebNLG, NYT, NYT10 and NYT11 in CasRel, PRGC, OneRel and BiRTE. The text is cut
    into words at blanks, and the arguments are looked for in these words, see
    :class:`TripleLocator`: where and how that was a guess is noted. Sentences without triples are
    kept.

    Args:
        entity_label: type of all entities; the format has none.
        occurrence: which of several places of an argument counts, see :class:`Locating`.
        last_word_only: make an entity of the last word of each argument. That turns a set with
            whole arguments into its last-word-only version; where the arguments are single words
            already (``webnlg_star``, ``nyt_star``) it changes nothing.
        relations: a ``rel2id.json``; a relation that it does not hold is an error.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> text = '[{"text": "Ada met Babbage", "triple_list": [["Ada", "met", "Babbage"]]}]'
    >>> [sentence] = CasRelReader().read_stream(io.StringIO(text), "here", Notes())
    >>> sentence.relations
    (Relation(label='met', head=0, tail=1, score=None),)
    """

    def __init__(
        self,
        entity_label: str = "entity",
        occurrence: Occurrence = "first",
        last_word_only: bool = False,
        relations: InputFile | None = None,
        encoding: str = "utf-8",
    ) -> None:
        super().__init__(encoding)
        self.locating = Locating(entity_label, occurrence, last_word_only)
        self.relations = None if relations is None else existing_file(relations, "relations")

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        locator = TripleLocator(self.locating, notes, source)
        inventory, unread = RelationInventory(self.relations), UnreadKeys(_KEYS)
        for record in iter_records(stream, source):
            try:
                unread.look(record.values)
                words = tuple(words_of(required(record.values, "text", str)))
                triples = _triples(record.values)
                for triple in triples:
                    inventory.check(triple.relation)
                if words:
                    found = locator.locate(words, triples, record.line)
                    yield Sentence(words, found.entities, found.relations)
                elif triples:
                    raise DataError(f"the text has no words, but {len(triples)} triples")
                else:
                    notes.add("sentence without words left out", "", source, record.line)
            except DataError as error:
                raise located(error, source, record.line) from error
        for facts in (unread, inventory):
            facts.state(notes)
        locator.finish()


def _triples(values: Mapping[str, object]) -> list[Triple]:
    triples = []
    for index, item in enumerate(required(values, "triple_list", list)):
        what = f"triple_list[{index}]"
        if len(expect(item, list, what)) != 3:
            raise DataError(f"{what} must be [head, relation, tail], found {shown(item)}")
        triple = Triple(*strings(item, what))
        if not triple.relation:
            raise DataError(f"{what} has no name of its relation, found {shown(item)}")
        triples.append(triple)
    return triples
