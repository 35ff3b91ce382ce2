"""Step: a corpus of what was predicted."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions
from tango_ie.inference.predicted_entities import predicted_entities
from tango_ie.reporting import ReportedCorpusFormat


@Step.register("tango_ie::predicted_entities")
class PredictedEntities(Step):
    """Give sentences the entities that were predicted for them, for a model of relations.

    The corpus has the split that was predicted and no other, and no relations; both those of gold
    and those that were predicted are left out. Confidences are not kept in a corpus: the step
    ``tango_ie::join_predictions`` puts them back, and gives what can be scored against gold.

    Args:
        predictions: made on the corpus.
        corpus: with the gold, which nothing of the result shows.

    Raises:
        DataError: the predictions are for another corpus.
    """

    VERSION = "001"
    FORMAT = ReportedCorpusFormat()

    def run(  # type: ignore[override]
        self, predictions: Predictions, corpus: Corpus
    ) -> Corpus:
        return predicted_entities(predictions, corpus, self.work_dir)
