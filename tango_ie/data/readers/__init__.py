"""Readers: one file per format family."""

from tango_ie.data.readers.base import Reader, TextReader
from tango_ie.data.readers.column import ColumnReader
from tango_ie.data.readers.jsonl import JsonLinesReader

__all__ = ["ColumnReader", "JsonLinesReader", "Reader", "TextReader"]
