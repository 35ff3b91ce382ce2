"""Reports: variants compared and corpora described, as tables, pages and in the terminal."""

from tango_ie.reporting.comparison import compare
from tango_ie.reporting.corpus_page import write_corpus_page
from tango_ie.reporting.corpus_report import ReportedCorpusFormat
from tango_ie.reporting.corpus_terminal import show_corpus
from tango_ie.reporting.published import Published
from tango_ie.reporting.report import Report, ReportFormat
from tango_ie.reporting.terminal import show
from tango_ie.reporting.variant import Run, Variant

__all__ = [
    "Published",
    "Report",
    "ReportFormat",
    "ReportedCorpusFormat",
    "Run",
    "Variant",
    "compare",
    "show",
    "show_corpus",
    "write_corpus_page",
]
