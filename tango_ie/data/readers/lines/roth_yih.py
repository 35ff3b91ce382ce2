"""The original corpus of Roth and Yih (2004): one row an entity or word, then the relations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TextIO

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, TextReader, located

PLACEHOLDERS = {
    "COMMA": ",",
    "-LRB-": "(",
    "-RRB-": ")",
    "-LSB-": "[",
    "-RSB-": "]",
    "-LCB-": "{",
    "-RCB-": "}",
}
_WORD_WIDTH, _RELATION_WIDTH = 9, 3
_OUTSIDE = "O"


@dataclass
class _Pending:
    """A sentence that is complete when the next one begins."""

    identifier: str
    rows: int = 0
    closed: bool = False
    words: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    entity_of_row: dict[int, int] = field(default_factory=dict)

    def sentence(self) -> Sentence:
        return Sentence(
            tuple(self.words),
            tuple(self.entities),
            tuple(self.relations),
            {"pos": tuple(self.pos)},
            doc_id=self.identifier,
            position=0,
        )


@Reader.register("tango_ie::roth_yih")
class RothYihReader(TextReader):
    """Reads ``conll04.corp``: nine tab-separated columns a row, of which five are used.

    The columns are: sentence, entity type (``O`` for none), number of the row, (unused), part of
    speech, words, (three unused). Empty lines end a sentence; relations follow it, one a line:
    row of the head entity, row of the tail entity, label.

    An entity of several words is one row with words and parts of speech joined by ``/``; it is cut
    into words again. Where only one part of speech is given, the ``/`` is part of the word; where
    the numbers differ otherwise, words that have no tag get the row's last. Both are noted. A
    relation whose row is no entity is left out and noted.

    Each sentence is a document: its number in the corpus, which ``conll04/multihead`` names in its
    ``#doc`` lines, is its ``doc_id``. Parts of speech are the layer ``pos``.

    Args:
        placeholders: spellings of signs → the sign; ``None`` stands for ``COMMA`` and the brackets
            of the Penn Treebank (``-LRB-``). How many were replaced is stated.
        encoding: see :class:`TextReader`.

    >>> import io
    >>> rows = ["3 Peop 0 O NNP/NNP Ada/Byron O O O", "3 O 1 O , COMMA O O O"]
    >>> stream = io.StringIO("\\n".join(rows).replace(" ", "\\t"))
    >>> next(RothYihReader().read_stream(stream, "here", Notes())).words
    ('Ada', 'Byron', ',')
    """

    def __init__(self, placeholders: dict[str, str] | None = None, encoding: str = "utf-8") -> None:
        super().__init__(encoding)
        self.placeholders: Mapping[str, str] = dict(
            PLACEHOLDERS if placeholders is None else placeholders
        )
        for name, sign in self.placeholders.items():
            if not name or not sign:
                raise ConfigurationError(f"{name!r}: {sign!r} has an empty side", "placeholders")

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`TextReader.read_stream`."""
        pending: _Pending | None = None
        replaced: Counter[str] = Counter()
        for number, line in enumerate(stream, start=1):
            text = line.strip(" \r\n")
            if not text.strip("\t"):
                if pending is not None:
                    pending.closed = True
                continue
            cells = text.split("\t")
            try:
                if len(cells) == _RELATION_WIDTH:
                    _add_relation(pending, cells, source, number, notes)
                    continue
                if len(cells) != _WORD_WIDTH:
                    raise DataError(
                        f"{len(cells)} columns parted by tabs, expected {_WORD_WIDTH} for a row of "
                        f"a sentence or {_RELATION_WIDTH} for a relation: {text[:120]!r}; "
                        "mend the line"
                    )
                if pending is None or pending.closed:
                    if pending is not None:
                        yield pending.sentence()
                    pending = _Pending(cells[0])
                self._add_row(pending, cells, source, number, notes, replaced)
            except DataError as error:
                raise located(error, source, number) from error
        if pending is not None:
            yield pending.sentence()
        if replaced:
            notes.state(
                "signs spelled by name",
                ", ".join(
                    f"{name} → {self.placeholders[name]} ({count} times)"
                    for name, count in sorted(replaced.items())
                ),
            )

    def _add_row(
        self,
        pending: _Pending,
        cells: list[str],
        source: str,
        line: int,
        notes: Notes,
        replaced: Counter[str],
    ) -> None:
        identifier, label, row, _, pos, joined, *_ = cells
        if identifier != pending.identifier:
            raise DataError(
                f"a row of sentence {identifier[:20]!r} within sentence "
                f"{pending.identifier[:20]!r}; part sentences by an empty line"
            )
        if row != str(pending.rows):
            raise DataError(
                f"the row has the number {row[:20]!r}, expected {pending.rows}; number the rows "
                "of a sentence from 0"
            )
        words, tags = _split(joined, pos, source, line, notes)
        for name in words:
            if not name or not label or not pos:
                raise DataError(
                    f"a word, its entity type or its part of speech is empty: {cells!r}; "
                    "mend the line"
                )
            if name in self.placeholders:
                replaced[name] += 1
        if label != _OUTSIDE:
            start = len(pending.words)
            pending.entity_of_row[pending.rows] = len(pending.entities)
            pending.entities.append(Entity(label, start, start + len(words)))
        pending.words += [self.placeholders.get(word, word) for word in words]
        pending.pos += tags
        pending.rows += 1


def _split(
    joined: str, pos: str, source: str, line: int, notes: Notes
) -> tuple[list[str], list[str]]:
    words, tags = joined.split("/"), pos.split("/")
    if len(words) == len(tags):
        return words, tags
    if len(tags) == 1:
        if joined != "/":
            detail = f"{joined[:60]!r} has the one tag {pos!r}"
            notes.add("word with a slash kept whole", detail, source, line)
        return [joined], tags
    detail = f"{len(words)} words, {len(tags)} tags: {joined[:60]!r}, {pos[:60]!r}"
    notes.add("words without a tag of their own given the last one", detail, source, line)
    last = tags[-1]
    kept = tags[: len(words) - 1]
    return words, kept + [last] * (len(words) - len(kept))


def _add_relation(
    pending: _Pending | None, cells: list[str], source: str, line: int, notes: Notes
) -> None:
    if pending is None:
        raise DataError("a relation before the first sentence; mend the line")
    head, tail, label = cells
    if not label:
        raise DataError("the relation has no label; mend the line")
    pending.closed = True
    arguments = []
    for name, row in (("head", head), ("tail", tail)):
        if not (row.isascii() and row.isdigit() and len(row) < 10):
            raise DataError(f"the {name} must be the number of a row, found {row[:20]!r}")
        if int(row) >= pending.rows:
            raise DataError(
                f"the {name} {row} of relation {label} is no row of the sentence above, which has "
                f"{pending.rows} (0 to {pending.rows - 1}); mend the number"
            )
        arguments.append(pending.entity_of_row.get(int(row)))
    first, second = arguments
    if first is None or second is None:
        detail = f"{label} from row {head} to {tail}: row {head if first is None else tail}"
        notes.add(
            "relation at a row that is no entity left out",
            f"{detail} is no entity",
            source,
            line,
        )
        return
    pending.relations.append(Relation(label, first, second))
