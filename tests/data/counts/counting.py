"""Reading real files and adding up what is in them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tango_ie.data.conversion import convert
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.base import Reader

SPLITS = ("train", "dev", "test")


def converted(
    reader: Reader, folder: Path, files: Mapping[str, str] | str, strict: bool = False
) -> Corpus:
    """The corpus of ``files`` (split → name, or a pattern with ``{}`` for train, dev and test)."""
    if isinstance(files, str):
        files = {split: files.format(split) for split in SPLITS}
    return convert(reader, {name: folder / file for name, file in files.items()}, strict=strict)


def total(corpus: Corpus, key: str) -> tuple[int, ...]:
    """One figure of the statistics for each split; counts per label are added up."""
    figures = []
    for split in corpus.statistics.values():
        value = split[key]
        figures.append(sum(value.values()) if isinstance(value, dict) else value)
    return tuple(figures)


def note_counts(corpus: Corpus, split: str) -> dict[str, int]:
    """How often each kind of note was made in a split."""
    return {kind: note["count"] for kind, note in corpus.statistics[split]["notes"].items()}
