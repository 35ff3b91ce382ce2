"""Step: predictions against the gold of the corpus."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions
from tango_ie.metrics import Scores, ScoresFormat, evaluate


@Step.register("tango_ie::evaluate")
class Evaluate(Step):
    """Count entities that were found, invented and missed, per sentence and label, strictly.

    Gold that the model cannot represent, or whose type it has never seen, counts as missed.

    Args:
        predictions: what was predicted.
        corpus: the corpus that was predicted on.

    Raises:
        DataError: the predictions are for another corpus.
    """

    VERSION = "001"
    FORMAT = ScoresFormat()

    def run(self, predictions: Predictions, corpus: Corpus) -> Scores:  # type: ignore[override]
        return evaluate(predictions.annotations, corpus, predictions.info)
