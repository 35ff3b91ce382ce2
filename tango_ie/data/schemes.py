"""Tag schemes: word tags such as ``B-PER`` to spans of words and back.

========  ===============================================================  ==================
scheme    prefixes                                                         first word is
========  ===============================================================  ==================
iob1      ``I``; ``B`` only right after an entity of the same type         ``I`` (rarely ``B``)
iob2      ``B`` begins, ``I`` continues                                    ``B``
bioes     ``B`` begins, ``I`` continues, ``E`` ends, ``S`` is one word     ``B`` or ``S``
bilou     the same with ``L`` for ``E`` and ``U`` for ``S``                ``B`` or ``U``
========  ===============================================================  ==================

A tag is split at its first ``-``: ``B-creative-work`` is of type ``creative-work``. Sequences that
a scheme does not allow are read as ``conlleval`` (Tjong Kim Sang 2002) reads them: an entity begins
wherever the type changes or nothing is there to continue. Each such reading is a :class:`Repair`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity

TagScheme = Literal["iob1", "iob2", "bioes", "bilou"]
FoundScheme = Literal["auto", "iob1", "iob2", "bioes", "bilou"]
"""A scheme, or ``auto``: :class:`tango_ie.data.scheme_finder.SchemeFinder` finds it out."""
OUTSIDE = "O"

UNCLOSED = "entity without end"
BEGUN_BY_B = "B that separates nothing"
_REMEMBERED = 65536

SCHEMES: tuple[TagScheme, ...] = get_args(TagScheme)

# prefix → (always begins an entity, always ends one)
_ROLES: dict[TagScheme, dict[str, tuple[bool, bool]]] = {
    "iob1": {"I": (False, False), "B": (True, False)},
    "iob2": {"B": (True, False), "I": (False, False)},
    "bioes": {"B": (True, False), "I": (False, False), "E": (False, True), "S": (True, True)},
    "bilou": {"B": (True, False), "I": (False, False), "L": (False, True), "U": (True, True)},
}


class Repair(NamedTuple):
    """One place where a tag sequence broke the rules of its scheme."""

    kind: str
    position: int
    detail: str


class _Tag(NamedTuple):
    begins: bool
    ends: bool
    label: str
    prefix: str


def tags_to_entities(
    tags: Sequence[str],
    scheme: TagScheme,
    *,
    bare_label: str | None = None,
    repairs: list[Repair] | None = None,
    strict: bool = False,
) -> list[Entity]:
    """Decode a tag sequence.

    Args:
        tags: one per word; ``O`` is outside.
        bare_label: type of entities whose tags carry none (``B``, ``I``).
        repairs: a list to which every repair is added.
        strict: repairs are errors.

    Raises:
        DataError: a tag that the scheme does not know; with ``strict`` also a broken sequence.

    >>> tags_to_entities(["I-PER", "I-PER", "O", "B-creative-work"], "iob2")
    [Entity(label='PER', start=0, end=2, score=None), Entity(label='creative-work', start=3, \
end=4, score=None)]
    """
    entities, faults = scan_tags(tags, scheme, bare_label)
    if strict and faults:
        kind, position = faults[0]
        raise DataError(f"{kind} at word {position + 1}: {describe_fault(kind, tags, position)}")
    if repairs is not None:
        repairs.extend(
            Repair(kind, position, describe_fault(kind, tags, position))
            for kind, position in faults
        )
    return entities


def scan_tags(
    tags: Sequence[str], scheme: TagScheme, bare_label: str | None = None
) -> tuple[list[Entity], list[tuple[str, int]]]:
    """Like :func:`tags_to_entities`: the entities, and kind and position of each repair.

    Raises:
        DataError: a tag that the scheme does not know.
    """
    entities: list[Entity] = []
    faults: list[tuple[str, int]] = []
    if tags.count(OUTSIDE) == len(tags):  # most sentences of most corpora
        return entities, faults
    known = _tag_table(scheme, bare_label)
    closes, iob1 = scheme in ("bioes", "bilou"), scheme == "iob1"
    label, start, stop = "", 0, -1  # the open entity; it may only be continued at word `stop`
    for position, text in enumerate(tags):
        if text == OUTSIDE:
            continue
        begins, ends, tag_label, prefix = known[text]
        same_before = stop == position and tag_label == label
        if begins or not same_before:
            if stop >= 0:
                entities.append(Entity(label, start, stop))
                if closes:
                    faults.append((UNCLOSED, stop - 1))
            if not iob1:
                if not begins:
                    faults.append((f"{prefix} without B", position))
            elif begins and not same_before:
                faults.append((BEGUN_BY_B, position))
            label, start = tag_label, position
        stop = position + 1
        if ends:
            entities.append(Entity(label, start, stop))
            stop = -1
    if stop >= 0:
        entities.append(Entity(label, start, stop))
        if closes:
            faults.append((UNCLOSED, stop - 1))
    return entities, faults


def describe_fault(kind: str, tags: Sequence[str], position: int) -> str:
    """A fault with the tag beside it.

    >>> describe_fault("I without B", ["O", "I-PER"], 1)
    'I-PER after O'
    """
    after = kind == UNCLOSED
    other = position + 1 if after else position - 1
    neighbour = tags[other] if 0 <= other < len(tags) else "the sentence's edge"
    return f"{tags[position]} {'before' if after else 'after'} {neighbour}"


def entities_to_tags(entities: Iterable[Entity], length: int, scheme: TagScheme) -> list[str]:
    """Encode entities as word tags.

    Raises:
        DataError: entities overlap (see :func:`flatten`) or lie outside the sentence.

    >>> entities_to_tags([Entity("PER", 0, 2), Entity("PER", 2, 3)], 4, "iob1")
    ['I-PER', 'I-PER', 'B-PER', 'O']
    """
    tags = [OUTSIDE] * length
    before: Entity | None = None
    for entity in sorted(entities, key=lambda item: (item.start, item.end)):
        if not 0 <= entity.start < entity.end <= length:
            raise DataError(f"{_show(entity)} lies outside a sentence of {length} words")
        if before is not None and entity.start < before.end:
            raise DataError(
                f"{_show(before)} and {_show(entity)} overlap, which word tags cannot hold; "
                "flatten the entities first"
            )
        touches = before is not None and (before.label, before.end) == (entity.label, entity.start)
        tags[entity.start : entity.end] = _span_tags(entity, scheme, touches)
        before = entity
    return tags


def flatten(entities: Sequence[Entity]) -> tuple[list[Entity], list[Entity]]:
    """Choose entities that do not overlap: the longer wins, ties go to the earlier.

    Returns:
        the entities kept and those dropped, each in the given order.

    >>> kept, dropped = flatten([Entity("DNA", 0, 1), Entity("protein", 0, 3)])
    >>> [entity.label for entity in kept], [entity.label for entity in dropped]
    (['protein'], ['DNA'])
    """
    ranked = sorted(
        range(len(entities)),
        key=lambda index: (
            entities[index].start - entities[index].end,
            entities[index].start,
            index,
        ),
    )
    taken: set[int] = set()
    winners: set[int] = set()
    for index in ranked:
        words = range(entities[index].start, entities[index].end)
        if taken.isdisjoint(words):
            taken.update(words)
            winners.add(index)
    kept = [entity for index, entity in enumerate(entities) if index in winners]
    return kept, [entity for index, entity in enumerate(entities) if index not in winners]


def tag_inventory(entity_types: Iterable[str], scheme: TagScheme) -> tuple[str, ...]:
    """All tags that a scheme has for these types, ``O`` first.

    >>> tag_inventory(["LOC", "PER"], "iob2")
    ('O', 'B-LOC', 'I-LOC', 'B-PER', 'I-PER')
    """
    prefixes = _ROLES[scheme]
    return (OUTSIDE, *(f"{prefix}-{label}" for label in entity_types for prefix in prefixes))


def allowed_transitions(
    tags: Sequence[str], scheme: TagScheme
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Which tag may follow which, begin a sentence and end one.

    Args:
        tags: the tags of a model, in the order of its outputs.

    Shapes:
        returns transitions (L, L) bool, from row to column; starts (L,) bool; ends (L,) bool

    >>> transitions, starts, ends = allowed_transitions(["O", "B-PER", "I-PER"], "iob2")
    >>> transitions.astype(int).tolist(), starts.tolist()
    ([[1, 1, 0], [1, 1, 1], [1, 1, 1]], [True, True, False])
    """
    parsed = [None if tag == OUTSIDE else _parse(tag, scheme, "") for tag in tags]
    labels = {tag.label: index for index, tag in enumerate(parsed) if tag is not None}
    types = np.array([-1 if tag is None else labels[tag.label] for tag in parsed])  # (L,)
    inside = types >= 0  # (L,)
    begins = np.array([tag is not None and tag.begins for tag in parsed], dtype=bool)  # (L,)
    ends = np.array([tag is not None and tag.ends for tag in parsed], dtype=bool)  # (L,)
    same = inside[:, None] & (types[:, None] == types[None, :])  # (L, L)
    if scheme == "iob1":
        # B only separates neighbours of one type; everything else is free.
        return ~begins[None, :] | same, ~begins, np.ones(len(tags), dtype=bool)
    continues = inside & ~begins  # (L,): needs an open entity of its type on its left
    if scheme == "iob2":
        return ~continues[None, :] | same, ~continues, np.ones(len(tags), dtype=bool)
    leaves_open = inside & ~ends  # (L,): needs a continuation on its right
    joined = leaves_open[:, None] & continues[None, :] & same  # (L, L)
    apart = ~leaves_open[:, None] & ~continues[None, :]  # (L, L)
    return joined | apart, ~continues, ~leaves_open


class _TagTable(dict[str, _Tag]):
    """Tags that have been met, parsed; a subscript costs less than a call."""

    def __init__(self, scheme: TagScheme, bare_label: str | None) -> None:
        self._scheme: TagScheme = scheme
        self._bare_label = bare_label

    def __missing__(self, tag: str) -> _Tag:
        parsed = _parse(tag, self._scheme, self._bare_label)
        if len(self) < _REMEMBERED:
            self[tag] = parsed
        return parsed


@lru_cache(maxsize=64)
def _tag_table(scheme: TagScheme, bare_label: str | None) -> _TagTable:
    return _TagTable(scheme, bare_label)


def _parse(tag: str, scheme: TagScheme, bare_label: str | None) -> _Tag:
    prefix, dash, label = tag.partition("-")
    roles = _ROLES[scheme]
    if prefix not in roles:
        fitting = [name for name in SCHEMES if prefix in _ROLES[name] and name != scheme]
        hint = f"; it would be one of {' or '.join(fitting)}" if fitting else ""
        raise DataError(
            f"{tag!r} is not a tag of the scheme {scheme} "
            f"(O, {', '.join(roles)} + '-' + type){hint}"
        )
    if not label:
        if dash or bare_label is None:
            raise DataError(
                f"the tag {tag!r} names no entity type; give `bare_label` if all tags are like this"
            )
        label = bare_label
    return _Tag(*roles[prefix], label, prefix)


def _span_tags(entity: Entity, scheme: TagScheme, touches: bool) -> list[str]:
    size = entity.end - entity.start
    first, last, single = {
        "iob1": ("B" if touches else "I", "I", "B" if touches else "I"),
        "iob2": ("B", "I", "B"),
        "bioes": ("B", "E", "S"),
        "bilou": ("B", "L", "U"),
    }[scheme]
    prefixes = [single] if size == 1 else [first, *"I" * (size - 2), last]
    return [f"{prefix}-{entity.label}" for prefix in prefixes]


def _show(entity: Entity) -> str:
    return f"{entity.label} [{entity.start}, {entity.end})"
