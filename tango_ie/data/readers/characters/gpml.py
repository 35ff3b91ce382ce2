"""Going through the XML of the GENIA project (GPML) an article at a time, without a tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple
from xml.parsers import expat

from tango_ie.core.errors import DataError
from tango_ie.data.json_values import shown

_CHUNK = 1 << 16
_ARTICLE, _ID, _SENTENCE, _CONSTITUENT = "article", "bibliomisc", "sentence", "cons"


class Constituent(NamedTuple):
    """A ``cons`` element: its ``sem``, where it has one, and its characters ``[start, end)``."""

    sem: str | None
    start: int
    end: int


class XmlSentence(NamedTuple):
    """The text of a ``sentence``, its constituents (outer ones first) and its one-based line."""

    text: str
    constituents: list[Constituent]
    line: int


class Article(NamedTuple):
    """An ``article``: the parts of its id, its sentences, text outside of those, and its line."""

    id_parts: list[str]
    sentences: list[XmlSentence]
    unread: list[str]
    line: int

    @property
    def doc_id(self) -> str:
        """The text of ``bibliomisc``; empty where there is none."""
        return "".join(self.id_parts).strip()


def iter_articles(stream: IO[bytes], source: str) -> Iterator[Article]:
    """The articles of a file; one of them is held at a time.

    Neither the DTD nor anything else that the file refers to is opened, and a file that declares
    entities of its own is refused.

    Raises:
        DataError: no well-formed XML, or sentences outside articles.
    """
    parser = _Parser(source)
    while chunk := stream.read(_CHUNK):
        yield from parser.feed(chunk)
    yield from parser.feed(b"", final=True)


class _Parser:
    """Handlers of expat that collect articles."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._path: list[str] = []
        self._complete: list[Article] = []
        self._article: Article | None = None
        self._inside = False
        # Of the sentence that is open: its text, the length of that, its constituents.
        self._text: list[str] = []
        self._length = 0
        self._constituents: list[Constituent] = []
        # Where the constituents that are open stand among those.
        self._open: list[int] = []
        self._line = 0
        self._expat = expat.ParserCreate()
        self._expat.buffer_text = True
        self._expat.StartElementHandler = self._start
        self._expat.EndElementHandler = self._end
        self._expat.CharacterDataHandler = self._characters
        self._expat.EntityDeclHandler = self._refuse_declaration
        self._expat.SkippedEntityHandler = self._refuse_reference

    def feed(self, chunk: bytes, final: bool = False) -> list[Article]:
        """The articles that are complete with this piece of the file."""
        try:
            self._expat.Parse(chunk, final)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise DataError(
                f"not well-formed XML at column {error.offset + 1} ({reason}); mend the file or "
                "fetch it anew",
                self._source,
                error.lineno,
            ) from error
        except (LookupError, ValueError) as error:
            raise self._error(f"its encoding cannot be read ({error}); make it UTF-8") from error
        complete, self._complete = self._complete, []
        return complete

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == _ARTICLE:
            if self._article is not None:
                raise self._error("an article inside an article")
            self._article = Article([], [], [], self._expat.CurrentLineNumber)
        elif name == _SENTENCE:
            if self._article is None or _SENTENCE in self._path:
                raise self._error("a sentence inside a sentence, or outside of all articles")
            self._text, self._length, self._constituents, self._open = [], 0, [], []
            self._line = self._expat.CurrentLineNumber
        elif name == _CONSTITUENT:
            if _SENTENCE not in self._path:
                raise self._error("a constituent <cons> outside of all sentences")
            self._open.append(len(self._constituents))
            self._constituents.append(Constituent(attributes.get("sem"), self._length, -1))
        self._path.append(name)
        self._inside = _SENTENCE in self._path

    def _end(self, name: str) -> None:
        self._path.pop()
        article = self._article
        if name == _CONSTITUENT:
            place = self._open.pop()
            self._constituents[place] = self._constituents[place]._replace(end=self._length)
        elif name == _SENTENCE and article is not None:
            sentence = XmlSentence("".join(self._text), self._constituents, self._line)
            article.sentences.append(sentence)
            self._inside = False
        elif name == _ARTICLE and article is not None:
            self._complete.append(article)
            self._article = None

    def _characters(self, data: str) -> None:
        if self._inside:
            self._text.append(data)
            self._length += len(data)
        elif self._article is not None and self._path[-1] == _ID:
            self._article.id_parts.append(data)
        elif self._article is not None and not data.isspace():
            self._article.unread.append(data)

    def _refuse_declaration(self, name: str, *_: object) -> None:
        raise self._error(f"declares the entity {shown(name)}; write its text in its place")

    def _refuse_reference(self, name: str, _: object) -> None:
        raise self._error(f"&{name}; is not declared in the file; write its text in its place")

    def _error(self, message: str) -> DataError:
        return DataError(message, self._source, self._expat.CurrentLineNumber)
