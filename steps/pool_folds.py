"""Step: the folds of a cross-validation as one test set."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.metrics import Scores, ScoresFormat, pool_folds


@Step.register("tango_ie::pool_folds")
class PoolFolds(Step):
    """Put together what one arm, with one seed, has scored on all folds.

    The result counts every test sentence once, and is compared like any other scores. Times are
    sums over the folds; the mean and spread of the folds' own scores, micro and macro, are kept
    beside the counts and shown in the report.

    Args:
        scores: of ``evaluate``, one for each fold.
        corpora: those of the folds, in the same order, which must be the same for all arms.

    Raises:
        ConfigurationError: fewer than two folds, a corpus too many or too few, or a fold twice.
        DataError: scores of another corpus or split, by other rules or of other seeds; corpora
            with other labels; a sentence that is tested in two folds.
    """

    VERSION = "001"
    FORMAT = ScoresFormat()

    def run(  # type: ignore[override]
        self, scores: list[Scores], corpora: list[Corpus]
    ) -> Scores:
        return pool_folds(scores, corpora)
