"""A figure of a report with what belongs to it, and the look that figures share."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from markupsafe import Markup

from tango_ie.reporting.tables import Table
from tango_ie.reporting.templates import digest

_STYLE = "figures/figures.css"
_TEMPLATE = "figures/figures.html.jinja"

# Of what is no Python, for the version of whatever contains figures.
DIGEST = "".join(map(digest, (_TEMPLATE, _STYLE)))


@dataclass(frozen=True)
class FigureSection:
    """A figure; the macro of ``figures/figures.html.jinja`` shows it.

    Args:
        title: a heading.
        svg: panels and key, as HTML with inline SVG that asks for nothing.
        caption: what is drawn, in a sentence or two.
        table: the same in numbers, for those who do not see the figure or want digits.
    """

    title: str
    svg: Markup
    caption: str
    table: Table | None = None


def style() -> Markup:
    """CSS that a page with figures needs; it adds to that of ``base.html.jinja``."""
    return Markup(resources.files("tango_ie.reporting").joinpath(_STYLE).read_text("utf-8"))
