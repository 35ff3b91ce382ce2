"""Reports: variants compared, as a table, a page and in the terminal."""

from tango_ie.reporting.comparison import compare
from tango_ie.reporting.report import Report, ReportFormat
from tango_ie.reporting.terminal import show
from tango_ie.reporting.variant import Run, Variant

__all__ = ["Report", "ReportFormat", "Run", "Variant", "compare", "show"]
