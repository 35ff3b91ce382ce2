"""Step: entities that do not overlap."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import remove_overlaps
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::remove_overlaps")
class RemoveOverlaps(Step):
    """Of entities that overlap keep the longer, of equally long ones the earlier.

    The relations of what is removed are dropped too; both are counted in notes.

    Args:
        corpus: all of its splits.
        strict: an overlap is an error.

    Raises:
        DataError: (strict) entities overlap.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        strict: bool = False,
    ) -> Corpus:
        return remove_overlaps(corpus, strict=strict, work_dir=self.work_dir)
