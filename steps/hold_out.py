"""Step: a dev set from train."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import hold_out
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::hold_out")
class HoldOut(Step):
    """Move a share of a split into a new split.

    The draw is decided by the seed and the sentences, not by their order.

    Args:
        corpus: its other splits stay as they are.
        share: of the sentences, above 0 and below 1.
        seed: of the draw.
        split: what is taken from.
        into: name of the new split.
        by: ``sentence``, or ``document`` to keep documents together.
        stratify: give both parts their share of each entity type. Without it, the same sentences
            are held out whatever is annotated on them.

    Raises:
        ConfigurationError: an impossible share, a split that is there already, or too few
            sentences.
        DataError: documents are asked for, and a sentence belongs to none.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        share: float = 0.1,
        seed: int = 0,
        split: str = "train",
        into: str = "dev",
        by: Literal["sentence", "document"] = "sentence",
        stratify: bool = False,
    ) -> Corpus:
        return hold_out(
            corpus,
            share=share,
            seed=seed,
            split=split,
            into=into,
            by=by,
            stratify=stratify,
            work_dir=self.work_dir,
        )
