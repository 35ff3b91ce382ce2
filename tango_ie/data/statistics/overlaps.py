"""How the entities of one sentence lie over each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tango_ie.data.annotations import Entity
from tango_ie.data.schemes import flatten

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True)
class Overlaps:
    """Pairs of entities that share words, and the depth of each entity.

    Args:
        nested_pairs: one span lies inside the other and is shorter.
        crossing_pairs: the spans overlap, and neither lies inside the other.
        same_span_pairs: the spans are the same.
        depths: for each span, in the given order, the length of the longest chain of spans, each
            inside the one before, that ends with it; 1 is outermost. Of equal spans, the later
            lies inside the earlier.
        span_repeated: for each span, whether an earlier one is the same.
        crossed: for each span, whether it crosses another one.
    """

    nested_pairs: int
    crossing_pairs: int
    same_span_pairs: int
    depths: tuple[int, ...]
    span_repeated: tuple[bool, ...]
    crossed: tuple[bool, ...]


def overlaps(spans: Spans) -> Overlaps:
    """Compare all spans that share words.

    >>> overlaps([(0, 3), (1, 2), (2, 4)])  # doctest: +ELLIPSIS
    Overlaps(nested_pairs=1, crossing_pairs=1, same_span_pairs=0, depths=(1, 2, 1), ...)
    """
    nested = crossing = same = 0
    depths = [1] * len(spans)
    repeated, crossed = [False] * len(spans), [False] * len(spans)
    open_places: list[int] = []
    # A span comes after all that can hold it; the sort keeps equal ones in their order.
    for place in sorted(range(len(spans)), key=lambda item: (spans[item][0], -spans[item][1])):
        start, end = spans[place]
        open_places = [other for other in open_places if spans[other][1] > start]
        for other in open_places:
            if spans[other][1] < end:
                crossing += 1
                crossed[place] = crossed[other] = True
                continue
            depths[place] = max(depths[place], depths[other] + 1)
            if spans[other] == (start, end):
                same += 1
                repeated[place] = True
            else:
                nested += 1
        open_places.append(place)
    return Overlaps(nested, crossing, same, tuple(depths), tuple(repeated), tuple(crossed))


def dropped_when_flat(spans: Spans) -> list[int]:
    """Places of the spans that :func:`tango_ie.data.schemes.flatten` drops.

    >>> dropped_when_flat([(0, 1), (0, 3)])
    [0]
    """
    # Labels do not count there, so they can carry the places.
    entities = [Entity(str(place), start, end) for place, (start, end) in enumerate(spans)]
    return [int(entity.label) for entity in flatten(entities)[1]]
