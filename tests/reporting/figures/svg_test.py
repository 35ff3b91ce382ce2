"""From matplotlib's SVG to a part of a page."""

from __future__ import annotations

from tango_ie.reporting.figures.svg import inline
from tango_ie.reporting.figures.theme import INK, SOFT

SOURCE = f"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="350pt" height="200pt" viewBox="0 0 350 200"
 xmlns="http://www.w3.org/2000/svg" version="1.1">
 <defs><style type="text/css">*{{stroke-linejoin: round}}</style></defs>
 <g id="figure_1"><g id="line2d_1">
  <path d="M 1.04 2.06
L 3 4.999
" clip-path="url(#p1)" style="fill: none; stroke: {INK}; stroke-width: 0.8"/>
  <defs><path id="m1" d="M 0 0.123 z"/></defs>
  <g clip-path="url(#p1)"><use xlink:href="#m1" x="1.26" y="2" style="fill: {SOFT}"/>
  <use xlink:href="#m1" x="5" y="6" style="fill: {SOFT}"/></g>
 </g>
 <!-- a comment -->
 <g id="text_1"><text style="font-size: 10px; font-family: 'DejaVu Sans'; text-anchor: middle"
  x="1" y="2" transform="rotate(-0 1 2)">a &lt;b&gt; {INK}</text></g></g>
 <defs><clipPath id="p1"><rect x="0" y="0" width="1" height="1"/></clipPath></defs>
</svg>"""


def test_by_hand() -> None:
    assert inline(SOURCE, "f", "A <title>", "What is seen") == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 350 200" role="img"'
        ' aria-labelledby="f-title f-text" style="stroke-linejoin:round;stroke-linecap:butt">'
        '<title id="f-title">A &lt;title&gt;</title><desc id="f-text">What is seen</desc>'
        '<path d="M1 2.1L3 5" style="fill:none;stroke:var(--ink);stroke-width:0.8" />'
        '<defs><path d="M0 0.12z" id="f-0" /></defs>'
        '<g style="fill:var(--soft)"><use x="1.3" y="2" xlink:href="#f-0" />'
        '<use x="5" y="6" xlink:href="#f-0" /></g>'
        # What a text says is no colour.
        '<g style="font-size:10px;text-anchor:middle">'
        f'<text x="1" y="2">a &lt;b&gt; {INK}</text></g></svg>'
    )


def test_other_figures_have_other_ids() -> None:
    one, other = inline(SOURCE, "f", "", ""), inline(SOURCE, "g", "", "")
    assert one != other
    assert one.replace("f-", "g-") == other


def test_what_xml_forbids_is_left_out() -> None:
    assert ">ab</text>" in inline(SOURCE.replace("a &lt;b&gt; " + INK, "a\x07b"), "f", "\x00", "")
