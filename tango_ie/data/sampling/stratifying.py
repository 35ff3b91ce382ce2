"""An order of which every stretch has its fair share of every type.

The units are laid out in a line, those with the rarest type first, then those with the next. Along
this line each is given a place on a circle, a golden section further than the one before: any arc
of the circle then holds nearly its share of any stretch of the line, however short. Units with the
same counts lie in the line as they were drawn. Samples cut from one such order are nested, and
folds are cut from it side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from tango_ie.data.sampling.drawing import Unit, totals

_CIRCLE = 1 << 64
_GOLDEN = 11400714819323198485  # of the circle; odd, so that no two units share a place


def stratified(units: Sequence[Unit]) -> list[Unit]:
    """The units, drawn in any order, in an order that spreads all labels evenly."""
    if not units:
        return []
    counts = totals(units)
    ranked = sorted(counts, key=lambda label: (counts[label], label))
    line = sorted(
        range(len(units)),
        key=lambda index: ([-units[index].counts.get(label, 0) for label in ranked], index),
    )
    start = int.from_bytes(units[0].key[8:], "big")
    places = {index: (start + rank * _GOLDEN) % _CIRCLE for rank, index in enumerate(line)}
    return [units[index] for index in sorted(places, key=places.__getitem__)]


def cut(units: Sequence[Unit], shares: Sequence[float]) -> list[list[Unit]]:
    """Cut an order into consecutive pieces.

    Args:
        units: in their order.
        shares: of the sentences, one for each piece; they add up to 1. A document goes where its
            middle lies.

    >>> units = [Unit((place,), {}, b"", "") for place in range(10)]
    >>> [len(piece) for piece in cut(units, [0.25, 0.25, 0.5])]
    [2, 3, 5]
    """
    size = sum(len(unit.positions) for unit in units)
    ends = [round(share * size) for share in accumulate(shares)]
    pieces: list[list[Unit]] = [[] for _ in shares]
    piece, start = 0, 0
    for unit in units:
        middle = 2 * start + len(unit.positions)
        while piece < len(pieces) - 1 and middle > 2 * ends[piece]:
            piece += 1
        pieces[piece].append(unit)
        start += len(unit.positions)
    return pieces
