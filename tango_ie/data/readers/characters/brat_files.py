"""The documents of a brat collection: which files there are, and what their bytes say."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tango_ie.data.readers.text_files import open_binary

_TEXT, _STANDOFF = ".txt", ".ann"


class DocumentFiles(NamedTuple):
    """The name of a document in its collection, and its files; ``standoff`` may be missing."""

    name: str
    text: Path
    standoff: Path | None


def document_files(path: Path, notes: Notes) -> Iterator[DocumentFiles]:
    """The documents of a folder with its subfolders, sorted by name, or that of a single file.

    Raises:
        DataError: there is none, or one has annotations and no text.
    """
    if path.is_file():
        yield _single(path)
        return
    texts: dict[str, Path] = {}
    standoffs: dict[str, Path] = {}
    for folder, folders, files in os.walk(path, onerror=_raise):
        for name in sorted(folders):
            link = Path(folder, name)
            if link.is_symlink():
                notes.add("link to a folder not followed", str(link), path)
        for file in sorted(files):
            location = Path(folder, file)
            stem, suffix = _parted(location)
            group = {_TEXT: texts, _STANDOFF: standoffs}.get(suffix)
            if group is not None:
                name = (location.parent / stem).relative_to(path).as_posix()
                if name in group:
                    raise DataError(f"is there twice, as {group[name].name} as well", location)
                group[name] = location
    for name in sorted(texts.keys() | standoffs.keys()):
        if name not in texts:
            raise DataError(f"has no text beside it; put {name}{_TEXT} there", standoffs[name])
        yield DocumentFiles(name, texts[name], standoffs.get(name))
    if not texts:
        raise DataError(f"holds no file {_TEXT}, here or in a subfolder", path)


def read_bytes(path: Path) -> bytes:
    """All that is in a file, through gzip where it is compressed.

    Raises:
        DataError: it cannot be read, or is damaged.
    """
    try:
        with open_binary(path) as stream:
            return stream.read()
    except (EOFError, zlib.error, OSError) as error:
        raise DataError(f"cannot be read: {error}; fetch it again, or remove it", path) from error


def _single(path: Path) -> DocumentFiles:
    stem, suffix = _parted(path)
    if suffix not in (_TEXT, _STANDOFF):
        raise DataError(f"is neither a folder nor a file {_TEXT} or {_STANDOFF}", path)
    found = {}
    for wanted in (_TEXT, _STANDOFF):
        files = [path.with_name(stem + wanted + packed) for packed in ("", ".gz")]
        found[wanted] = next((file for file in files if file.is_file()), None)
    text, standoff = found[_TEXT], found[_STANDOFF]
    if text is None:
        raise DataError(f"has no text beside it; put {stem}{_TEXT} there", path)
    return DocumentFiles(stem, text, standoff)


def _parted(path: Path) -> tuple[str, str]:
    """The name without suffix, and that; ``.gz`` does not count."""
    name = path.name.removesuffix(".gz")
    stem, suffix = os.path.splitext(name)  # noqa: PTH122
    return stem, suffix


def _raise(error: OSError) -> None:
    raise DataError(f"cannot be read: {error.strerror or error}", error.filename) from error
