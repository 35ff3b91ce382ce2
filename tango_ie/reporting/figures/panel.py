"""A pair of axes in a picture of its own, drawn by matplotlib."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from tango_ie.reporting.figures.peace import matplotlib_at_peace
from tango_ie.reporting.figures.scale import Scale
from tango_ie.reporting.figures.svg import inline
from tango_ie.reporting.figures.theme import LINE, SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FONT_SIZE = 12.0
SMALL_FONT_SIZE = 11.0
_POINTS_PER_INCH = 72.0  # so that a unit of the picture is a pixel of a phone
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


@dataclass(frozen=True)
class Panel:
    """A pair of axes in a picture.

    Args:
        name: no other panel of a page has it.
        title, description: for those who do not see it.
        x, y: the axes.
        x_label: below, at the right end.
        y_label: above, at the left end.
        width, height: in pixels, without the room for labels below and above.
        left: room for the labels of the y axis; ``None`` for what they need.
        font_size: of the labels, in pixels.
        grid: from the ticks of which axes lines go: ``x``, ``y``, both or none.
    """

    name: str
    title: str
    description: str
    x: Scale
    y: Scale
    x_label: str = ""
    y_label: str = ""
    width: float = 350.0
    height: float = 220.0
    left: float | None = None
    font_size: float = FONT_SIZE
    grid: str = "y"

    def draw(self, marks: Callable[[Axes], None]) -> Markup:
        """The picture.

        Args:
            marks: draws everything but the axes.
        """
        with matplotlib_at_peace():
            from matplotlib.backends.backend_svg import FigureCanvasSVG
            from matplotlib.figure import Figure

            size = self.font_size
            left = self.y.room(size) + 6 if self.left is None else self.left
            right = max(4.0, self.x.overhang(size, self.width - left))
            top = 2.2 * size if self.y_label else size
            bottom = (1.8 + 1.3 * bool(self.x_label)) * size
            height = self.height + top + bottom
            inches = (self.width / _POINTS_PER_INCH, height / _POINTS_PER_INCH)
            figure = Figure(figsize=inches, dpi=_POINTS_PER_INCH)
            figure.patch.set_visible(False)
            inner = ((self.width - left - right) / self.width, self.height / height)
            axes = figure.add_axes((left / self.width, bottom / height, *inner))
            self._frame(axes)
            marks(axes)
            axes.set_xlim(self.x.low, self.x.high)
            axes.set_ylim(self.y.low, self.y.high)
            self._labels(axes, left, right)
            stream = io.StringIO()
            FigureCanvasSVG(figure).print_svg(stream, metadata=_NO_METADATA)
        return inline(stream.getvalue(), self.name, self.title, self.description)

    def _frame(self, axes: Axes) -> None:
        size = self.font_size
        axes.patch.set_visible(False)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.set_xticks([at for at, _ in self.x.ticks], [text for _, text in self.x.ticks])
        axes.set_yticks([at for at, _ in self.y.ticks], [text for _, text in self.y.ticks])
        axes.tick_params(length=0, pad=5, labelsize=size, labelcolor=SOFT)
        style: dict[str, Any] = {"color": LINE, "linewidth": 1, "zorder": 0}
        if "x" in self.grid:
            xs = [at for place, _ in self.x.ticks for at in (place, place, math.nan)]
            axes.plot(xs, [self.y.low, self.y.high, math.nan] * len(self.x.ticks), **style)
        if "y" in self.grid:
            ys = [at for place, _ in self.y.ticks for at in (place, place, math.nan)]
            axes.plot([self.x.low, self.x.high, math.nan] * len(self.y.ticks), ys, **style)

    def _labels(self, axes: Axes, left: float, right: float) -> None:
        size = self.font_size
        inner = self.width - left - right
        if self.y_label:
            at = (-left / inner, 1 + 1.1 * size / self.height)
            axes.text(*at, self.y_label, transform=axes.transAxes, size=size, color=SOFT)
        if self.x_label:
            axes.text(
                1 + right / inner,
                -2.9 * size / self.height,
                self.x_label,
                transform=axes.transAxes,
                size=size,
                color=SOFT,
                ha="right",
            )
