"""The small language in which the sentences and names of the embedded corpus are written.

=====================  =======================================================================
``word`` ``word/VERB``  a literal word; its part of speech comes from the lexicon or is given
``[one|two words|]``    one of the branches, all equally likely; an empty branch is optional
``{P}`` ``{P.he}``      a participant of the document, in the form given
``{weekday}``           an entry of a word list
``#12-95`` ``#0.5-9.9`` a number in a range
``<works_for:P:C>``     a relation that this sentence states; the mark takes no room
``@-``                  a word written without spaces on both sides
``^the``                in names: a word that goes with the name but lies outside the entity
``(ORG`` … ``ORG)``     in names: an entity nested in the name
``{town.new}``          in names: a nested entity of a kind; ``{town.words}``: its words again
``tern~terns``          in lists: singular and plural
=====================  =======================================================================
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from tango_ie.core.errors import DataError
from tango_ie.data.embedded.draws import Draws

ANYONE = "*"
ANAPHORIC = frozenset(["he", "him", "his", "himself", "the", "short"])  # need a name before

_UNIVERSAL_TAGS = "ADJ|ADP|ADV|AUX|CCONJ|DET|INTJ|NOUN|NUM|PART|PRON|PROPN|PUNCT|SCONJ|SYM|VERB|X"
_PIECE = re.compile(r"[\[\]|]|[^\s\[\]|]+")
_SLOT = re.compile(r"\{(\*|\w+)(?:\.(\w+))?\}")
_NUMBER = re.compile(r"#(\d+)(?:\.(\d+))?-(\d+)(?:\.(\d+))?")
_LINK = re.compile(r"<(\w+):(\w+):(\w+)>")
_NESTED = re.compile(r"\((?P<opens>[A-Z]+)|(?P<closes>[A-Z]+)\)")
_WORD = re.compile(rf"(?P<mark>[@^]?)(?P<text>.+?)(?:/(?P<tag>{_UNIVERSAL_TAGS}))?")


@dataclass(frozen=True)
class Word:
    """A literal; where ``tag`` is empty the lexicon decides."""

    text: str
    tag: str = ""
    glued: bool = False
    outside: bool = False


@dataclass(frozen=True)
class Slot:
    """A participant (upper-case key) or an entry of a word list (lower-case key)."""

    key: str
    form: str = ""


@dataclass(frozen=True)
class Number:
    """A number between ``low`` and ``high``, both counted in units of ``10 ** -decimals``."""

    low: int
    high: int
    decimals: int = 0


@dataclass(frozen=True)
class Link:
    """A relation between the participants ``head`` and ``tail`` that the sentence states."""

    label: str
    head: str
    tail: str


@dataclass(frozen=True)
class Bracket:
    """The start or the end of an entity nested in a name."""

    label: str
    opens: bool


Item: TypeAlias = Word | Slot | Number | Link | Bracket


@dataclass(frozen=True)
class Choice:
    """Branches of which one is taken."""

    branches: tuple[tuple[Item | Choice, ...], ...]


Node: TypeAlias = Item | Choice


@dataclass(frozen=True)
class Template:
    """A sentence to be: where it is written, its story, whether it opens a document, its nodes."""

    identifier: str
    story: str
    leads: bool
    nodes: tuple[Node, ...]


def parse(text: str) -> tuple[Node, ...]:
    """Read one line of the language described at the head of this module.

    Raises:
        DataError: when the brackets do not match.

    >>> parse("{P} said/VERB")[0]
    Slot(key='P', form='')
    """
    branches = _branches(iter(_PIECE.findall(text)), text, nested=False)
    return branches[0] if len(branches) == 1 else (Choice(branches),)


def expand(nodes: Sequence[Node], draws: Draws) -> list[Item]:
    """Take one branch of every choice."""
    items: list[Item] = []
    for node in nodes:
        if isinstance(node, Choice):
            items.extend(expand(draws.pick(node.branches), draws))
        else:
            items.append(node)
    return items


def read_templates(path: Path) -> list[Template]:
    """Read a file of ``story NAME`` headings and ``lead …`` / ``body …`` lines.

    Raises:
        DataError: naming the file and the line that cannot be read.
    """
    templates: list[Template] = []
    story = ""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        kind, _, rest = line.strip().partition(" ")
        if not kind or kind.startswith("#"):
            continue
        if kind == "story":
            story = rest
        elif kind in ("lead", "body"):
            identifier = f"{path.stem}:{number}"
            templates.append(Template(identifier, story, kind == "lead", parse(rest)))
        else:
            raise DataError(f"a line starts with story, lead or body, not {kind!r}", path, number)
    return templates


def _branches(pieces: Iterator[str], source: str, nested: bool) -> tuple[tuple[Node, ...], ...]:
    branches: list[list[Node]] = [[]]
    for piece in pieces:
        if piece == "[":
            branches[-1].append(Choice(_branches(pieces, source, nested=True)))
        elif piece == "|":
            branches.append([])
        elif piece == "]":
            if nested:
                return tuple(tuple(branch) for branch in branches)
            raise DataError(f"a closing bracket too many in: {source}")
        else:
            branches[-1].append(_item(piece))
    if nested:
        raise DataError(f"a closing bracket is missing in: {source}")
    return tuple(tuple(branch) for branch in branches)


def _item(piece: str) -> Item:
    if match := _SLOT.fullmatch(piece):
        return Slot(match[1], match[2] or "")
    if match := _NUMBER.fullmatch(piece):
        decimals = len(match[2] or "")
        return Number(int(match[1] + (match[2] or "")), int(match[3] + (match[4] or "")), decimals)
    if match := _LINK.fullmatch(piece):
        return Link(match[1], match[2], match[3])
    if match := _NESTED.fullmatch(piece):
        return Bracket(match["opens"] or match["closes"], opens=bool(match["opens"]))
    match = _WORD.fullmatch(piece)
    if match is None:  # the pattern takes any text; this keeps the type checker content
        raise DataError(f"cannot read {piece!r}")
    return Word(match["text"], match["tag"] or "", match["mark"] == "@", match["mark"] == "^")


def needed_before(nodes: Sequence[Node]) -> frozenset[str]:
    """Participants that the sentence refers to by a pronoun or noun before it names them.

    >>> sorted(needed_before(parse("{P.he} met {Q} , who knew {Q.his} name .")))
    ['P']
    """
    return frozenset(_walk(nodes, frozenset())[0])


def refers_back(nodes: Sequence[Node]) -> bool:
    """Whether the sentence needs someone who has been named before, whoever it is."""
    return any(
        any(refers_back(branch) for branch in node.branches)
        if isinstance(node, Choice)
        else isinstance(node, Slot) and node.key == ANYONE
        for node in nodes
    )


def _walk(nodes: Sequence[Node], named: frozenset[str]) -> tuple[set[str], frozenset[str]]:
    needed: set[str] = set()
    for node in nodes:
        if isinstance(node, Choice):
            results = [_walk(branch, named) for branch in node.branches]
            needed.update(*(needs for needs, _ in results))
            named = frozenset.intersection(*(names for _, names in results))
        elif isinstance(node, Slot) and node.form in ANAPHORIC:
            needed.update({node.key} - named)
        elif isinstance(node, Slot):
            named |= {node.key}
    return needed, named
