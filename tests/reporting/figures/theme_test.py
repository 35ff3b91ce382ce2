"""Colours that can be told from the paper, from each other, and without colour."""

from __future__ import annotations

import re
from importlib import resources
from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from tango_ie.reporting.figures import style
from tango_ie.reporting.figures.heat_map import strength
from tango_ie.reporting.figures.theme import NUM_HUES, SHAPES, look

# Machado, Oliveira and Fernandes (2009), severity 1.0: linear RGB as it is seen without one kind
# of cones.
_SIGHTS = {
    "all cones": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
}
_LEAST_DISTANCE = 0.07  # in Oklab; neighbours in a rainbow of 8 have about 0.1 with all cones


def _palettes() -> list[dict[str, str]]:
    """Variables of the light and of the dark theme."""
    base = resources.files("tango_ie.reporting").joinpath("base.html.jinja").read_text("utf-8")
    themes: list[dict[str, str]] = [{}, {}]
    for source in (base, str(style())):
        for place, block in enumerate(re.findall(r":root \{(.*?)\}", source, re.DOTALL)):
            themes[place] |= dict(re.findall(r"--([\w-]+): (#\w{6})", block))
    return themes


def _plain(colour: str) -> NDArray[np.float64]:
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255  # (3,)


def _linear(colour: str | NDArray[np.float64]) -> NDArray[np.float64]:
    values = _plain(colour) if isinstance(colour, str) else colour  # (3,)
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def _contrast(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """As WCAG 2 has it, of linear RGB."""
    low, high = sorted(float(colour @ [0.2126, 0.7152, 0.0722]) for colour in (one, other))
    return (high + 0.05) / (low + 0.05)


def _oklab(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    opponent = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    found: NDArray[np.float64] = opponent @ np.cbrt(cones @ np.clip(linear, 0, 1))
    return found


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_series_are_seen_and_told_apart(theme: int) -> None:
    palette = _palettes()[theme]
    paper = _linear(palette["paper"])
    names = ["ink", *(f"series-{number}" for number in range(1, NUM_HUES + 1))]
    colours = {name: _linear(palette[name]) for name in names}
    for name, colour in colours.items():
        assert _contrast(colour, paper) >= 3, name
    for sight, matrix in _SIGHTS.items():
        seen = {name: _oklab(np.asarray(matrix) @ colour) for name, colour in colours.items()}
        for one, other in combinations(names, 2):
            distance = float(np.linalg.norm(seen[one] - seen[other]))
            assert distance >= _LEAST_DISTANCE, (sight, one, other, distance)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_is_read_on_every_cell(theme: int) -> None:
    """Browsers mix colours as they are written, not linearly."""
    palette = _palettes()[theme]
    for value in np.linspace(0, 1, 11):
        amount = strength(float(value), 0.0, 1.0)
        mixed = amount * _plain(palette["higher"]) + (1 - amount) * _plain(palette["paper"])  # (3,)
        assert _contrast(_linear(palette["ink"]), _linear(mixed)) >= 4.5


def test_looks_differ_in_more_than_colour() -> None:
    looks = [look(place) for place in range(33)]
    assert len({*looks}) == 33
    first = looks[: NUM_HUES + 1]
    assert len({item.colour for item in first}) == len({item.shape for item in first}) == 9
    assert all(one.dashes != other.dashes for one, other in pairwise(first[1:]))


def test_marks_are_about_as_large() -> None:
    for corners in SHAPES.values():
        assert all(max(abs(x), abs(y)) <= 1.25 for x, y in corners)
