"""Collections of brat: texts with standoff annotations beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.written_documents import FILE_NAME
from tango_ie.data.writers.base import Writer
from tango_ie.data.writers.brat_names import FileNames, LabelNames, configuration
from tango_ie.data.writers.folder import new_folder
from tango_ie.data.writers.standoff import render


@Writer.register("tango_ie::brat")
class BratWriter(Writer):
    """Makes a folder that brat shows, and that ``tango_ie::brat`` reads as the same sentences.

    Sentences with one ``doc_id`` that follow each other make a document. Where all of them know
    their text and its place, the document has them there, with blanks for what lies between; else
    each is a line: its own text, or its words parted by blanks. Labels are spelt with letters,
    digits, ``_``, ``-`` and ``.``; subtypes become notes (``#`` lines). Word tags are left out.

    Sentences, words and labels are kept in a file beside the texts, which other programs may pass
    over. Without it words that hold blanks are cut, as any other text.

    Args:
        document_size: how many sentences without a ``doc_id`` make a document.
    """

    SUFFIX = ""

    def __init__(self, document_size: int = 50) -> None:
        if document_size < 1:
            raise ConfigurationError(f"must be at least 1, found {document_size}", "document_size")
        self.document_size = document_size

    def write(
        self, sentences: Iterable[Sentence], path: str | Path, notes: Notes | None = None
    ) -> int:
        """See :meth:`Writer.write`; a document is held at a time.

        Args:
            sentences: may be an iterator.
            path: a folder that does not exist yet, or is empty.
            notes: collects what was left out.
        """
        kept = Notes() if notes is None else notes
        target = Path(path)
        names, labels = FileNames(), LabelNames()
        count = 0
        with new_folder(target) as folder:
            with (folder / FILE_NAME).open("w", encoding="utf-8", newline="\n") as index:
                for document in self._documents(sentences):
                    try:
                        written = render(document, names.name(document[0].doc_id), labels, kept)
                    except DataError as error:
                        last = count + len(document)
                        place = f"{target}, among the sentences {count + 1} to {last}"
                        raise DataError(error.message, place) from error
                    _write(folder / f"{written.listed.file}.txt", written.text)
                    _write(folder / f"{written.listed.file}.ann", written.standoff)
                    index.write(written.listed.to_line() + "\n")
                    count += len(document)
            _write(folder / "annotation.conf", configuration(labels))
        labels.state(kept)
        return count

    def _documents(self, sentences: Iterable[Sentence]) -> Iterator[list[Sentence]]:
        """Runs of sentences of one document; those of none in groups."""
        group: list[Sentence] = []
        for sentence in sentences:
            full = sentence.doc_id is None and len(group) == self.document_size
            if group and (full or sentence.doc_id != group[0].doc_id):
                yield group
                group = []
            group.append(sentence)
        if group:
            yield group


def _write(path: Path, text: str) -> None:
    path.write_bytes(text.encode("utf-8"))
