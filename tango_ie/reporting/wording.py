"""Numbers and findings in the words of a report.

Scores come as fractions and are shown in percent, differences in points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tango_ie.metrics.difference import Difference
from tango_ie.metrics.significance import SeedInterval
from tango_ie.metrics.verdict import judge, points

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Variant

MISSING = "–"


def caveat(units: str = "sentences") -> str:
    """What the intervals say, and what they do not.

    Args:
        units: what was drawn: test sentences, or documents of them.
    """
    return (
        f"The intervals say how far a difference would move with other seeds and on other test "
        f"{units} of this kind (a hierarchical bootstrap); with one seed of each, on other {units} "
        "alone. p-values are corrected for the number of variants (Holm)."
    )


def percent(value: float) -> str:
    """
    >>> percent(0.84678)
    '84.68'
    """
    return f"{100 * value:.2f}"


def mean_sd(interval: SeedInterval) -> str:
    """
    >>> mean_sd(SeedInterval(0.84678, 0.0012, 2, 0.836, 0.857))
    '84.68 ± 0.12'
    """
    if interval.sd is None:
        return percent(interval.mean)
    return f"{percent(interval.mean)} ± {percent(interval.sd)}"


def mean_number(interval: SeedInterval | None) -> str:
    """A mean of counts, with its spread.

    >>> mean_number(SeedInterval(12.5, 0.7071, 2, 6.1, 18.9)), mean_number(None)
    ('12.5 ± 0.7', '–')
    """
    if interval is None:
        return MISSING
    if interval.sd is None:
        return f"{interval.mean:,.0f}"
    return f"{interval.mean:,.1f} ± {interval.sd:.1f}"


def p_value(value: float) -> str:
    """
    >>> p_value(0.0412), p_value(0.00002)
    ('0.041', '< 0.001')
    """
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def span(interval: Difference) -> str:
    """The interval in points: ``[−0.10, +0.72]``."""
    return f"[{points(interval.low)}, {points(interval.high)}]"


def duration(seconds: float | None) -> str:
    """
    >>> duration(4.26), duration(75), duration(3725), duration(None)
    ('4.3 s', '1 min 15 s', '1 h 02 min', '–')
    """
    if seconds is None:
        return MISSING
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"


def speed(per_second: float | None) -> str:
    """
    >>> speed(1234.5), speed(7.25), speed(None)
    ('1,234', '7.2', '–')
    """
    if per_second is None:
        return MISSING
    return f"{per_second:,.0f}" if per_second >= 100 else f"{per_second:.1f}"


def magnitude(number: int | None) -> str:
    """
    >>> magnitude(22713216), magnitude(3465), magnitude(0), magnitude(None)
    ('22.7 M', '3.5 k', '0', '–')
    """
    if number is None:
        return MISSING
    for unit, size in (("G", 10**9), ("M", 10**6), ("k", 10**3)):
        if number >= size:
            return f"{number / size:.1f} {unit}"
    return str(number)


def memory(size: float | None) -> str:
    """
    >>> memory(1_241_665_536), memory(52_300_000), memory(None)
    ('1.24 GB', '52 MB', '–')
    """
    if size is None:
        return MISSING
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"


def moment(time: str | None) -> str:
    """A time as records keep it, to the second.

    >>> moment("2026-11-21T10:37:33.141683+00:00"), moment(None)
    ('2026-11-21 10:37:33', '–')
    """
    return MISSING if time is None else time[:19].replace("T", " ")


def number_of(count: int, noun: str) -> str:
    """
    >>> number_of(1, "step"), number_of(2000, "step")
    ('1 step', '2,000 steps')
    """
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def trained_of_total(variant: Variant) -> str:
    """Parameters trained and in all: ``3.5 k / 22.7 M``."""
    return f"{magnitude(variant.num_trainable_parameters)} / {magnitude(variant.num_parameters)}"


def seeds(number: int) -> str:
    """
    >>> seeds(1), seeds(3)
    ('1 seed', '3 seeds')
    """
    return f"{number} seed" if number == 1 else f"{number} seeds"


def verdict(variant: Variant, baseline: Variant) -> str:
    """What the comparison of a variant with the baseline found, in one sentence."""
    found = variant.difference
    if found is None:
        return (
            f"{variant.name} is the baseline, with {mean_sd(variant.f1)} F1 over {_runs(variant)}"
        )
    return str(judge(variant.name, baseline.name, found))


def listed(names: Sequence[object]) -> str:
    """
    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    if len(names) < 2:
        return "".join(map(str, names))
    return f"{', '.join(map(str, names[:-1]))} and {names[-1]}"


def _runs(variant: Variant) -> str:
    return seeds(len(variant.runs))
