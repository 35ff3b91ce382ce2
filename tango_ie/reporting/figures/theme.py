"""Colours, dashes and marks of figures.

Matplotlib knows no CSS, so it draws with colours that stand for variables of the page; :mod:`.svg`
puts the variables in. Colour is never alone: every series has dashes and a mark of its own, too.
"""

from __future__ import annotations

from dataclasses import dataclass

INK, SOFT, LINE, PAPER, CELL = "#010101", "#010102", "#010103", "#010104", "#010105"

NUM_HUES = 8
_HUES = tuple(f"#0102{number:02x}" for number in range(NUM_HUES))

VARIABLES = {
    INK: "ink",
    SOFT: "soft",
    LINE: "line",
    PAPER: "paper",
    CELL: "higher",
    **{hue: f"series-{number}" for number, hue in enumerate(_HUES, start=1)},
}
"""Stand-ins → names of CSS variables; those of the series are in ``figures.css``."""

Point = tuple[float, float]

CIRCLE = "circle"
_ARM = ((0.42, 1.2), (0.42, 0.42))  # the corners of a quarter; turned, they make the plus
_PLUS: tuple[Point, ...] = tuple(
    corner
    for quarter in (
        [(x, y) for x, y in _ARM],
        [(y, -x) for x, y in _ARM],
        [(-x, -y) for x, y in _ARM],
        [(-y, x) for x, y in _ARM],
    )
    for corner in quarter
)
SHAPES: dict[str, tuple[Point, ...]] = {
    CIRCLE: (),
    "square": ((-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)),
    "triangle": ((-1.1, -0.9), (1.1, -0.9), (0, 1.1)),
    "diamond": ((0, -1.15), (1.15, 0), (0, 1.15), (-1.15, 0)),
    "flag": ((-1.1, 0.9), (1.1, 0.9), (0, -1.1)),
    "plus": _PLUS,
    "left": ((0.9, -1.1), (0.9, 1.1), (-1.1, 0)),
    "right": ((-0.9, -1.1), (-0.9, 1.1), (1.1, 0)),
    "cross": tuple((0.75 * (x + y), 0.75 * (y - x)) for x, y in _PLUS),
}
"""Corners of the marks, y upwards, about one unit around the middle."""

_DASHES: tuple[tuple[float, ...], ...] = ((), (6, 2), (2, 1.5), (7, 2, 1.5, 2))


@dataclass(frozen=True)
class Look:
    """How a series is told from the others.

    Args:
        colour: a stand-in.
        dashes: lengths of strokes and gaps; empty for a whole line.
        shape: of the mark, see :data:`SHAPES`.
    """

    colour: str
    dashes: tuple[float, ...]
    shape: str


def look(place: int) -> Look:
    """The look of a series; the first, the baseline, is in the colour of the text.

    No two of the first 33 are alike, and no two of the first nine share a colour or a mark.

    >>> look(0)
    Look(colour='#010101', dashes=(), shape='circle')
    """
    shapes = list(SHAPES)
    if place == 0:
        return Look(INK, (), shapes[0])
    turn, hue = divmod(place - 1, NUM_HUES)
    return Look(_HUES[hue], _DASHES[(hue + 1 + turn) % len(_DASHES)], shapes[place % len(shapes)])
