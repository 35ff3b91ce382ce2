"""Figures of a report: drawn by matplotlib, inlined as SVG."""

from tango_ie.reporting.figures.all import drawn, figures
from tango_ie.reporting.figures.section import DIGEST, FigureSection, style

__all__ = ["DIGEST", "FigureSection", "drawn", "figures", "style"]
