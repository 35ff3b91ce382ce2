"""Step: a stratified share of a split."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import fraction
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::sample_fraction")
class SampleFraction(Step):
    """Replace a split by a share of its sentences; every type keeps its share of the mentions.

    Shares of one seed are nested: 10 % lie inside 20 %. The draw is decided by the seed and the
    sentences, not by their order.

    Args:
        corpus: its other splits stay as they are.
        share: of the sentences, above 0 and at most 1; at least one is drawn.
        seed: of the draw.
        split: what is drawn from.
        by: ``sentence``, or ``document`` to draw whole documents.
        stratify: by type; otherwise sentences are drawn blindly.
        of: ``entities``, or ``relations`` to stratify by relation type.

    Raises:
        ConfigurationError: an impossible share.
        DataError: documents are asked for, and a sentence belongs to none.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        share: float,
        seed: int = 0,
        split: str = "train",
        by: Literal["sentence", "document"] = "sentence",
        stratify: bool = True,
        of: Literal["entities", "relations"] = "entities",
    ) -> Corpus:
        return fraction(
            corpus,
            share=share,
            seed=seed,
            split=split,
            by=by,
            stratify=stratify,
            of=of,
            work_dir=self.work_dir,
        )
