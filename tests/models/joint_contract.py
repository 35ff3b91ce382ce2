"""What every model of entities and relations must do; test classes derive from it."""

from __future__ import annotations

from abc import ABC
from dataclasses import replace

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import predict
from tango_ie.models import Model
from tests.models.model_contract import SENTENCES, ModelContract, assert_same, fit

JOINT = (
    replace(SENTENCES[0], relations=(Relation("met", 0, 1), Relation("in", 1, 2))),
    replace(SENTENCES[1], relations=(Relation("in", 0, 1),)),
    *SENTENCES[2:],
    Sentence(
        ("Kant", "of", "Riga", "met", "Ada", "Lovelace"),
        (Entity("PER", 0, 1), Entity("LOC", 2, 3), Entity("PER", 4, 6)),
        (Relation("in", 0, 1), Relation("met", 0, 2), Relation("met", 2, 0)),
    ),
)
JOINT_SCHEMA = Schema.from_sentences(JOINT)


class JointContract(ModelContract, ABC):
    """The contract where labels of entities alone make no schema."""

    sentences = JOINT

    def test_adapting_keeps_what_both_schemas_have(self, model: Model) -> None:
        fit(model, self.sentences, steps=60, rate=5e-3)
        before = predict(model, self.sentences)
        model.adapt(model.schema)
        assert predict(model, self.sentences) == before
        smaller = Schema(entity_types=("LOC", "WORK"), relation_types=("in",))
        torch.manual_seed(1)
        model.adapt(smaller)
        assert model.schema == smaller and model.relation_types == ("in",)
        first = {name: weight.clone() for name, weight in model.state_dict().items()}
        torch.manual_seed(1)
        model.adapt(Schema(entity_types=("PER", "LOC"), relation_types=("in", "met")))
        model.adapt(Schema(entity_types=("LOC",), relation_types=("in",)))
        for name, weight in model.state_dict().items():
            if first[name].shape == weight.shape:
                assert torch.equal(first[name], weight), f"{name} was kept, but changed"
        fit(model, [Sentence(("Paris",), (Entity("LOC", 0, 1),))], steps=2, rate=1e-3)

    def test_a_schema_without_relations_is_refused(self, model: Model) -> None:
        before = model.schema
        with pytest.raises(ConfigurationError, match="needs relation types"):
            model.adapt(Schema(entity_types=("LOC",)))
        assert model.schema == before

    def test_gold_is_not_looked_at_in_prediction(self, model: Model) -> None:
        unknown = [Sentence(one.words, (Entity("UNKNOWN", 0, 1),)) for one in self.sentences]
        assert_same(predict(model, unknown), predict(model, self.sentences), tolerance=0)
