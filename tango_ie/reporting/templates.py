"""The templates of pages, which share their look: ``base.html.jinja`` and what extends it."""

from __future__ import annotations

import hashlib
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

_SHARED = ("base.html.jinja", "macros.html.jinja")


def _text(name: str) -> str:
    return resources.files("tango_ie.reporting").joinpath(name).read_text(encoding="utf-8")


def digest(name: str) -> str:
    """Hash of a template and of those that all templates share."""
    content = "\0".join(map(_text, (*_SHARED, name)))
    return hashlib.blake2b(content.encode(), digest_size=4).hexdigest()


def render(name: str, **values: object) -> str:
    """The text of a page; every value is escaped."""
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(_text),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name).render(values)
