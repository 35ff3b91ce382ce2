"""What stands for what: the key below a figure, where long names can break."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from tango_ie.reporting.figures.theme import CIRCLE, SHAPES, VARIABLES, Look

_MIDDLE = (15.0, 6.0)
_RADIUS = 4.0


def key(entries: Iterable[tuple[Look, str]]) -> Markup:
    """A list of looks and names."""
    items = [
        Markup("<li>{}<span>{}</span></li>").format(swatch(look), name) for look, name in entries
    ]
    return Markup('<ul class="key">{}</ul>').format(Markup("").join(items))


def swatch(look: Look) -> Markup:
    """A line and a mark in the look of a series."""
    colour = f"var(--{VARIABLES[look.colour]})"
    dashes = f";stroke-dasharray:{' '.join(f'{part:g}' for part in look.dashes)}"
    return Markup(
        '<svg viewBox="0 0 30 12" aria-hidden="true">'
        '<path d="M0 6H30" style="stroke:{0};stroke-width:2.2{1}"/>'
        '<path d="{2}" style="fill:{0};stroke:var(--paper)"/></svg>'
    ).format(colour, dashes if look.dashes else "", _outline(look.shape))


def panels(pictures: Iterable[tuple[Markup, Markup | str]], small: bool = False) -> Markup:
    """Pictures side by side as far as there is room, each below its caption."""
    figures = [
        Markup("<figure>{}{}</figure>").format(
            Markup("<figcaption>{}</figcaption>").format(caption) if caption else "", picture
        )
        for picture, caption in pictures
    ]
    kind = "panels small" if small else "panels"
    return Markup('<div class="{}">{}</div>').format(kind, Markup("").join(figures))


def _outline(shape: str) -> str:
    across, down = _MIDDLE
    if shape == CIRCLE:
        arc = f"a{_RADIUS:g} {_RADIUS:g} 0 1 0"
        return f"M{across - _RADIUS:g} {down:g}{arc} {2 * _RADIUS:g} 0{arc} {-2 * _RADIUS:g} 0z"
    corners = [(across + _RADIUS * x, down - _RADIUS * y) for x, y in SHAPES[shape]]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in corners) + "z"
