"""Readers of what is out there; importing this package registers all of them."""

from tango_ie.data.readers.base import Reader, TextReader
from tango_ie.data.readers.brat import BratReader
from tango_ie.data.readers.casrel import CasRelReader
from tango_ie.data.readers.char_jsonl import CharJsonLinesReader
from tango_ie.data.readers.column import ColumnReader
from tango_ie.data.readers.conllu import ConlluReader
from tango_ie.data.readers.csv_table import CsvReader
from tango_ie.data.readers.drug_ae import DrugAeReader
from tango_ie.data.readers.dygie import DygieReader
from tango_ie.data.readers.genia_xml import GeniaXmlReader
from tango_ie.data.readers.hugging_face import HuggingFaceReader
from tango_ie.data.readers.inline import InlineReader
from tango_ie.data.readers.jointer import JointERReader
from tango_ie.data.readers.jsonl import JsonLinesReader
from tango_ie.data.readers.multihead import MultiHeadReader
from tango_ie.data.readers.parallel import ParallelReader
from tango_ie.data.readers.relation_mentions import RelationMentionsReader
from tango_ie.data.readers.roth_yih import RothYihReader
from tango_ie.data.readers.spert import SpertReader
from tango_ie.data.readers.tagged_json import TaggedJsonReader
from tango_ie.data.readers.token_spans import TokenSpansReader
from tango_ie.data.readers.unified import UnifiedReader
from tango_ie.data.readers.zeng import ZengReader

__all__ = [
    "BratReader",
    "CasRelReader",
    "CharJsonLinesReader",
    "ColumnReader",
    "ConlluReader",
    "CsvReader",
    "DrugAeReader",
    "DygieReader",
    "GeniaXmlReader",
    "HuggingFaceReader",
    "InlineReader",
    "JointERReader",
    "JsonLinesReader",
    "MultiHeadReader",
    "ParallelReader",
    "Reader",
    "RelationMentionsReader",
    "RothYihReader",
    "SpertReader",
    "TaggedJsonReader",
    "TextReader",
    "TokenSpansReader",
    "UnifiedReader",
    "ZengReader",
]
