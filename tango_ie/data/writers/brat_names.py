"""Names that brat can spell, for labels and files; each stays apart from the others."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tango_ie.data.json_values import shown
from tango_ie.data.notes import Notes

_STRANGE = re.compile(r"[^\w.-]+")
# In bytes of UTF-8 a name of this many characters fits any file system.
_LONGEST = 50


class LabelNames:
    """Spells labels with letters, digits, ``_``, ``-`` and ``.``; the same label always alike.

    >>> labels = LabelNames()
    >>> [labels.entity(label) for label in ("born in", "born_in", "PER", "born in")]
    ['born_in', 'born_in_2', 'PER', 'born_in']
    """

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self.entities: set[str] = set()
        self.relations: set[str] = set()

    def entity(self, label: str) -> str:
        """The name of an entity's label."""
        name = self._name(label)
        self.entities.add(name)
        return name

    def relation(self, label: str) -> str:
        """The name of a relation's label."""
        name = self._name(label)
        self.relations.add(name)
        return name

    def changed(self, labels: Iterable[str]) -> dict[str, str]:
        """Name → label, of those of these labels that are spelt otherwise."""
        return {self._names[label]: label for label in labels if self._names[label] != label}

    def state(self, notes: Notes) -> None:
        """State which labels are spelt otherwise."""
        found = [
            f"{shown(label)} as {name}" for label, name in self._names.items() if label != name
        ]
        if found:
            notes.state("labels spelt for brat", ", ".join(found))

    def _name(self, label: str) -> str:
        name = self._names.get(label)
        if name is None:
            base = name = _STRANGE.sub("_", label) or "_"
            number = 1
            while name in self._taken:
                number += 1
                name = f"{base}_{number}"
            self._names[label] = name
            self._taken.add(name)
        return name


class FileNames:
    """Names files after documents.

    >>> files = FileNames()
    >>> [files.name(doc_id) for doc_id in ("a/b", "a:b", None, "../..", None)]
    ['a_b', 'a_b_2', 'document', '_', 'document_2']
    """

    def __init__(self) -> None:
        # Without regard to case, as on the disks of some systems.
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def name(self, doc_id: str | None) -> str:
        """A name, without suffix, that no document had before."""
        plain = "document" if doc_id is None else doc_id
        base = name = _STRANGE.sub("_", plain)[:_LONGEST].strip(".") or "_"
        while name.casefold() in self._taken:
            self._last[base] = self._last.get(base, 1) + 1
            name = f"{base}_{self._last[base]}"
        self._taken.add(name.casefold())
        return name


def configuration(labels: LabelNames) -> str:
    """``annotation.conf`` of a collection, without which brat shows no types to choose from."""
    relations = [f"{name}\tArg1:<ENTITY>, Arg2:<ENTITY>" for name in sorted(labels.relations)]
    lines = ["[entities]", *sorted(labels.entities), "[relations]", *relations]
    return "\n".join([*lines, "[events]", "[attributes]"]) + "\n"
