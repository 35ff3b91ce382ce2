"""Lines, marks and boxes in the looks of the series."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tango_ie.reporting.figures.theme import CIRCLE, PAPER, SHAPES, Look

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def line(axes: Axes, xs: Sequence[float], ys: Sequence[float], look: Look, **style: Any) -> None:
    """A line in the look of a series."""
    dashes = (0, look.dashes) if look.dashes else "-"
    given = {"color": look.colour, "linewidth": 2.2, "linestyle": dashes, **style}
    axes.plot(xs, ys, **given)


def thin_line(axes: Axes, xs: Sequence[float], ys: Sequence[float], look: Look) -> None:
    """A line of a single run; gaps in it are values that are not numbers."""
    axes.plot(xs, ys, color=look.colour, linewidth=0.9, alpha=0.6)


def marks(
    axes: Axes,
    xs: Sequence[float],
    ys: Sequence[float],
    look: Look,
    size: float = 8.0,
    hollow: bool = False,
    **style: Any,
) -> None:
    """The marks of a series."""
    face, edge = (PAPER, look.colour) if hollow else (look.colour, PAPER)
    corners = SHAPES[look.shape]
    # Matplotlib makes all marks of one size reach as far.
    extent = max((abs(at) for corner in corners for at in corner), default=1.0)
    axes.plot(
        xs,
        ys,
        linestyle="none",
        marker="o" if look.shape == CIRCLE else [*corners, corners[0]],
        markersize=size * extent,
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=1.3 if hollow else 0.9,
        **style,
    )


def boxes(axes: Axes, places: Sequence[tuple[float, float, float, float]], **style: Any) -> None:
    """Rectangles as one shape.

    Args:
        places: left, low, right and high of each.
    """
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    corners = [
        point
        for left, low, right, high in places
        for point in ((left, low), (right, low), (right, high), (left, high), (left, low))
    ]
    codes = [Path.MOVETO, Path.LINETO, Path.LINETO, Path.LINETO, Path.CLOSEPOLY] * len(places)
    axes.add_patch(PathPatch(Path(corners, codes), **style))
