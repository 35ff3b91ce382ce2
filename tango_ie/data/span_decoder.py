"""Columns of span tags to entities, with notes on what was repaired and which scheme was found."""

from __future__ import annotations

from collections.abc import Sequence

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.data.notes import Notes
from tango_ie.data.scheme_finder import SchemeFinder
from tango_ie.data.schemes import OUTSIDE, FoundScheme, Repair, TagScheme, tags_to_entities


class SpanDecoder:
    """Decodes one column of a file, sentence by sentence.

    Args:
        scheme: of the tags; ``auto`` finds it out, and :meth:`finish` states it.
        column: its name, for notes.
        source: the file.
        notes: where repairs and the scheme go.
        bare_label: type of entities whose tags name none (``B``, ``I``).

    >>> notes = Notes()
    >>> decoder = SpanDecoder("auto", "entities", "train.txt", notes)
    >>> decoder.decode(["B-PER", "I-PER", "O"], first_line=1)
    [Entity(label='PER', start=0, end=2, score=None)]
    >>> decoder.finish()
    >>> notes.facts
    {'scheme of entities': 'iob2'}
    """

    def __init__(
        self,
        scheme: FoundScheme,
        column: str,
        source: str,
        notes: Notes,
        bare_label: str | None = None,
    ) -> None:
        self.column = column
        self.source = source
        self.notes = notes
        self.bare_label = bare_label
        self._scheme: TagScheme | None = None if scheme == "auto" else scheme
        self._finder = SchemeFinder(bare_label)

    def decode(self, tags: Sequence[str], first_line: int, one_line: bool = False) -> list[Entity]:
        """The entities of a sentence.

        Args:
            tags: one per word.
            first_line: where the sentence begins in the file.
            one_line: the whole sentence stands there, instead of one word a line.

        Raises:
            DataError: a tag that the scheme does not know; with strict notes a broken sequence too.
        """
        if tags.count(OUTSIDE) == len(tags):  # most sentences of most corpora
            return []
        step = 0 if one_line else 1
        try:
            if self._scheme is None:
                return self._finder.decode(tags, first_line, step)
            return self._decode_known(tags, self._scheme, first_line, step)
        except DataError as error:
            if error.source is not None:
                raise
            line = error.line or first_line + step * self._first_bad(tags)
            raise self._placed(error, line) from error

    def finish(self) -> None:
        """State the scheme that was found, and note what breaks it; call it at the file's end.

        Raises:
            DataError: no scheme fits; with strict notes also if something breaks the one that does.
        """
        if self._scheme is not None:
            return
        try:
            found = self._finder.conclude()
        except DataError as error:
            raise self._placed(error, error.line) from error
        if not found.entities:
            return
        self.notes.state(f"scheme of {self.column}", found.scheme)
        for fault in found.faults:
            counts = [1] * (len(fault.examples) - 1)
            counts.append(fault.count - len(counts))
            for (detail, line), count in zip(fault.examples, counts, strict=True):
                kind = self._kind(fault.kind, found.scheme)
                self.notes.add(kind, detail, self.source, line, count)

    def _decode_known(
        self, tags: Sequence[str], scheme: TagScheme, first_line: int, step: int
    ) -> list[Entity]:
        repairs: list[Repair] = []
        entities = tags_to_entities(tags, scheme, bare_label=self.bare_label, repairs=repairs)
        for kind, position, detail in repairs:
            line = first_line + step * position
            self.notes.add(self._kind(kind, scheme), detail, self.source, line)
        return entities

    def _placed(self, error: DataError, line: int | None) -> DataError:
        return DataError(f"column {self.column!r}: {error.message}", self.source, line)

    def _kind(self, kind: str, scheme: TagScheme) -> str:
        return f"{self.column}: {kind} ({scheme})"

    def _first_bad(self, tags: Sequence[str]) -> int:
        for position, tag in enumerate(tags):
            try:
                if self._scheme is None:
                    SchemeFinder(self.bare_label).decode([tag], 1)
                else:
                    tags_to_entities([tag], self._scheme, bare_label=self.bare_label)
            except DataError:
                return position
        return 0
