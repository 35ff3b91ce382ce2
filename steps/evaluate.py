"""Step: predictions against the gold of the corpus."""

from __future__ import annotations

from tango_ie.core import Step
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions
from tango_ie.metrics import Scores, ScoresFormat, evaluate
from tango_ie.metrics.relation_rules import Ends


@Step.register("tango_ie::evaluate")
class Evaluate(Step):
    """Count what was found, invented and missed, per sentence and label, by all rules that fit.

    The main rule is the strict one for entities. Others are counted beside it: boundaries alone,
    SemEval's schemes, entities seen and unseen in training, by length and nesting; relations, where
    the model predicts them; the layers of tags that were predicted. Gold that the model cannot
    represent, or whose type it has never seen, counts as missed.

    Args:
        predictions: what was predicted.
        corpus: the corpus that was predicted on.
        symmetric: relation types without a direction.
        relation_ends: what the first of the rules for relations looks at of head and tail:
            ``strict``, or ``exact strings`` for corpora whose gold has no boundaries.

    Raises:
        ConfigurationError: ``symmetric`` has what is no relation type of the corpus.
        DataError: the predictions are for another corpus.
    """

    VERSION = "002"
    FORMAT = ScoresFormat()

    def run(  # type: ignore[override]
        self,
        predictions: Predictions,
        corpus: Corpus,
        symmetric: list[str] | None = None,
        relation_ends: Ends = "strict",
    ) -> Scores:
        return evaluate(
            predictions.annotations, corpus, predictions.info, symmetric or (), relation_ends
        )
