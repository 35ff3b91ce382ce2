"""Step: sentences with given numbers of mentions."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import downsample
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::downsample_types")
class DownsampleTypes(Step):
    """Replace a split by sentences of it that have given numbers of mentions of some types.

    Whole sentences are chosen so that the numbers come out exactly; no mention loses its
    annotation. Where no such sentences are found, a note is made and no type has more than its
    number.

    Args:
        corpus: its other splits stay as they are.
        mentions: entity type → number. Types that are not named are not counted.
        seed: of the draw.
        split: what is drawn from.
        sentences: how many sentences, exactly, those without a counted mention among them;
            ``null`` for any number.
        others: sentences without a counted mention: none (``drop``) or all; not with ``sentences``.
        strict: what would be noted is an error.

    Raises:
        ConfigurationError: a type that does not occur, or an impossible number.
        DataError: (strict) the numbers cannot be reached.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        mentions: dict[str, int],
        seed: int = 0,
        split: str = "train",
        sentences: int | None = None,
        others: Literal["drop", "keep"] = "drop",
        strict: bool = False,
    ) -> Corpus:
        return downsample(
            corpus,
            mentions=mentions,
            seed=seed,
            split=split,
            sentences=sentences,
            others=others,
            strict=strict,
            work_dir=self.work_dir,
        )
