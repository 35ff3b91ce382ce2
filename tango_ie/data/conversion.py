"""From files to a corpus."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping
from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import Reader
from tango_ie.data.schema import Schema

_logger = logging.getLogger(__name__)


def convert(
    reader: Reader,
    splits: Mapping[str, str | Path],
    names: Mapping[str, str] | None = None,
    strict: bool = False,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Read the files of a corpus; files may be larger than memory.

    Repairs are counted in the statistics of the corpus and shown as warnings.

    Args:
        reader: for the format of the files.
        splits: split name → file.
        names: natural-language names of labels, see :class:`Schema`.
        strict: every repair is an error, and so is a name for a label that does not occur.
        work_dir: for the parts of large splits; ``None`` is the system's temporary folder.

    Raises:
        DataError: a file is missing, empty or malformed.
        ConfigurationError: no splits are given, or (strict) a name is for an unknown label.
    """
    if not splits:
        raise ConfigurationError(
            "name at least one split, for example {train: 'train.txt'}", "splits"
        )
    notes = {name: Notes(strict) for name in splits}
    # A generator each; that a file is missing shows here, before the first of them is read.
    streams = {name: reader.read(path, notes[name]) for name, path in splits.items()}
    origin = {
        "reader": type(reader).__name__,
        "files": {name: str(path) for name, path in splits.items()},
    }
    corpus = Corpus.from_sentences(streams, names, notes, origin, work_dir)
    for name, kinds in notes.items():
        for kind, entry in kinds.to_json().items():
            count, first = entry["count"], entry["examples"][0]
            _logger.warning("%s: %s: %d times, first %s", name, kind, count, first)
    _check_names(corpus.schema, strict)
    return corpus


def _check_names(schema: Schema, strict: bool) -> None:
    labels = {*schema.entity_types, *schema.relation_types}.union(*schema.tag_layers.values())
    for label in sorted(set(schema.names) - labels):
        near = difflib.get_close_matches(label, labels, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = f"there is a name for {label!r}, which is no label of the corpus{hint}"
        if strict:
            raise ConfigurationError(message, "names")
        _logger.warning("%s", message)
