"""Step: one fold of a cross-validation."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import make_fold
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::make_fold")
class MakeFold(Step):
    """Hold out a dev set and cut the rest into folds: one is ``test``, the others are ``train``.

    ``dev`` is the same for all folds. Over all folds, each sentence that is not held out is in
    ``test`` once. The cut is decided by the seed and the sentences, not by their order.

    Args:
        corpus: what is cut.
        fold: which of them is ``test``; the first is 0.
        folds: how many, at least 2.
        seed: of the draw; the same for all folds of a cross-validation.
        dev_share: of the sentences, from 0 (no ``dev``) to below 1.
        by: ``sentence``, or ``document`` to keep documents together.
        stratify: give every fold its share of each entity type. Without it, folds are the same
            sentences whatever is annotated on them.
        splits: those that are cut, one after the other; ``null`` for all.

    Raises:
        ConfigurationError: an impossible number, or too few sentences for so many folds.
        DataError: documents are asked for, and a sentence belongs to none.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        fold: int,
        folds: int = 10,
        seed: int = 0,
        dev_share: float = 0.1,
        by: Literal["sentence", "document"] = "sentence",
        stratify: bool = False,
        splits: list[str] | None = None,
    ) -> Corpus:
        return make_fold(
            corpus,
            fold=fold,
            folds=folds,
            seed=seed,
            dev_share=dev_share,
            by=by,
            stratify=stratify,
            splits=splits,
            work_dir=self.work_dir,
        )
