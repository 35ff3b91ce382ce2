"""Measure several contenders in turn, so that a busy machine slows all of them alike."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping

# Prepares one measurement (not timed) and gives what is to be timed.
Contender = Callable[[], Callable[[], object]]


def alternate(contenders: Mapping[str, Contender], repeats: int) -> dict[str, list[float]]:
    """Wall seconds of each contender, ``repeats`` times each, in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(repeats):
        for name, prepare in contenders.items():
            run = prepare()
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
            print(f"turn {turn + 1}: {name}: {seconds[name][-1]:.2f} s", file=sys.stderr)
    return seconds


def table(
    seconds: Mapping[str, list[float]],
    sentences: int,
    baselines: list[str],
    notes: Mapping[str, str] | None = None,
) -> str:
    """Markdown table: median speed with its range, and how many times faster than the baselines.

    A ratio is the median of the ratios within each turn. ``notes`` fill one more column.
    """
    header = ["what", "sentences/s, median (range)", *(f"× {name}" for name in baselines)]
    rows = [header + ["F1"] * bool(notes), ["---"] * (len(header) + bool(notes))]
    for name, times in seconds.items():
        speeds = [sentences / one for one in times]
        ratios = [
            statistics.median(base / own for base, own in zip(seconds[other], times, strict=True))
            for other in baselines
        ]
        row = [
            name,
            f"{statistics.median(speeds):.1f} ({min(speeds):.1f}–{max(speeds):.1f})",
            *(f"{ratio:.2f}" for ratio in ratios),
        ]
        rows.append([*row, notes.get(name, "–")] if notes else row)
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)
