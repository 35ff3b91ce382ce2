"""The GENIA corpus in its own XML, with nested terms of a fine ontology."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.input_files import InputFile
from tango_ie.data.alignment import Tokenisation
from tango_ie.data.annotations import Sentence
from tango_ie.data.json_values import shown
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader, located
from tango_ie.data.readers.characters.char_spans import (
    CharEntity,
    CharSentence,
    InsideWords,
    SpanPlacer,
)
from tango_ie.data.readers.characters.gpml import Article, Constituent, XmlSentence, iter_articles
from tango_ie.data.readers.text_files import open_binary
from tango_ie.data.readers.word_records import Place

# The five types that work on nested entities has kept since Finkel and Manning (2009).
_TYPES = {
    "DNA": "DNA",
    "RNA": "RNA",
    "protein": "protein",
    "cell_line": "cell_line",
    "cell_type": "cell_type",
}
_PREFIX = re.compile(r"\w*#")


@Reader.register("tango_ie::genia_xml")
class GeniaXmlReader(Reader):
    """Reads ``GENIAcorpus3.02.xml``: the sentences of titles and abstracts, in file order.

    Each constituent ``<cons sem="G#…">`` whose class has a type is an entity, outer ones first; its
    class without ``G#`` is the ``subtype``. Left out and noted are constituents without a class,
    coordinated ones (``(AND G#… G#…)``), those of other classes, and one that repeats the class and
    the characters of another. Neither the DTD nor anything else is fetched.

    Args:
        documents: file of the ids of the articles to be read, one a line; ``None`` reads all. The
            splits of the corpus are such lists.
        types: class → label; the class stands for those that begin with it and ``_`` as well, and
            the longest that fits counts. ``None`` is DNA, RNA, protein, cell_line and cell_type.
        tokenisation: how sentences are cut into words, see
            :func:`tango_ie.data.alignment.tokenise`.
        inside_words: see :class:`SpanPlacer`.
    """

    def __init__(
        self,
        documents: InputFile | None = None,
        types: dict[str, str] | None = None,
        tokenisation: Tokenisation = "words",
        inside_words: InsideWords = "widen",
    ) -> None:
        self.documents = documents
        # A name that does not exist is an error of the config, and shows at once.
        self._documents = None if documents is None else InputFile(documents).resolve()
        self.types: Mapping[str, str] = dict(_TYPES if types is None else types)
        if not self.types or not all(self.types) or not all(self.types.values()):
            raise ConfigurationError("must map classes to labels, and neither is empty", "types")
        self._placer = SpanPlacer(tokenisation, inside_words)

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        wanted = None if self._documents is None else _read_ids(self._documents)
        seen: set[str] = set()
        count = 0
        with open_binary(path) as stream:
            for article in iter_articles(stream, str(path)):
                count += 1
                place = Place(notes, str(path), article.line)
                if not article.doc_id:
                    raise DataError("an article without an id in <bibliomisc>", path, article.line)
                if wanted is not None and article.doc_id not in wanted:
                    continue
                if article.doc_id in seen:
                    place.note("id of an article that occurs again", article.doc_id)
                seen.add(article.doc_id)
                yield from self._sentences_of(article, place)
        read = f"{count}" if wanted is None else f"{len(seen)} of the ids, among {count} articles"
        notes.state("articles", read)
        if wanted is not None and wanted - seen:
            missing = sorted(wanted - seen)
            shown_ids = ", ".join(missing[:3]) + ", …" * (len(missing) > 3)
            detail = f"{shown_ids}: named in {self._documents}, not in the corpus"
            notes.add("article not found", detail, path, count=len(missing))

    def _sentences_of(self, article: Article, place: Place) -> Iterator[Sentence]:
        if article.unread:
            place.note("text outside of sentences left out", shown("".join(article.unread)))
        for position, found in enumerate(article.sentences):
            here = place._replace(line=found.line)
            entities = self._entities(found, here)
            try:
                sentence = self._placer.sentence(
                    CharSentence(found.text, entities, doc_id=article.doc_id, position=position),
                    here,
                )
            except DataError as error:
                raise located(error, here.source, here.line) from error
            if sentence is not None:
                yield sentence

    def _entities(self, found: XmlSentence, place: Place) -> list[CharEntity]:
        entities: list[CharEntity] = []
        for constituent in found.constituents:
            name = _PREFIX.sub("", constituent.sem or "")
            label = self._label(name)
            entity = CharEntity(label or "", constituent.start, constituent.end, name)
            kind = _left_out(constituent, label, entity in entities)
            if kind is None:
                entities.append(entity)
            else:
                covered = found.text[constituent.start : constituent.end]
                place.note(kind, f"{constituent.sem or 'no sem'}: {shown(covered)}")
        return entities

    def _label(self, name: str) -> str | None:
        fitting = [key for key in self.types if name == key or name.startswith(f"{key}_")]
        return self.types[max(fitting, key=len)] if fitting else None


def _left_out(constituent: Constituent, label: str | None, repeated: bool) -> str | None:
    """Why a constituent is no entity, if so."""
    if not constituent.sem:
        return "constituent without class left out"
    if constituent.sem.startswith("("):
        return "coordinated constituent left out"
    if label is None:
        return "constituent of another class left out"
    return "constituent that repeats another left out" if repeated else None


def _read_ids(path: Path) -> set[str]:
    try:
        with open_binary(path) as stream:
            lines = codecs.decode(stream.read(), "utf-8-sig").splitlines()
    except (OSError, EOFError, UnicodeError) as error:
        raise DataError(f"cannot be read as a list of ids: {error}", path) from error
    ids = {line.strip() for line in lines} - {""}
    if not ids:
        raise DataError("names no article; it must hold one id a line", path)
    return ids
