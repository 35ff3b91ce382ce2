"""From the SVG that matplotlib writes to what a page can hold inside.

What matplotlib writes is a document of its own: a doctype, a style sheet that would speak for the
whole page, ids that every figure has, names of fonts, white behind everything, six digits.
"""

from __future__ import annotations

import re
from xml.etree import ElementTree

from markupsafe import Markup

from tango_ie.reporting.figures.theme import VARIABLES

_NAMESPACE = "http://www.w3.org/2000/svg"
_LINK = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_COLOUR = re.compile("|".join(VARIABLES))
_NOTHING = re.compile(r"rotate\(-?0(\.0*)? .*\)")
# Nothing is clipped: whatever is drawn lies inside the axes.
_LEFT_OUT = ("id", "clip-path", _LINK)
_UNUSED = ("stroke-dashoffset", "font-family", "font-stretch", "font-style")
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff\\ud800-\\udfff]")  # in XML
_Element = ElementTree.Element


def inline(source: str, name: str, title: str, description: str) -> Markup:
    """An ``<svg>`` for the inside of a page.

    Args:
        source: of matplotlib; its colours are stand-ins of :mod:`.theme`.
        name: no other figure of the page has it; ids begin with it.
        title: what it is, for those who do not see it.
        description: what is seen in it.
    """
    old = ElementTree.fromstring(_FORBIDDEN.sub("", source))
    root = ElementTree.Element(
        "svg",
        {
            "xmlns": _NAMESPACE,
            "viewBox": old.attrib["viewBox"],
            "role": "img",
            "aria-labelledby": f"{name}-title {name}-text",
            "style": "stroke-linejoin:round;stroke-linecap:butt",
        },
    )
    for tag, text in (("title", title), ("text", description)):
        spoken = "desc" if tag == "text" else tag
        ElementTree.SubElement(root, spoken, {"id": f"{name}-{tag}"}).text = _FORBIDDEN.sub(
            "", text
        )
    names: dict[str, str] = {}
    for child in old:
        _add(root, child, name, names, digits=1)
    return Markup(ElementTree.tostring(root, encoding="unicode"))


def _add(
    parent: _Element, element: _Element, name: str, names: dict[str, str], digits: int
) -> None:
    tag = element.tag.rpartition("}")[2]
    if tag in ("style", "metadata", "clipPath"):
        return
    inside_definition = tag == "defs"
    kept = {key: value for key, value in element.attrib.items() if key not in _LEFT_OUT}
    if "id" in element.attrib and tag != "g":
        kept["id"] = names.setdefault(element.attrib["id"], f"{name}-{len(names)}")
    if _LINK in element.attrib:
        target = element.attrib[_LINK].removeprefix("#")
        kept["xlink:href"] = "#" + names.setdefault(target, f"{name}-{len(names)}")
    kept = {key: _compact(key, value, digits) for key, value in kept.items()}
    kept = {key: value for key, value in kept.items() if value}
    if tag == "g" and not kept:
        made = parent  # a group that says nothing
    elif inside_definition and not any(child.tag.endswith("path") for child in element):
        return
    else:
        if tag in ("use", "text"):
            parent = _group(parent, kept.pop("style", ""))
        made = ElementTree.SubElement(parent, tag, kept)
        made.text = (element.text or "").strip() or None
    for child in element:
        _add(made, child, name, names, 2 if inside_definition else digits)


def _group(parent: _Element, style: str) -> _Element:
    """The group at the end of an element that has this style, so that many marks state it once."""
    if len(parent) and parent[-1].tag == "g" and parent[-1].attrib == {"style": style}:
        return parent[-1]
    return ElementTree.SubElement(parent, "g", {"style": style})


def _compact(key: str, value: str, digits: int) -> str:
    if key == "style":
        return _style(value)
    if key == "transform" and _NOTHING.fullmatch(value):
        return ""
    if key in ("d", "x", "y", "transform"):
        value = _NUMBER.sub(lambda number: f"{float(number[0]):.{digits}f}", value)
        value = re.sub(r"\.0+(?=\D|$)", "", value)
        value = re.sub(r"\s*([A-Za-z])\s*", r"\1", value).strip() if key == "d" else value
    return value


def _style(value: str) -> str:
    parts = [part.strip().replace(": ", ":", 1) for part in value.split(";")]
    kept = [part for part in parts if part and part.partition(":")[0] not in _UNUSED]
    return _COLOUR.sub(lambda found: f"var(--{VARIABLES[found[0]]})", ";".join(kept))
