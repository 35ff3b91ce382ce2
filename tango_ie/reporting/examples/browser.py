"""The example browser: a part of a page that lets its reader search the sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources

from markupsafe import Markup

from tango_ie.reporting.examples.example import Example
from tango_ie.reporting.examples.payload import embedded, payload
from tango_ie.reporting.templates import digest, render

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

_FOLDER = "examples"
_TEMPLATE = f"{_FOLDER}/browser.html.jinja"
_STYLE = f"{_FOLDER}/browser.css"
_SCRIPT = f"{_FOLDER}/browser.js"

# Of all that this part of a page looks like, for the version of whatever contains it.
DIGEST = "".join(map(digest, (_TEMPLATE, _STYLE, _SCRIPT)))


@dataclass(frozen=True)
class ExampleBrowser:
    """A part of a page that extends ``base.html.jinja``.

    The page shows ``style`` in its block of that name and ``section`` where the browser shall
    stand. A page can have one browser. A view is an address, of which every part may be left out:
    ``#variant=crf&seed=1&label=PER&kind=missed&change=fixed by crf&order=surest&text=Ada&page=2``;
    ``kind`` may also be ``some`` or ``none``; labels and kinds of relations have ``relation:`` and
    a blank before them, and the text ``#17`` is the sentence of that number.

    Args:
        examples: with the same runs each, the baseline's first.
        note: a sentence about the choice of examples, shown above them.
    """

    examples: Sequence[Example]
    note: str = ""

    @property
    def style(self) -> Markup:
        """CSS; its colours are the variables of the page."""
        return Markup(_text(_STYLE))

    @cached_property
    def section(self) -> Markup:
        """HTML with the filters, the data and the script.

        Raises:
            DataError: examples have different runs, or name a variant that has none.
        """
        data = embedded(payload(self.examples))
        return Markup(
            render(_TEMPLATE, data=Markup(data), script=Markup(_text(_SCRIPT)), note=self.note)
        )


def _text(name: str) -> str:
    return resources.files("tango_ie.reporting").joinpath(name).read_text(encoding="utf-8")
