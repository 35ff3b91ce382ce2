"""Cross-validation: folds over the sentences or documents of a corpus, and a held-out dev set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling.deriving import concatenated, derive, picked, selection
from tango_ie.data.sampling.drawing import Unit, UnitKind, draw
from tango_ie.data.sampling.stratifying import cut, stratified


def make_fold(
    corpus: Corpus,
    fold: int,
    folds: int = 10,
    seed: int = 0,
    dev_share: float = 0.1,
    by: UnitKind = "sentence",
    stratify: bool = False,
    splits: Sequence[str] | None = None,
    work_dir: str | Path | None = None,
) -> Corpus:
    """One fold of a cross-validation, as a corpus with ``train``, ``dev`` and ``test``.

    First a dev set is held out, the same for all folds. What remains is cut into folds: one of them
    is ``test``, the others are ``train`` (the protocol of Crone 2020 for ADE). Over all folds, each
    sentence that is not held out is in ``test`` once. The folds do not depend on the order of the
    file.

    Args:
        corpus: what is cut.
        fold: which of them is ``test``; the first is 0.
        folds: how many, at least 2.
        seed: of the draw; the same for all folds of a cross-validation.
        dev_share: of the sentences, from 0 (no ``dev``) to below 1.
        by: ``document`` keeps documents together; their sizes make the folds less equal.
        stratify: give every fold its share of each entity type. Without it, folds are the same
            sentences whatever is annotated on them.
        splits: those that are cut, one after the other; ``None`` for all.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: an impossible number, or too few sentences for so many folds.
        DataError: documents are asked for, and a sentence belongs to none.
    """
    _check(fold, folds, dev_share)
    names = list(corpus.splits if splits is None else splits)
    parts = [(name, corpus[name]) for name in names]
    units = draw([part for _, part in parts], seed, "folds", by)
    dev, rest = cut(stratified(units) if stratify else units, [dev_share, 1 - dev_share])
    pieces = cut(rest, [1 / folds] * folds)
    if not all(pieces) or (dev_share and not dev):
        raise ConfigurationError(
            f"{len(units)} {by}s are too few for {folds} folds and a dev share of {dev_share}",
            "folds",
        )
    train = [unit for place, piece in enumerate(pieces) if place != fold for unit in piece]
    chosen: dict[str, list[Unit]] = {"train": train, "dev": dev, "test": pieces[fold]}
    if not dev_share:
        del chosen["dev"]

    def stream(split: str) -> Iterator[Sentence]:
        return picked(concatenated(parts), chosen[split])

    record = {
        "operation": "make_fold",
        "fold": fold,
        "folds": folds,
        "seed": seed,
        "dev_share": dev_share,
        "by": by,
        "stratify": stratify,
        "splits": names,
        # What is in neither of these is in train.
        "selection": {split: selection(chosen[split]) for split in chosen if split != "train"},
    }
    return derive(corpus, {split: stream(split) for split in chosen}, record, work_dir=work_dir)


def _check(fold: int, folds: int, dev_share: float) -> None:
    if folds < 2:
        raise ConfigurationError(f"must be at least 2, found {folds}", "folds")
    if not 0 <= fold < folds:
        raise ConfigurationError(
            f"there is no fold {fold}; {folds} folds are numbered from 0 to {folds - 1}", "fold"
        )
    if not 0 <= dev_share < 1:
        raise ConfigurationError(f"must be from 0 to below 1, found {dev_share}", "dev_share")
