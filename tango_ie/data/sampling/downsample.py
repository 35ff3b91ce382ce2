"""Per-type down-sampling: sentences with given numbers of mentions of some types."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.corpus import Corpus
from tango_ie.data.notes import Notes
from tango_ie.data.sampling.deriving import derive, picked, selection, warn
from tango_ie.data.sampling.drawing import check_labels, draw, totals
from tango_ie.data.sampling.exact import choose_at_most, choose_exactly
from tango_ie.data.sampling.k_shot import INEXACT, attainable


def downsample(
    corpus: Corpus,
    mentions: Mapping[str, int],
    seed: int = 0,
    split: str = "train",
    sentences: int | None = None,
    others: Literal["drop", "keep"] = "drop",
    strict: bool = False,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Replace a split by sentences of it that have given numbers of mentions.

    Whole sentences are chosen, with all that is annotated on them, so that the numbers come out
    exactly; no mention loses its annotation. Where no such sentences are found, a note is made and
    no type has more than its number. The choice does not depend on the order of the file.

    In the in-domain low-resource setting of Cui et al. (2021), which QPMRC-NER takes over, 4,001
    sentences of CoNLL-2003 have 3,763 ORG, 2,496 PER, 50 LOC and 50 MISC.

    Args:
        corpus: the other splits of it stay as they are.
        mentions: entity type → number. Types that are not named are not counted.
        seed: of the draw.
        split: what is drawn from.
        sentences: how many sentences, exactly, those without a counted mention among them;
            ``None`` for any number.
        others: sentences without a counted mention: none (``drop``) or all; not with ``sentences``.
        strict: what would be noted is an error.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: a type that does not occur, or an impossible number.
        DataError: no sentence can be chosen, or (strict) the numbers cannot be reached.
    """
    _check(mentions, sentences, others, len(corpus[split]))
    units = draw([corpus[split]], seed, "downsample")
    there = totals(units)
    check_labels(mentions, there, "mentions")
    notes = Notes(strict)
    numbers = {
        label: attainable(label, mentions[label], there[label], split, notes)
        for label in sorted(mentions)
    }
    chosen, proven = choose_exactly(units, numbers, sentences)
    rest = [unit for unit in units if not numbers.keys() & unit.counts.keys()]
    if chosen is None:
        chosen = choose_at_most(units, numbers)
        if sentences is not None:
            chosen = [*chosen, *rest][:sentences]
        notes.add(INEXACT, _inexact(numbers, sentences, proven), f"split {split!r}")
    if others == "keep":
        chosen = [*chosen, *rest]
    if not chosen:
        raise DataError(f"no sentence of split {split!r} can be chosen; ask for other numbers")
    warn({split: notes})
    record = {
        "operation": "downsample",
        "mentions": dict(sorted(mentions.items())),
        "seed": seed,
        "split": split,
        "sentences": sentences,
        "others": others,
        "requested": numbers,
        "selection": selection(chosen),
    }
    splits = {**corpus.splits, split: picked(corpus[split], chosen)}
    return derive(corpus, splits, record, {split: notes}, work_dir=work_dir)


def _check(mentions: Mapping[str, int], sentences: int | None, others: str, available: int) -> None:
    if not mentions:
        raise ConfigurationError("name at least one type, for example {LOC: 50}", "mentions")
    for label, number in mentions.items():
        if number < 0:
            raise ConfigurationError(f"must not be negative, found {number}", f"mentions.{label}")
    if sentences is not None and not 1 <= sentences <= available:
        raise ConfigurationError(
            f"must be from 1 to {available}, the sentences of the split; found {sentences}",
            "sentences",
        )
    if sentences is not None and others == "keep":
        raise ConfigurationError("cannot be 'keep' where `sentences` gives their number", "others")


def _inexact(numbers: Mapping[str, int], sentences: int | None, proven: bool) -> str:
    wanted = ", ".join(f"{number} {label}" for label, number in numbers.items())
    size = "" if sentences is None else f"{sentences} "
    return f"no {size}sentences {'exist' if proven else 'were found'} with exactly {wanted}"
