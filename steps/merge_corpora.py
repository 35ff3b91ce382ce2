"""Step: several corpora as one."""

from __future__ import annotations

from typing import Literal

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import merge
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::merge_corpora")
class MergeCorpora(Step):
    """Join corpora; their labels are united, and document ids begin with where they come from.

    Args:
        corpora: by names of your choice.
        splits: new split → pairs of corpus and split, joined in this order. ``null`` joins the
            splits of one name, with the corpora in the order of the alphabet.
        duplicates: ``drop`` leaves out sentences whose words and annotations occurred before in
            the same new split. Words that occurred with other annotations are only counted.
        names: natural-language names of labels, where the corpora disagree on one.

    Raises:
        ConfigurationError: no corpus, a corpus or split that is not there, or a label that two
            corpora name differently.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self,
        corpora: dict[str, Corpus],
        splits: dict[str, list[tuple[str, str]]] | None = None,
        duplicates: Literal["keep", "drop"] = "keep",
        names: dict[str, str] | None = None,
    ) -> Corpus:
        return merge(
            corpora, splits=splits, duplicates=duplicates, names=names, work_dir=self.work_dir
        )
