"""A share of a split in which every type keeps its share of the mentions."""

from __future__ import annotations

from pathlib import Path

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling.deriving import derive, picked, selection
from tango_ie.data.sampling.drawing import Counted, UnitKind, draw
from tango_ie.data.sampling.stratifying import cut, stratified


def fraction(
    corpus: Corpus,
    share: float,
    seed: int = 0,
    split: str = "train",
    by: UnitKind = "sentence",
    stratify: bool = True,
    of: Counted = "entities",
    work_dir: str | Path | None = None,
) -> Corpus:
    """Replace a split by a share of its sentences.

    Samples of the same seed are nested: 10 % lie inside 20 %. They do not depend on the order of
    the file.

    Args:
        corpus: the other splits of it stay as they are.
        share: of the sentences, above 0 and at most 1; at least one is drawn.
        seed: of the draw.
        split: what is drawn from.
        by: ``document`` draws whole documents.
        stratify: keep each type's share of the mentions, as far as whole sentences allow.
        of: ``relations`` to stratify by relation type.
        work_dir: see :meth:`Corpus.from_sentences`.

    Raises:
        ConfigurationError: an impossible share.
        DataError: documents are asked for, and a sentence belongs to none.
    """
    if not 0 < share <= 1:
        raise ConfigurationError(f"must be above 0 and at most 1, found {share}", "share")
    units = draw([corpus[split]], seed, "fraction", by, of)
    order = stratified(units) if stratify else units
    chosen = cut(order, [share, 1 - share])[0] or order[:1]
    record = {
        "operation": "fraction",
        "share": share,
        "seed": seed,
        "split": split,
        "by": by,
        "stratify": stratify,
        "of": of,
        "selection": selection(chosen),
    }
    splits = {**corpus.splits, split: picked(corpus[split], chosen)}
    return derive(corpus, splits, record, work_dir=work_dir)
