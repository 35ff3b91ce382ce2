"""Readers of what is out there; importing this package registers all of them."""

from tango_ie.data.readers.base import Reader, TextReader
from tango_ie.data.readers.characters.brat import BratReader
from tango_ie.data.readers.characters.char_jsonl import CharJsonLinesReader
from tango_ie.data.readers.characters.drug_ae import DrugAeReader
from tango_ie.data.readers.characters.genia_xml import GeniaXmlReader
from tango_ie.data.readers.hugging_face.reader import HuggingFaceReader
from tango_ie.data.readers.jsonl import JsonLinesReader
from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.data.readers.lines.conllu import ConlluReader
from tango_ie.data.readers.lines.csv_table import CsvReader
from tango_ie.data.readers.lines.inline import InlineReader
from tango_ie.data.readers.lines.multihead import MultiHeadReader
from tango_ie.data.readers.lines.parallel import ParallelReader
from tango_ie.data.readers.lines.roth_yih import RothYihReader
from tango_ie.data.readers.triples.casrel import CasRelReader
from tango_ie.data.readers.triples.jointer import JointERReader
from tango_ie.data.readers.triples.relation_mentions import RelationMentionsReader
from tango_ie.data.readers.triples.zeng import ZengReader
from tango_ie.data.readers.word_json.dygie import DygieReader
from tango_ie.data.readers.word_json.spert import SpertReader
from tango_ie.data.readers.word_json.tagged_json import TaggedJsonReader
from tango_ie.data.readers.word_json.token_spans import TokenSpansReader
from tango_ie.data.readers.word_json.unified import UnifiedReader

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
