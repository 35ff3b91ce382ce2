"""Axes: from where to where they go, and where their ticks stand."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_MARGIN = 0.04
_GLYPH = 0.58  # of the font size; digits of the fonts of browsers are a little narrower


@dataclass(frozen=True)
class Scale:
    """An axis.

    Args:
        low, high: its ends.
        ticks: places and texts.
    """

    low: float
    high: float
    ticks: tuple[tuple[float, str], ...] = ()

    def room(self, font_size: float) -> float:
        """How wide the widest text of a tick is."""
        return max((text_width(text, font_size) for _, text in self.ticks), default=0.0)

    def overhang(self, font_size: float, length: float) -> float:
        """How far the last tick's text goes beyond the end of an axis of this length."""
        if not self.ticks:
            return 0.0
        place, text = self.ticks[-1]
        beyond = (self.high - place) / (self.high - self.low) * length
        return max(0.0, text_width(text, font_size) / 2 - beyond)


def linear_scale(
    values: Sequence[float],
    most: int = 5,
    whole: bool = False,
    limits: tuple[float, float] | None = None,
) -> Scale:
    """Room for all values, with round ticks inside.

    Args:
        most: ticks, about.
        whole: ticks at whole numbers only.
        limits: that no score can leave.

    >>> [text for _, text in linear_scale([81.3, 84.2]).ticks]
    ['82', '83', '84']
    """
    low, high = min(values), max(values)
    margin = _MARGIN * (high - low) or max(abs(high) * 0.01, 0.5)
    low, high = low - margin, high + margin
    if limits is not None:
        low, high = max(low, limits[0]), min(high, limits[1])
        low, high = (low, high) if low < high else limits
    step = _step((high - low) / most)
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    ticks = tuple((number * step, _text(number * step)) for number in range(first, last + 1))
    return Scale(low, high, ticks)


def log_scale(values: Sequence[float], most: int = 6) -> Scale:
    """A scale of log₁₀ of positive values, with ticks at 1, 2, 5 and powers of ten.

    >>> [text for _, text in log_scale([12, 14041]).ticks]
    ['10', '100', '1,000', '10,000']
    >>> [text for _, text in log_scale([12, 90]).ticks]
    ['20', '50']
    """
    low, high = math.log10(min(values)), math.log10(max(values))
    margin = _MARGIN * (high - low) or 0.1
    low, high = low - margin, high + margin
    for digits in ((1, 2, 5), (1, 3), (1,)):
        ticks = [
            (math.log10(digit) + power, digit * 10.0**power)
            for power in range(math.floor(low), math.ceil(high) + 1)
            for digit in digits
        ]
        inside = [(place, number) for place, number in ticks if low <= place <= high]
        if len(inside) <= most:
            break
    return Scale(low, high, tuple((place, _text(number)) for place, number in inside))


def text_width(text: str, font_size: float) -> float:
    """About how wide a text is.

    >>> text_width("84.2", 10) < text_width("新华社社", 10)
    True
    """
    wide = sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    return font_size * (_GLYPH * (len(text) - wide) + wide)


def _step(rough: float) -> float:
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in _STEPS if step * power >= rough * 0.999)


def _text(value: float) -> str:
    shown = f"{round(value):,}" if abs(value) >= 1000 else f"{round(value, 10):g}"
    return shown.replace("-", "−")
