"""Step: the variants of an experiment side by side."""

from __future__ import annotations

from typing import Literal

from tango.workspace import Workspace

from tango_ie.core import Step
from tango_ie.data import Corpus
from tango_ie.inference import Predictions, predicted_examples
from tango_ie.metrics import Scores
from tango_ie.reporting import Published, Report, ReportFormat, compare
from tango_ie.reporting.provenance import of_step
from tango_ie.reporting.terminal import log


@Step.register("tango_ie::compare")
class Compare(Step):
    """Mean ± sd over seeds for every variant, and its difference to the baseline with an interval.

    The table is shown at the end, with the path of the report, whether it was computed or cached.

    Args:
        variants: for each variant the scores of its seeds. Objects have no order in Jsonnet: the
            rows are sorted by name, the baseline first.
        baseline: a name among them; by default the first in the alphabet.
        resamples: of the hierarchical bootstrap over seeds and test sentences, at least 100.
        seed: of the resampling.
        paired_seeds: runs of one seed have more in common than the test set, such as the same
            sample of training data.
        corpus: what was predicted on, for the examples in the page.
        predictions: the same variants with their predictions, for the examples.
        question: that the comparison answers, as it is to stand over the report.
        rule: that is compared by: ``strict`` for entities, or the name of another of the scores'
            tables, such as ``relations strict``.
        units: what is drawn for the intervals; ``"auto"`` draws documents where the corpus has at
            least 30, sentences otherwise.
        oracle_test_epoch: a further column: what F1 would be if the epoch were chosen on the test
            split, and how much that flatters. Nothing else uses it. For models that were trained
            with ``oracle_split``; where a variant was not, its cell is empty.
        published: a further column: what a paper reports for variants of these names, with its
            source, beside ours of the same measure. Nothing else uses it.

    Raises:
        ConfigurationError: a variant without scores, a baseline or a published figure that is of
            none of the variants.
        DataError: scores of different corpora, splits or rules, seeds that cannot be paired, or an
            oracle that no variant has.
    """

    VERSION = "002"
    FORMAT = ReportFormat()

    def run(  # type: ignore[override]
        self,
        variants: dict[str, list[Scores]],
        baseline: str | None = None,
        resamples: int = 2000,
        seed: int = 0,
        paired_seeds: bool = False,
        corpus: Corpus | None = None,
        predictions: dict[str, list[Predictions]] | None = None,
        question: str | None = None,
        rule: str = "strict",
        units: Literal["auto", "documents", "sentences"] = "auto",
        oracle_test_epoch: bool = False,
        published: Published | None = None,
    ) -> Report:
        in_order = dict(sorted(variants.items()))
        first = baseline or next(iter(in_order), None)
        examples = predicted_examples(corpus, predictions, first)
        return compare(
            in_order,
            baseline,
            resamples,
            seed,
            paired_seeds=paired_seeds,
            examples=examples,
            question=question,
            rule=rule,
            units=units,
            provenance=of_step(self, self.workspace),
            oracle_test_epoch=oracle_test_epoch,
            published=published,
        )

    def ensure_result(self, workspace: Workspace | None = None) -> None:
        """Compute the report where it is not cached, and show it either way."""
        super().ensure_result(workspace)
        if workspace is not None:
            log(workspace.step_cache[self])
