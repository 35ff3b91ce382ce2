"""A dev set taken from train."""

from __future__ import annotations

from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling.deriving import derive, picked, selection
from tango_ie.data.sampling.drawing import UnitKind, draw
from tango_ie.data.sampling.stratifying import cut, stratified


def hold_out(
    corpus: Corpus,
    share: float = 0.1,
    seed: int = 0,
    split: str = "train",
    into: str = "dev",
    by: UnitKind = "sentence",
    stratify: bool = False,
    work_dir: str | Path | None = None,
) -> Corpus:
    """Move a share of a split into a new split; it does not depend on the order of the file.

    Args:
        corpus: the other splits of it stay as they are.
        share: of the sentences, above 0 and below 1.
        seed: of the draw.
        split: what is taken from.
        into: name of the new split.
        by: ``document`` keeps documents together.
        stratify: give both parts their share of each entity type. Without it, the same sentences
            are held out whatever is annotated on them.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: an impossible share, a split that is there already, or too few
            sentences.
        DataError: documents are asked for, and a sentence belongs to none.
    """
    if not 0 < share < 1:
        raise ConfigurationError(f"must be above 0 and below 1, found {share}", "share")
    if into in corpus:
        raise ConfigurationError(
            f"the corpus has a split {into!r} already; name another, or leave that one out with "
            "tango_ie::select_splits",
            "into",
        )
    units = draw([corpus[split]], seed, "hold_out", by)
    taken, rest = cut(stratified(units) if stratify else units, [share, 1 - share])
    if not taken or not rest:
        raise ConfigurationError(
            f"{share} of the {len(units)} {by}s of {split!r} leaves one part empty", "share"
        )
    splits = {}
    for name in corpus:
        splits[name] = picked(corpus[split], rest) if name == split else iter(corpus[name])
        if name == split:
            splits[into] = picked(corpus[split], taken)
    record = {
        "operation": "hold_out",
        "share": share,
        "seed": seed,
        "split": split,
        "into": into,
        "by": by,
        "stratify": stratify,
        "selection": selection(taken),
    }
    return derive(corpus, splits, record, work_dir=work_dir)
