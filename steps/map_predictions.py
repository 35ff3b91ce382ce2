"""Step: predictions under the names of another corpus."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.inference import Predictions, PredictionsFormat
from tango_ie.inference.prediction_mapping import map_predictions


@Step.register("tango_ie::map_predictions")
class MapPredictions(Step):
    """Rename predicted entity types and drop some, to score a model on a corpus with other types.

    Relations of dropped entities are dropped. Entities of one span that become equal are one.

    Args:
        predictions: of a model that has not seen the corpus's types.
        entities: predicted type → its name in the corpus, or ``null`` to drop it; others stay.

    Raises:
        ConfigurationError: a type that the model does not know, or an empty name.
    """

    VERSION = "001"
    FORMAT = PredictionsFormat()

    def run(  # type: ignore[override]
        self, predictions: Predictions, entities: dict[str, str | None]
    ) -> Predictions:
        return map_predictions(predictions, entities)
