"""Entities that do not overlap, for models that can hold no others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.deriving import derive
from tango_ie.data.sampling.reducing import show, show_relation, with_entities
from tango_ie.data.schemes import flatten

OVERLAP = "overlapping entity removed"
ORPHAN = "relation of a removed entity dropped"
CHANGED = "sentence with overlapping entities"


def remove_overlaps(
    corpus: Corpus, strict: bool = False, work_dir: str | Path | None = None
) -> Corpus:
    """Of entities that overlap keep the longer, of equally long ones the earlier.

    The relations of what is removed are dropped too (the rule of Crone 2020 for ADE; SpERT's own
    script removes both entities instead). Sentences, entities and relations are counted in notes.

    Args:
        corpus: all of its splits.
        strict: an overlap is an error.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        DataError: (strict) entities overlap.
    """
    notes = {name: Notes(strict) for name in corpus}
    splits = {name: _flat(corpus[name], name, notes[name]) for name in corpus}
    return derive(corpus, splits, {"operation": "remove_overlaps"}, notes, work_dir=work_dir)


def _flat(sentences: Iterable[Sentence], split: str, notes: Notes) -> Iterator[Sentence]:
    for position, sentence in enumerate(sentences):
        kept, removed = flatten(sentence.entities)
        if not removed:
            yield sentence
            continue
        place = f"split {split!r}, sentence {position + 1}"
        notes.add(CHANGED, f"{len(removed)} of its entities removed", place)
        for entity in removed:
            notes.add(OVERLAP, show(sentence, entity), place)
        places: dict[int, int] = {}
        for index, entity in enumerate(sentence.entities):
            # Of entities that are equal the first is kept, and the order is that of before.
            if len(places) < len(kept) and entity is kept[len(places)]:
                places[index] = len(places)
        reduced, dropped = with_entities(sentence, places, tuple(kept))
        for relation in dropped:
            notes.add(ORPHAN, show_relation(sentence, relation), place)
        yield reduced
