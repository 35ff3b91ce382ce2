"""Writers of corpora and predictions; importing this package registers all of them."""

from tango_ie.data.writers.base import Writer
from tango_ie.data.writers.column import ColumnWriter
from tango_ie.data.writers.jsonl import JsonLinesWriter, write_jsonl

__all__ = ["ColumnWriter", "JsonLinesWriter", "Writer", "write_jsonl"]
