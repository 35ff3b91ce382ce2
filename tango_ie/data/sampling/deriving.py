"""A corpus made from another one, with a record of what was done."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.drawing import Unit, hash_of, totals

_logger = logging.getLogger(__name__)
_MOST_IDS = 20_000


def derive(
    corpus: Corpus,
    splits: Mapping[str, Iterable[Sentence]],
    operation: Mapping[str, Any],
    notes: Mapping[str, Notes] | None = None,
    names: Mapping[str, str] | None = None,
    work_dir: str | Path | None = None,
) -> Corpus:
    """The corpus of ``splits``, whose origin is that of ``corpus`` and the operation.

    Args:
        corpus: what it is made from.
        splits: see :meth:`Corpus.from_sentences`.
        operation: as JSON; added to ``origin["operations"]``, the oldest first.
        notes: what was dropped in each split.
        names: of labels; by default those of ``corpus``.
        work_dir: see :meth:`Corpus.from_sentences`.
    """
    origin = corpus.origin
    origin["operations"] = [*origin.get("operations", []), dict(operation)]
    kept = corpus.schema.names if names is None else names
    made = Corpus.from_sentences(splits, kept, notes, origin, work_dir)
    for split, counts in made.statistics.items():
        mentions = ", ".join(f"{label} {number}" for label, number in counts["entities"].items())
        _logger.info(
            "%s: %s has %d sentences; %s",
            operation["operation"],
            split,
            counts["sentences"],
            mentions or "no entities",
        )
    return made


def warn(notes: Mapping[str, Notes]) -> None:
    """Show what could not be done as it was asked for."""
    for split, kinds in notes.items():
        for kind, entry in kinds.to_json().items():
            count, first = entry["count"], entry["examples"][0]
            times = "once" if count == 1 else f"{count:,} times, first"
            _logger.warning("%s: %s: %s %s", split, kind, times, first)


def selection(units: Collection[Unit]) -> dict[str, Any]:
    """What was chosen, as JSON: real counts, and the ids of the sentences or documents.

    ``positions`` are zero-based places in what was drawn from; ``digests`` identify the content in
    any file, see :func:`tango_ie.data.sampling.drawing.content_digest`. Both are ``null`` for more
    than 20,000 sentences, which would make the corpus slow to open; ``digest`` identifies all of
    them together, in any order.
    """
    ordered = sorted(units, key=lambda unit: unit.positions)
    positions = sorted(position for unit in ordered for position in unit.positions)
    listed = len(positions) <= _MOST_IDS
    return {
        "sentences": len(positions),
        "mentions": totals(ordered),
        "digest": hash_of(sorted(unit.digest for unit in ordered)).hex(),
        "positions": positions if listed else None,
        "digests": [unit.digest for unit in ordered] if listed else None,
    }


def picked(sentences: Iterable[Sentence], units: Iterable[Unit]) -> Iterator[Sentence]:
    """The sentences of some units, in the order of the source."""
    wanted = {position for unit in units for position in unit.positions}
    for position, sentence in enumerate(sentences):
        if position in wanted:
            yield sentence


def concatenated(parts: Sequence[tuple[str, Iterable[Sentence]]]) -> Iterator[Sentence]:
    """The sentences of named parts; where there are several, document ids begin with the name."""
    for name, sentences in parts:
        for sentence in sentences:
            if len(parts) > 1 and sentence.doc_id is not None:
                yield replace(sentence, doc_id=f"{name}/{sentence.doc_id}")
            else:
                yield sentence
