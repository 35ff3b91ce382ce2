"""What a conversion found, repaired, dropped or decided: counted, with examples, never silent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tango_ie.core.errors import DataError

_EXAMPLES = 3


class Notes:
    """Counts of the repairs that readers make, by kind, with the first places of each.

    Args:
        strict: every note is an error instead.

    >>> notes = Notes()
    >>> notes.add("I without B", "I-PER after O", "train.txt", 17)
    >>> notes.to_json()
    {'I without B': {'count': 1, 'examples': ['train.txt, line 17: I-PER after O']}}
    """

    def __init__(self, strict: bool = False) -> None:
        self.strict = strict
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[str]] = {}
        self._facts: dict[str, str] = {}

    def add(
        self, kind: str, detail: str, source: object = None, line: int | None = None, count: int = 1
    ) -> None:
        """Note one repair.

        Args:
            kind: what was done, in the same words for every case of it.
            detail: this case.
            source: the file or record.
            line: one-based line number, where there is one.
            count: how many cases this note stands for.

        Raises:
            DataError: these notes are strict.
        """
        case = DataError(detail, source, line)
        if self.strict:
            raise DataError(
                f"{kind}: {detail} (it would be repaired and counted without `strict: true`)",
                source,
                line,
            )
        self._counts[kind] = self._counts.get(kind, 0) + count
        examples = self._examples.setdefault(kind, [])
        if len(examples) < _EXAMPLES:
            examples.append(str(case))

    def state(self, what: str, found: str) -> None:
        """State what was found out about a file, such as its tag scheme; never an error."""
        self._facts[what] = found

    @property
    def facts(self) -> Mapping[str, str]:
        """What was found out, in the order in which it was stated."""
        return dict(self._facts)

    @property
    def counts(self) -> Mapping[str, int]:
        """How often each kind occurred."""
        return dict(self._counts)

    def to_json(self) -> dict[str, Any]:
        """Counts and examples by kind, sorted."""
        return {
            kind: {"count": self._counts[kind], "examples": list(self._examples[kind])}
            for kind in sorted(self._counts)
        }
