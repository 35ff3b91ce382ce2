"""Sentences, corpora, tag schemes and the readers of what is out there."""

from tango_ie.data import embedded, readers  # noqa: F401 (registers the readers)
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.conversion import convert
from tango_ie.data.corpus import Corpus, CorpusFormat
from tango_ie.data.notes import Notes
from tango_ie.data.schema import Schema
from tango_ie.data.split import Split
from tango_ie.data.writers import write_jsonl

__all__ = [
    "Annotations",
    "Corpus",
    "CorpusFormat",
    "Entity",
    "Notes",
    "Relation",
    "Schema",
    "Sentence",
    "Split",
    "convert",
    "write_jsonl",
]
