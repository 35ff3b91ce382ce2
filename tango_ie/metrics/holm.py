"""Many comparisons in one report: p-values that take account of their number."""

from __future__ import annotations

from collections.abc import Sequence


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusted p-values, in the order given; compare them with the level as if each stood alone.

    Holm 1979: the smallest of m is multiplied by m, the next by m − 1 and so on, and none may be
    smaller than one that came before it. The chance that any difference which is none is called
    significant stays below the level, whatever the comparisons have in common (they share the
    baseline). Recommended for comparisons of models by Dror et al. 2017.

    >>> [round(value, 3) for value in holm([0.01, 0.04, 0.03])]
    [0.03, 0.06, 0.06]
    """
    adjusted = [0.0] * len(p_values)
    least = 0.0
    order = sorted(range(len(p_values)), key=lambda place: p_values[place])
    for rank, place in enumerate(order):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
