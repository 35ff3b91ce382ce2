"""K-shot samples: few sentences with at least, or exactly, K mentions of each type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.deriving import derive, picked, selection, warn
from tango_ie.data.sampling.drawing import Counted, Unit, check_labels, draw, totals
from tango_ie.data.sampling.exact import choose_exactly, holders, ranked

SHORTAGE = "fewer mentions than asked for"
INEXACT = "numbers that no chosen sentences have"


def k_shot(
    corpus: Corpus,
    k: int,
    seed: int = 0,
    split: str = "train",
    exact: bool = False,
    of: Counted = "entities",
    types: Sequence[str] | None = None,
    strict: bool = False,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Replace a split by a K-shot sample of it.

    Types are visited from the rarest to the most frequent, and sentences with the type are drawn
    until it has K mentions (Yang & Katiyar 2020); then sentences that are not needed are taken out,
    so that none can be missed. The sample does not depend on the order of the file.

    Args:
        corpus: the other splits of it stay as they are.
        k: mentions of each type; of a type that has fewer, all are taken and a note is made.
        seed: of the draw.
        split: what is drawn from.
        exact: K mentions and no more. Where no such sentences are found, a note is made and each
            type has at least K.
        of: ``relations`` for K of each relation type.
        types: those that are counted; ``None`` for all that occur in the split.
        strict: what would be noted is an error.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: K below 1, or a type that does not occur.
        DataError: nothing is annotated, or (strict) the numbers cannot be reached.
    """
    if k < 1:
        raise ConfigurationError(f"must be at least 1, found {k}", "k")
    units = draw([corpus[split]], seed, "k_shot", of=of)
    there = totals(units)
    if not there:
        raise DataError(f"split {split!r} has no {of} to draw by")
    if types is not None:
        check_labels(types, there, "types")
    notes = Notes(strict)
    numbers = {
        label: attainable(label, k, there[label], split, notes)
        for label in sorted(there if types is None else types)
    }
    chosen = None
    if exact:
        chosen, proven = choose_exactly(units, numbers)
        if chosen is None:
            notes.add(INEXACT, _inexact(k, proven), f"split {split!r}")
    if chosen is None:
        chosen = choose_at_least(units, numbers)
    warn({split: notes})
    splits = {**corpus.splits, split: picked(corpus[split], chosen)}
    arguments = {"k": k, "seed": seed, "split": split, "exact": exact, "of": of}
    record = {"operation": "k_shot", **arguments, "types": None if types is None else list(types)}
    return derive(
        corpus,
        splits,
        {**record, "requested": numbers, "selection": selection(chosen)},
        {split: notes},
        work_dir=work_dir,
    )


def choose_at_least(units: Sequence[Unit], numbers: Mapping[str, int]) -> list[Unit]:
    """Draw for one label after the other, the rarest first, then leave out what is not needed."""
    counts: Counter[str] = Counter()
    chosen: set[int] = set()
    holding = holders(units)
    for label in ranked(numbers, totals(units)):
        for index in holding[label]:
            if counts[label] >= numbers[label]:
                break
            if index not in chosen:
                chosen.add(index)
                counts.update(units[index].counts)
    for index in sorted(chosen):
        mentions = units[index].counts
        if all(counts[label] - mentions.get(label, 0) >= numbers[label] for label in numbers):
            chosen.remove(index)
            counts.subtract(mentions)
    return [units[index] for index in sorted(chosen)]


def attainable(label: str, asked: int, there: int, split: str, notes: Notes) -> int:
    """What can be asked of a label; a note is made where that is less than what was."""
    if there < asked:
        notes.add(SHORTAGE, f"{label}: all {there} are taken, {asked} asked", f"split {split!r}")
    return min(asked, there)


def _inexact(k: int, proven: bool) -> str:
    found = "exist" if proven else "were found"
    return f"no sentences {found} with exactly {k} mentions of each type; some have more"
