"""The lines of a brat standoff file: what is read of them, and what is only counted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.data.alignment import Offset
from tango_ie.data.json_values import shown
from tango_ie.data.readers.base import located
from tango_ie.data.readers.word_records import Place

SUBTYPE = "Subtype"
"""Type of the notes (``#`` lines) that hold the finer type of an entity."""

_SPAN = re.compile(r"(\S.*?) +([0-9]{1,12} [0-9]{1,12}(?:;[0-9]{1,12} [0-9]{1,12})*)")
_COUNTED = {
    "E": "event (E line) not read",
    "A": "attribute (A or M line) not read",
    "M": "attribute (A or M line) not read",
    "N": "normalisation (N line) not read",
    "#": "note (# line) not read",
    "*": "equivalence (* line) not read",
}
_ROLES = ("Arg1", "Arg2")


class TextBound(NamedTuple):
    """A ``T`` line: a label and one or more fragments ``[start, end)`` of the document.

    ``text`` is what the line says that they hold, where it says so.
    """

    name: str
    label: str
    fragments: tuple[Offset, ...]
    text: str | None
    line: int


class Link(NamedTuple):
    """An ``R`` line: a label and the names of two annotations."""

    label: str
    head: str
    tail: str
    line: int


@dataclass
class Standoff:
    """What is read of a file: ``T`` lines by name, ``R`` lines, and the subtypes of the former."""

    entities: dict[str, TextBound] = field(default_factory=dict)
    relations: list[Link] = field(default_factory=list)
    subtypes: dict[str, str] = field(default_factory=dict)
    events: set[str] = field(default_factory=set)

    def spelt(self, labels: Mapping[str, str]) -> Standoff:
        """The same with other labels, for those that have another here."""
        return Standoff(
            {
                name: bound._replace(label=labels.get(bound.label, bound.label))
                for name, bound in self.entities.items()
            },
            [link._replace(label=labels.get(link.label, link.label)) for link in self.relations],
            self.subtypes,
            self.events,
        )


def read_standoff(lines: Sequence[str], place: Place) -> Standoff:
    """Read the lines of a file; what has no place in a :class:`Standoff` is noted.

    Raises:
        DataError: a line of another form, a name that is there twice or not at all.

    >>> from tango_ie.data.notes import Notes
    >>> lines = ["T1\\tPER 0 3\\tAda", "T2\\tLOC 10 14\\tBath", "R1\\tIn Arg1:T1 Arg2:T2"]
    >>> read_standoff(lines, Place(Notes(), "a.ann", None)).relations
    [Link(label='In', head='T1', tail='T2', line=3)]
    """
    found = Standoff()
    names: set[str] = set()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            _read_line(line.rstrip("\r\n"), number, found, names, place._replace(line=number))
        except DataError as error:
            raise located(error, place.source, number) from error
    for name in sorted(found.subtypes.keys() - found.entities.keys()):
        place.note(_COUNTED["#"], f"{SUBTYPE} {name}")
        del found.subtypes[name]
    for link in found.relations:
        for name in (link.head, link.tail):
            if name not in found.entities and name not in found.events:
                raise DataError(
                    f"the relation {shown(link.label)} is about {name}, and no line is called so",
                    place.source,
                    link.line,
                )
    return found


def _read_line(line: str, number: int, found: Standoff, names: set[str], place: Place) -> None:
    name, *cells = line.split("\t", 2)
    kind = name[:1]
    if kind not in (*_COUNTED, "T", "R") or not cells:
        raise DataError(
            f"{shown(line)} is no line of brat: a name that begins with one of T R E A M N # *, "
            "a tab, and what it is about"
        )
    # The others have no names that anything here refers to.
    if kind in "TRE" and name in names:
        raise DataError(f"{name} is the name of two lines; give each line its own")
    names.add(name)
    if kind == "T":
        found.entities[name] = _text_bound(name, cells, number)
    elif kind == "R":
        found.relations.append(_link(name, cells[0], number))
    elif kind == "#" and len(cells) == 2 and cells[0].split(" ")[0] == SUBTYPE:
        found.subtypes[cells[0].partition(" ")[2]] = cells[1]
    else:
        if kind == "E":
            found.events.add(name)
        place.note(_COUNTED[kind], line)


def _text_bound(name: str, cells: list[str], number: int) -> TextBound:
    match = _SPAN.fullmatch(cells[0])
    if match is None:
        raise DataError(
            f"{name} needs a type and the start and end of its characters (Person 0 5, or "
            f"Person 0 5;8 12), found {shown(cells[0])}"
        )
    pairs = [pair.split(" ") for pair in match[2].split(";")]
    fragments = tuple((int(start), int(end)) for start, end in pairs)
    last = 0
    for start, end in fragments:
        if not last <= start < end:
            raise DataError(
                f"{name} covers {shown(match[2])}; each start must lie before its end, and behind "
                "the end before it"
            )
        last = end
    return TextBound(name, match[1], fragments, cells[1] if len(cells) == 2 else None, number)


def _link(name: str, cell: str, number: int) -> Link:
    parts = cell.split()
    roles = dict(part.split(":", 1) for part in parts[1:] if ":" in part)
    if len(parts) != 3 or len(roles) != 2:
        raise DataError(
            f"{name} needs a type and two arguments (Lives_in Arg1:T1 Arg2:T2), found {shown(cell)}"
        )
    # Some corpora name the arguments otherwise; then it is their order that counts.
    head, tail = _ROLES if set(roles) == set(_ROLES) else roles
    return Link(parts[0], roles[head], roles[tail], number)
