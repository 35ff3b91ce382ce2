"""Parallel files: a folder whose files have the words, tags and label of a sentence each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.readers.lines.blanks import BLANKS, split_at_blanks
from tango_ie.data.readers.text_files import known_encoding, text_lines
from tango_ie.data.schemes import FoundScheme
from tango_ie.data.span_decoder import SpanDecoder


@Reader.register("tango_ie::parallel")
class ParallelReader(Reader):
    """Reads a folder of files that go together line by line, such as ``seq.in`` and ``seq.out``.

    Line n of the files holds the words of sentence n, its tags and its label; words and tags are
    parted by blanks. Sentences have no labels of their own, only words have: each word of the
    sentence carries it, in a layer of word tags.

    Args:
        words_file: name of the file of words.
        tags_file: name of the file of tags.
        label_file: name of the file of labels; ``None`` where there is none.
        sentence_label: name of the layer; ``None`` leaves the labels unread.
        scheme: tag scheme of the entity tags; ``auto`` finds it out.
        encoding: of all files; any codec of Python.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "seq.in").write_text("to Ayr\\n")
    ...     _ = Path(folder, "seq.out").write_text("O B-city\\n")
    ...     _ = Path(folder, "label").write_text("travel\\n")
    ...     sentences = list(ParallelReader().read(folder))
    >>> sentences[0].words, sentences[0].tags
    (('to', 'Ayr'), {'intent': ('travel', 'travel')})
    """

    def __init__(
        self,
        words_file: str = "seq.in",
        tags_file: str = "seq.out",
        label_file: str | None = "label",
        sentence_label: str | None = "intent",
        scheme: FoundScheme = "auto",
        encoding: str = "utf-8",
    ) -> None:
        self.encoding = known_encoding(encoding)
        names = {"words_file": words_file, "tags_file": tags_file, "label_file": label_file}
        for argument, name in names.items():
            if name is not None and (name in ("", "..") or Path(name).name != name):
                raise ConfigurationError(
                    f"{name!r} is not the name of a file in the folder", argument
                )
        if sentence_label == "":
            raise ConfigurationError(
                "must not be empty; null leaves the labels unread", "sentence_label"
            )
        self.words_file = words_file
        self.tags_file = tags_file
        self.label_file = label_file
        self.sentence_label = sentence_label
        self.scheme = scheme

    def check_location(self, path: Path) -> None:
        """See :meth:`Reader.check_location`; the folder and all of its files must be there."""
        if path.is_file():
            names = ", ".join(self._names)
            raise DataError(f"is a file, but a folder is needed, with {names} in it", path)
        for name in self._names if path.is_dir() else ():
            super().check_location(path / name)
        if not path.is_dir():
            super().check_location(path)

    def read_file(self, path: Path, notes: Notes) -> Iterator[Sentence]:
        """See :meth:`Reader.read_file`."""
        files = [path / name for name in self._names]
        decoder = SpanDecoder(self.scheme, "entities", str(path / self.tags_file), notes)
        columns = [text_lines(file, self.encoding) for file in files]
        for number, lines in enumerate(zip_longest(*columns), start=1):
            if None in lines:
                ended, going_on = files[lines.index(None)], _first_not_none(lines)
                raise DataError(
                    f"has ended before line {number}, but {files[going_on].name} goes on: "
                    "the files must have as many lines; copy them anew, or mend them",
                    ended,
                    number,
                )
            words = split_at_blanks(lines[0])
            tags = split_at_blanks(lines[1])
            if len(words) != len(tags):
                raise DataError(
                    f"{len(tags)} tags for the {len(words)} words in {files[0].name}: "
                    f"{lines[1].strip()[:60]!r} for {lines[0].strip()[:60]!r}; mend one of them",
                    files[1],
                    number,
                )
            label = lines[2].strip(BLANKS) if len(lines) > 2 else None
            if not words:
                if label:
                    raise DataError(f"the label {label!r} is that of no words", files[2], number)
                notes.add("sentence without words left out", "empty line", files[0], number)
                continue
            if label == "":
                raise DataError("the sentence has no label; give each line one", files[2], number)
            layers = {}
            if self.sentence_label is not None and label is not None:
                layers[self.sentence_label] = (label,) * len(words)
            entities = decoder.decode(tags, number, one_line=True)
            yield Sentence(tuple(words), tuple(entities), (), layers)
        decoder.finish()

    @property
    def _names(self) -> tuple[str, ...]:
        labels = () if self.sentence_label is None else (self.label_file,)
        return tuple(
            name for name in (self.words_file, self.tags_file, *labels) if name is not None
        )


def _first_not_none(lines: tuple[object, ...]) -> int:
    return next(place for place, line in enumerate(lines) if line is not None)
