"""Choosing sentences whose mentions add up to exactly the numbers that are asked for.

Sentences with the same counts are interchangeable, so that only the number of each kind is to be
found. Those are drawn greedily, never beyond a number; where that ends short of one, the nearest
numbers that add up are found by integer programming, or shown not to exist.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from tango_ie.data.sampling.drawing import Unit, totals

_MOST_NODES = 20_000  # of the search tree; a limit in seconds would make results depend on speed

Kind = tuple[int, ...]


class Choice(NamedTuple):
    """``units`` is ``None`` where nothing adds up; ``proven`` says that nothing can."""

    units: list[Unit] | None
    proven: bool = False


def ranked(labels: Iterable[str], counts: Mapping[str, int]) -> list[str]:
    """The rarest first, ties by name."""
    return sorted(labels, key=lambda label: (counts.get(label, 0), label))


def holders(units: Sequence[Unit]) -> Mapping[str, list[int]]:
    """For each label the indices of the units that have it, in order."""
    places: dict[str, list[int]] = defaultdict(list)
    for index, unit in enumerate(units):
        for label in unit.counts:
            places[label].append(index)
    return places


def choose_at_most(units: Sequence[Unit], numbers: Mapping[str, int]) -> list[Unit]:
    """Draw for one label after the other, the rarest first, never beyond any number."""
    left = dict(numbers)
    chosen: dict[int, Unit] = {}
    holding = holders(units)
    for label in ranked(numbers, totals(units)):
        for index in holding[label]:
            unit = units[index]
            if not left[label]:
                break
            if index not in chosen and all(
                unit.counts.get(other, 0) <= left[other] for other in left
            ):
                chosen[index] = unit
                for other in left:
                    left[other] -= unit.counts.get(other, 0)
    return [chosen[index] for index in sorted(chosen)]


def choose_exactly(
    units: Sequence[Unit], numbers: Mapping[str, int], sentences: int | None = None
) -> Choice:
    """Choose units with exactly these numbers of mentions; other labels are not counted.

    Args:
        units: in their drawn order; of interchangeable ones the first are taken.
        numbers: label → mentions.
        sentences: how many units to choose; ``None`` for any number, none of them without mentions.
    """
    labels = sorted(numbers)
    drawn = choose_at_most(units, numbers)
    kinds = Counter(_kind(unit, labels) for unit in drawn)
    nothing = (0,) * len(labels)
    if sentences is not None:
        kinds[nothing] = max(0, sentences - len(drawn))
    there = Counter(_kind(unit, labels) for unit in units)
    if sentences is None:
        there.pop(nothing, None)
    if not _adds_up(kinds, [numbers[label] for label in labels], sentences, there):
        found, proven = _nearest(kinds, there, [numbers[label] for label in labels], sentences)
        if found is None:
            return Choice(None, proven)
        kinds = found
    chosen = []
    for unit in units:
        kind = _kind(unit, labels)
        if kinds[kind]:
            kinds[kind] -= 1
            chosen.append(unit)
    return Choice(chosen)


def _kind(unit: Unit, labels: Sequence[str]) -> Kind:
    return tuple(unit.counts.get(label, 0) for label in labels)


def _adds_up(
    kinds: Counter[Kind], numbers: Sequence[int], sentences: int | None, there: Counter[Kind]
) -> bool:
    sums = [sum(kind[place] * n for kind, n in kinds.items()) for place in range(len(numbers))]
    return (
        sums == list(numbers)
        and sentences in (None, sum(kinds.values()))
        and all(n <= there[kind] for kind, n in kinds.items())
    )


def _nearest(
    wanted: Counter[Kind], there: Counter[Kind], numbers: Sequence[int], sentences: int | None
) -> tuple[Counter[Kind] | None, bool]:
    """How many of each kind to take, as near as possible to ``wanted``; or whether none exists."""
    # Imported here because it takes a while, and is needed rarely.
    from scipy.optimize import Bounds, LinearConstraint, milp

    kinds = sorted(there)
    size = len(kinds)
    if not size:
        return None, True
    goal = np.array([wanted[kind] for kind in kinds], dtype=float)  # (kinds,)
    sums = np.array(kinds, dtype=float).T  # (labels, kinds)
    targets = np.array(numbers, dtype=float)  # (labels,)
    if sentences is not None:
        sums = np.vstack([sums, np.ones(size)])
        targets = np.append(targets, sentences)
    # Unknowns: how many of each kind, then how far each of these numbers is from the wanted one.
    identity = np.eye(size)
    result = milp(
        c=np.concatenate([np.zeros(size), np.ones(size)]),
        integrality=np.concatenate([np.ones(size), np.zeros(size)]),
        bounds=Bounds(0, np.concatenate([[there[kind] for kind in kinds], np.full(size, np.inf)])),
        constraints=[
            LinearConstraint(np.hstack([sums, np.zeros_like(sums)]), targets, targets),
            LinearConstraint(np.hstack([identity, -identity]), -np.inf, goal),
            LinearConstraint(np.hstack([identity, identity]), goal, np.inf),
        ],
        options={"node_limit": _MOST_NODES},
    )
    if result.x is None:
        return None, result.status == 2  # infeasible, in the words of SciPy
    found = Counter(
        {kind: round(number) for kind, number in zip(kinds, result.x[:size], strict=True)}
    )
    return (found, False) if _adds_up(found, numbers, sentences, there) else (None, False)
