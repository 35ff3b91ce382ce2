"""From files to a corpus."""

from __future__ import annotations

import difflib
import logging
from collections.abc import Mapping
from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus, in_usual_order
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

    Repairs are counted in the statistics of the corpus and shown as warnings, and so is how many
    sentences of a split occur in others (which is no error: some corpora are made so).

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
        "files": {name: str(path) for name, path in in_usual_order(splits).items()},
    }
    corpus = Corpus.from_sentences(streams, names, notes, origin, work_dir)
    for name, found in notes.items():
        _log_notes(name, found)
    _log_leakage(corpus)
    _check_names(corpus.schema, strict)
    return corpus


def _log_notes(split: str, notes: Notes) -> None:
    for what, found in notes.facts.items():
        _logger.info("%s: %s: %s", split, what, found)
    for kind, entry in notes.to_json().items():
        count, first = entry["count"], entry["examples"][0]
        times = "once" if count == 1 else f"{count:,} times, first"
        _logger.warning("%s: %s: %s %s", split, kind, times, first)


def _log_leakage(corpus: Corpus) -> None:
    for pair in corpus.comparison["shared_sentences"]:
        shared = pair["words"]["sentences_of_later"]
        if shared:
            later, earlier = pair["later"], pair["earlier"]
            size = len(corpus[later])
            _logger.warning(
                "%s: %s of %s sentences occur in %s too", later, f"{shared:,}", f"{size:,}", earlier
            )


def _check_names(schema: Schema, strict: bool) -> None:
    labels = {*schema.entity_types, *schema.relation_types}.union(*schema.tag_layers.values())
    for label in sorted(set(schema.names) - labels):
        near = difflib.get_close_matches(label, labels, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        message = f"there is a name for {label!r}, which is no label of the corpus{hint}"
        if strict:
            raise ConfigurationError(message, "names")
        _logger.warning("%s", message)
