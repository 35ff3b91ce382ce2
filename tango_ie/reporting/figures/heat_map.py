"""Figure: the score over two fields of the config."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.reporting import wording
from tango_ie.reporting.figures.key import panels
from tango_ie.reporting.figures.panel import FONT_SIZE, Panel
from tango_ie.reporting.figures.scale import Scale, text_width
from tango_ie.reporting.figures.section import FigureSection
from tango_ie.reporting.figures.strokes import boxes
from tango_ie.reporting.figures.theme import CELL, INK, LINE
from tango_ie.reporting.figures.varied import Varied
from tango_ie.reporting.shortened import shortened

if TYPE_CHECKING:
    from markupsafe import Markup
    from matplotlib.axes import Axes

    from tango_ie.reporting.report import Report

Cells = Mapping[tuple[int, int], SeedInterval]

_FEWEST_CELLS, _MOST_COLUMNS, _MOST_ROWS = 4, 8, 24
_FILLED = 0.5  # of the grid, at least
_WIDTH, _ROW = 350.0, 46.0
# With more colour, text would be hard to read on it in the dark theme.
_FAINTEST, _STRONGEST = 0.04, 0.52
_LONGEST = 14


def heat_map(report: Report, one: Varied, other: Varied) -> FigureSection | None:
    """``None`` where there is no grid: too few cells, or too many."""
    across, down = sorted((one, other), key=lambda field: len(field.levels))
    if len(one.levels) == len(other.levels):
        across, down = other, one
    columns, rows = across.levels, down.levels
    scores: dict[tuple[int, int], list[float]] = {}
    for x, y, variant in zip(across.texts, down.texts, report.variants, strict=True):
        found = scores.setdefault((rows.index(y), columns.index(x)), [])
        found += [run.total.f1 for run in variant.runs]
    if not _is_grid(scores.keys(), len(rows), len(columns)):
        return None
    cells = {place: seed_interval(values) for place, values in scores.items()}
    baseline = (rows.index(down.texts[0]), columns.index(across.texts[0]))
    best = max(cells, key=lambda place: cells[place].mean)
    picture = _picture(cells, across, down, baseline, best)
    caption = (
        "Mean F1 in percent ± sd over seeds; more colour is higher. "
        f"Framed: {report.baseline.name}."
        f"{across.remark}{down.remark}"
    )
    header = [f"{down.label} \\ {across.label}", *columns]
    table = [
        [row, *(_shown(cells.get((y, x))) for x in range(len(columns)))]
        for y, row in enumerate(rows)
    ]
    title = f"F1 over {down.label} and {across.label}"
    return FigureSection(title, panels([(picture, "")]), caption, (header, table))


def strength(value: float, low: float, high: float) -> float:
    """How much colour a cell has, in [0, 1].

    >>> strength(1.0, 0.0, 1.0), strength(5.0, 5.0, 5.0)
    (0.52, 0.28)
    """
    share = (value - low) / (high - low) if high > low else 0.5
    return round(_FAINTEST + share * (_STRONGEST - _FAINTEST), 3)


def _picture(
    cells: Cells, across: Varied, down: Varied, baseline: tuple[int, int], best: tuple[int, int]
) -> Markup:
    columns, rows = across.levels, down.levels
    names = [str(shortened(row, _LONGEST)) for row in rows]
    left = max(text_width(name, FONT_SIZE) for name in names) + 10
    room = (_WIDTH - left) / len(columns)
    fitting = max(3, int(room / text_width("x", FONT_SIZE)))
    headings = [str(shortened(column, fitting)) for column in columns]
    low = min(cell.mean for cell in cells.values())
    high = max(cell.mean for cell in cells.values())

    def draw(axes: Axes) -> None:
        for place in product(range(len(rows)), range(len(columns))):
            cell = cells.get(place)
            if cell is None:
                boxes(axes, [_box(place)], facecolor="none", edgecolor=LINE)
                continue
            amount = strength(cell.mean, low, high)
            boxes(axes, [_box(place)], facecolor=CELL, alpha=amount, linewidth=0)
            _write(axes, place, cell, room, is_best=place == best)
        boxes(axes, [_box(baseline)], facecolor="none", edgecolor=INK, linewidth=2)

    parts = [
        f"{down.label} {rows[row]}, {across.label} {columns[column]}: {_shown(cell)}"
        for (row, column), cell in sorted(cells.items())
    ]
    return Panel(
        "heat-map",
        f"F1 over {down.label} and {across.label}",
        f"{'; '.join(parts)}.",
        Scale(-0.5, len(columns) - 0.5, _ticks(headings)),
        Scale(len(rows) - 0.5, -0.5, _ticks(names)),
        across.label,
        down.label,
        width=_WIDTH,
        height=_ROW * len(rows),
        left=left,
        grid="",
    ).draw(draw)


def _write(
    axes: Axes, place: tuple[int, int], cell: SeedInterval, room: float, is_best: bool
) -> None:
    row, column = place
    style: dict[str, Any] = {"color": INK, "ha": "center", "va": "center"}
    weight = "bold" if is_best else "normal"
    above = row if cell.sd is None else row - 0.16
    mean = wording.percent(cell.mean)
    axes.text(column, above, mean, size=_fitting(mean, room), weight=weight, **style)
    if cell.sd is not None:
        spread = f"± {wording.percent(cell.sd)}"
        axes.text(column, row + 0.2, spread, size=_fitting(spread, room), **style)


def _fitting(text: str, room: float) -> float:
    """The size of letters in which a text finds room."""
    return min(FONT_SIZE, FONT_SIZE * (room - 4) / text_width(text, FONT_SIZE))


def _box(place: tuple[int, int]) -> tuple[float, float, float, float]:
    row, column = place
    return column - 0.48, row - 0.46, column + 0.48, row + 0.46


def _ticks(names: Sequence[str]) -> tuple[tuple[float, str], ...]:
    return tuple((float(at), name) for at, name in enumerate(names))


def _is_grid(places: Collection[tuple[int, int]], num_rows: int, num_columns: int) -> bool:
    if len(places) < max(_FEWEST_CELLS, _FILLED * num_rows * num_columns):
        return False
    return num_columns <= _MOST_COLUMNS and num_rows <= _MOST_ROWS


def _shown(cell: SeedInterval | None) -> str:
    return wording.MISSING if cell is None else wording.mean_sd(cell)
