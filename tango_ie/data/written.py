"""Corpora written in the formats of others, as a step's result: a folder of files."""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tango.common.aliases import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.writers.base import Writer

_logger = logging.getLogger(__name__)
_SUMMARY = "written.json"


@dataclass(frozen=True)
class WrittenFiles:
    """Files, or folders, one for each split.

    Args:
        folder: where they lie.
        names: split → name in the folder.
        sentences: split → number of sentences.
        notes: split → what was left out, see :meth:`Notes.to_json`.
    """

    folder: Path
    names: Mapping[str, str]
    sentences: Mapping[str, int]
    notes: Mapping[str, Mapping[str, Any]]

    def path(self, split: str) -> Path:
        """Where a split lies."""
        return self.folder / self.names[split]


def write_files(
    splits: Mapping[str, Iterable[Sentence]],
    writer: Writer,
    folder: str | Path,
    strict: bool = False,
    compress: bool = False,
) -> WrittenFiles:
    """Write each split into a file (or folder) of its own, named after the split.

    Args:
        splits: split name → sentences.
        writer: for the format.
        folder: a new or existing one.
        strict: what the format has no place for is an error.
        compress: with gzip; without effect on writers that make folders.

    Raises:
        DataError: a sentence that the format cannot hold.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    ending = writer.SUFFIX + (".gz" if compress and writer.SUFFIX else "")
    names = {split: split + ending for split in splits}
    sizes, left_out = {}, {}
    for split, sentences in splits.items():
        notes = Notes(strict)
        sizes[split] = writer.write(sentences, target / names[split], notes)
        left_out[split] = notes.to_json()
        for kind, entry in left_out[split].items():
            count, first = entry["count"], entry["examples"][0]
            _logger.warning("%s: %s: %d times, first %s", split, kind, count, first)
    return WrittenFiles(target, names, sizes, left_out)


class WrittenFilesFormat(Format[WrittenFiles]):
    """The files as they are, and ``written.json`` with what was left out."""

    VERSION = "001"

    def write(self, artifact: WrittenFiles, dir: PathOrStr) -> None:  # noqa: A002
        """Move the files into an empty folder."""
        for name in artifact.names.values():
            shutil.move(artifact.folder / name, Path(dir, name))
        summary = {
            "names": dict(artifact.names),
            "sentences": dict(artifact.sentences),
            "notes": {split: dict(notes) for split, notes in artifact.notes.items()},
        }
        text = json.dumps(summary, ensure_ascii=False, indent=1) + "\n"
        Path(dir, _SUMMARY).write_text(text, encoding="utf-8")

    def read(self, dir: PathOrStr) -> WrittenFiles:  # noqa: A002
        """Find what :meth:`write` has moved.

        Raises:
            DataError: it is not there.
        """
        path = Path(dir, _SUMMARY)
        try:
            summary = json.loads(path.read_text(encoding="utf-8"))
            return WrittenFiles(Path(dir), **summary)
        except (OSError, ValueError, TypeError) as error:
            raise DataError(f"not a folder of written files ({error!r})", path) from error
