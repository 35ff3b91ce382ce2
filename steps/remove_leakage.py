"""Step: train without the sentences of test."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import remove_leakage
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::remove_leakage")
class RemoveLeakage(Step):
    """Take the sentences out of a split that occur in others too; they are counted in notes.

    Args:
        corpus: its other splits stay as they are.
        split: what is taken from.
        occurring_in: the splits whose sentences must not be in it.
        same: sentences are the same if their words are, or only if their annotations are too.
        strict: such a sentence is an error.

    Raises:
        ConfigurationError: a split that is not there, or that is compared with itself.
        DataError: nothing is left, or (strict) a sentence is in both.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        split: str = "train",
        occurring_in: tuple[str, ...] = ("test",),
        same: Literal["words", "annotations"] = "words",
        strict: bool = False,
    ) -> Corpus:
        return remove_leakage(
            corpus,
            split=split,
            occurring_in=occurring_in,
            same=same,
            strict=strict,
            work_dir=self.work_dir,
        )
