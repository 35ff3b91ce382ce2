"""Step: some splits, under other names or joined."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import select_splits
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::select_splits")
class SelectSplits(Step):
    """Choose, rename and join splits; those that are not named are left out.

    Args:
        corpus: what is chosen from.
        splits: new name → old name, or several, which are joined in their order; document ids then
            begin with the old name, so that they stay apart: ``{train: ["train", "dev"]}``.

    Raises:
        ConfigurationError: a split that is not there, or no split.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpus: Corpus,
        splits: dict[str, str | list[str]],
    ) -> Corpus:
        return select_splits(corpus, splits=splits, work_dir=self.work_dir)
