"""Histograms over whole numbers, placed in percent of their width and height."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

_MOST_BINS = 32
_MOST_LABELS = 8
_COVERED = 0.995  # of the values; the few beyond share the last bin


@dataclass(frozen=True)
class Bin:
    """Whole numbers from ``low`` to ``high``, both included; ``None`` is without end."""

    low: int
    high: int | None

    @property
    def label(self) -> str:
        """
        >>> Bin(1, 1).label, Bin(1, 5).label, Bin(61, None).label
        ('1', '1–5', '61 or more')
        """
        if self.high is None:
            return f"{self.low:,} or more"
        return f"{self.low:,}" if self.low == self.high else f"{self.low:,}–{self.high:,}"


@dataclass(frozen=True)
class Bar:
    """One bar: left edge, width, height and what it stands for."""

    left: float
    width: float
    height: float
    label: str
    count: int
    share: float


@dataclass(frozen=True)
class Histogram:
    """Bars over one another's scale; ``ticks`` below them, ``levels`` as lines across."""

    name: str
    bars: tuple[Bar, ...]
    ticks: tuple[tuple[float, str], ...]
    levels: tuple[tuple[float, str], ...]


def bins(counts: Sequence[Mapping[int, int]]) -> tuple[Bin, ...]:
    """Bins of one round width for several distributions; what is rare and large shares the last.

    >>> bins([{1: 5, 3: 1}])
    (Bin(low=1, high=1), Bin(low=2, high=2), Bin(low=3, high=3))
    """
    longest = max((number for item in counts for number in item), default=1)
    covered = max((_quantile(item, _COVERED) for item in counts if item), default=1)
    width = next(
        step for step in _round_numbers() if math.ceil(min(longest, covered) / step) <= _MOST_BINS
    )
    if math.ceil(longest / width) <= _MOST_BINS:
        covered = longest  # there is room for all
    edges = range(1, covered + 1, width)
    found = [Bin(edge, edge + width - 1) for edge in edges]
    if found[-1].high is not None and longest > found[-1].high:
        found.append(Bin(found[-1].high + 1, None))
    return tuple(found)


def histograms(counts: Mapping[str, Mapping[int, int]]) -> tuple[Histogram, ...]:
    """A histogram for each distribution, all on the same scales; bars show shares.

    Args:
        counts: name → number → how often it occurs.
    """
    parts = bins(list(counts.values()))
    sizes = {name: _binned(item, parts) for name, item in counts.items()}
    highest = max(
        (size / max(1, sum(binned)) for binned in sizes.values() for size in binned), default=0.0
    )
    step = _level_step(highest)
    top = step * max(1, math.ceil(highest / step - 1e-9))
    levels = tuple(
        (round(100 - 100 * level * step / top, 3), f"{100 * level * step:g} %")
        for level in range(1, round(top / step) + 1)
    )
    return tuple(_histogram(name, binned, parts, top, levels) for name, binned in sizes.items())


def _histogram(
    name: str,
    binned: Sequence[int],
    parts: Sequence[Bin],
    top: float,
    levels: tuple[tuple[float, str], ...],
) -> Histogram:
    width = 100 / len(parts)
    total = max(1, sum(binned))
    every = math.ceil(len(parts) / _MOST_LABELS)
    bars = tuple(
        Bar(
            left=round(place * width, 3),
            width=round(width, 3),
            height=round(100 * size / total / top, 3),
            label=part.label,
            count=size,
            share=size / total,
        )
        for place, (part, size) in enumerate(zip(parts, binned, strict=True))
    )
    ticks = tuple(
        (round((place + 0.5) * width, 3), _tick(part))
        for place, part in enumerate(parts)
        if place % every == 0 and (part.high is not None or every == 1)
    )
    return Histogram(name, bars, ticks, levels)


def _binned(counts: Mapping[int, int], parts: Sequence[Bin]) -> list[int]:
    width = 1 if parts[0].high is None else parts[0].high - parts[0].low + 1
    sizes = [0] * len(parts)
    for number, size in counts.items():
        sizes[min((number - 1) // width, len(parts) - 1)] += size
    return sizes


def _tick(part: Bin) -> str:
    return f"{part.low:,}+" if part.high is None else part.label


def _quantile(counts: Mapping[int, int], share: float) -> int:
    """The smallest number that at least this share of all values does not exceed."""
    wanted, reached = share * sum(counts.values()), 0
    for number in sorted(counts):
        reached += counts[number]
        if reached >= wanted:
            return number
    return max(counts)


def _level_step(highest: float) -> float:
    """A round share that divides the height into two to five levels."""
    steps = (step / 1000 for step in _round_numbers())
    return next(step for step in steps if highest / step <= 4)


def _round_numbers() -> Iterator[int]:
    """1, 2, 5, 10, 20, 50, …"""
    for power in count():
        for digit in (1, 2, 5):
            yield digit * 10**power
