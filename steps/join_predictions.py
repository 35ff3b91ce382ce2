"""Step: what the two models of a pipeline have found, as one."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.inference import Predictions, PredictionsFormat
from tango_ie.inference.predicted_entities import join_predictions


@Step.register("tango_ie::join_predictions")
class JoinPredictions(Step):
    """Put predicted entities and the relations between them together, to be scored against gold.

    The result counts as predictions on the corpus that the entities were predicted on: give that
    to ``evaluate`` and ``compare``. Times and numbers of parameters are those of both models.

    Args:
        entities: of the first model, on the original corpus.
        relations: of the second, on the corpus that ``predicted_entities`` has made of them.

    Raises:
        DataError: the relations are between other entities.
    """

    VERSION = "001"
    FORMAT = PredictionsFormat()

    def run(  # type: ignore[override]
        self, entities: Predictions, relations: Predictions
    ) -> Predictions:
        return join_predictions(entities, relations)
