"""Writers of corpora and predictions; importing this package registers all of them."""

from tango_ie.data.writers.base import Writer
from tango_ie.data.writers.brat import BratWriter
from tango_ie.data.writers.char_jsonl import CharJsonLinesWriter
from tango_ie.data.writers.column import ColumnWriter
from tango_ie.data.writers.conllu import ConlluWriter
from tango_ie.data.writers.jsonl import JsonLinesWriter, write_jsonl
from tango_ie.data.writers.spert import SpertWriter

__all__ = [
    "BratWriter",
    "CharJsonLinesWriter",
    "ColumnWriter",
    "ConlluWriter",
    "JsonLinesWriter",
    "SpertWriter",
    "Writer",
    "write_jsonl",
]
