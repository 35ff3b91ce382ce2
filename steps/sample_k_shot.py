"""Step: a K-shot sample of a split."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import k_shot
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::sample_k_shot")
class SampleKShot(Step):
    """Replace a split by few sentences of it, with at least K mentions of each type.

    Types are visited from the rarest to the most frequent; sentences that are not needed are taken
    out again. The draw is decided by the seed and the sentences, not by their order. The ids of the
    sentences and the real counts are in ``origin["operations"]`` of the corpus.

    Args:
        corpus: its other splits stay as they are.
        k: mentions of each type; of a type that has fewer, all are taken and a note is made.
        seed: of the draw.
        split: what is drawn from.
        exact: K mentions and no more. Where no such sentences are found, a note is made and each
            type has at least K.
        of: ``entities``, or ``relations`` for K of each relation type.
        types: those that are counted; ``null`` for all that occur in the split.
        strict: what would be noted is an error.

    Raises:
        ConfigurationError: K below 1, or a type that does not occur.
        DataError: nothing is annotated, or (strict) the numbers cannot be reached.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        k: int,
        seed: int = 0,
        split: str = "train",
        exact: bool = False,
        of: Literal["entities", "relations"] = "entities",
        types: list[str] | None = None,
        strict: bool = False,
    ) -> Corpus:
        return k_shot(
            corpus,
            k=k,
            seed=seed,
            split=split,
            exact=exact,
            of=of,
            types=types,
            strict=strict,
            work_dir=self.work_dir,
        )
