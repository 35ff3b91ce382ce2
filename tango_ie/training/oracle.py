"""What choosing the epoch on the test set would give: measured, and never used to choose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from tango_ie.data.annotations import Sentence
from tango_ie.inference.devices import Precision
from tango_ie.inference.predictor import predict
from tango_ie.metrics.entity_rules import STRICT_ENTITIES
from tango_ie.metrics.relation_rules import ENDS, relation_rule
from tango_ie.models.base import Model
from tango_ie.training.early_stopping import Evaluation
from tango_ie.training.history import ORACLE


class OracleEvaluation:
    """Dev scores, which decide, and beside them F1 on a split that must not.

    The latter are no ``metrics``: no setting can choose an epoch, or stop, by them. In the history
    they are called ``oracle_<rule>``, with the names that rules have in reports.

    Args:
        dev: decides.
        sentences: the other split, with gold.
        with_relations: beside entities, by all rules that look at nothing but head and tail.
        precision: that prediction will use later.
    """

    def __init__(
        self,
        dev: Evaluation,
        sentences: Sequence[Sentence],
        with_relations: bool = False,
        precision: Precision = "auto",
    ) -> None:
        self.dev = dev
        self.sentences = list(sentences)
        self.with_relations = with_relations
        self.precision = precision

    @property
    def metrics(self) -> Mapping[str, Literal["max", "min"]]:
        """Those of dev."""
        return self.dev.metrics

    def __call__(self, model: Model) -> dict[str, float]:
        """Scores of ``model``, on the device where it is."""
        scores = dict(self.dev(model))
        device = str(next(model.parameters()).device)
        found = predict(model, self.sentences, device, self.precision)
        # Rules hold functions that cannot be handed to another process; this object is.
        rules = [STRICT_ENTITIES]
        if self.with_relations:
            rules += [relation_rule(ends) for ends in ENDS]
        for rule in rules:
            scores[ORACLE + rule.name] = rule.table(self.sentences, found).total.ratios.f1
        return scores
