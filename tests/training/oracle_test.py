"""Test scores of every epoch: kept beside those of dev, and without influence."""

from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.models import Model
from tango_ie.training import oracle
from tango_ie.training.early_stopping import EarlyStopping
from tango_ie.training.evaluation import EntityEvaluation
from tango_ie.training.finetuning import TrainingData
from tango_ie.training.oracle import OracleEvaluation

ENTITIES = (Entity("PER", 0, 1), Entity("LOC", 2, 3))
GOLD = Sentence(("Ada", "in", "Riga"), ENTITIES, (Relation("in", 0, 1),), {"pos": ("N", "P", "N")})
CORPUS = Corpus.from_sentences({"train": [GOLD], "dev": [GOLD], "test": [GOLD, GOLD]})


class Dev:
    """Always the same."""

    metrics = EntityEvaluation.metrics

    def __call__(self, model: Model) -> dict[str, float]:
        return {"entities_f1": 0.25, "entities_precision": 0.25, "entities_recall": 0.25}


@pytest.mark.parametrize("with_relations", [False, True])
def test_scores_by_rule(monkeypatch: pytest.MonkeyPatch, with_relations: bool) -> None:
    found = [Annotations(ENTITIES, (Relation("in", 0, 1),)), Annotations(ENTITIES[:1])]
    monkeypatch.setattr(oracle, "predict", lambda *_: found)
    from torch import nn

    evaluation = OracleEvaluation(Dev(), CORPUS["test"].sentences(), with_relations)
    scores = evaluation(nn.Linear(1, 1))  # type: ignore[arg-type]
    assert scores["entities_f1"] == 0.25
    assert scores["oracle_strict"] == pytest.approx(6 / 7)
    if with_relations:
        assert scores["oracle_relations strict"] == pytest.approx(2 / 3)
        assert scores["oracle_relations first-word strings"] == pytest.approx(2 / 3)
    assert ("oracle_relations strict" in scores) == with_relations


def test_no_epoch_can_be_chosen_by_it() -> None:
    evaluation = OracleEvaluation(Dev(), CORPUS["test"].sentences())
    assert EarlyStopping().resolve(evaluation) == ("entities_f1", 1.0)
    with pytest.raises(ConfigurationError, match="there is no dev score 'oracle_strict'"):
        EarlyStopping(metric="oracle_strict").resolve(evaluation)


def test_only_where_it_is_asked_for() -> None:
    assert type(TrainingData(CORPUS).evaluation()) is EntityEvaluation
    asked = TrainingData(CORPUS, oracle_split="test")
    found = asked.evaluation(with_relations=True)
    assert isinstance(found, OracleEvaluation) and len(found.sentences) == 2
    assert found.with_relations and "relations_f1" in found.metrics
    assert asked.describe()["oracle_split"] == "test"
    assert "oracle_split" not in TrainingData(CORPUS).describe()


@pytest.mark.parametrize("dev", [None, "test"])
def test_dev_must_be_another_split(dev: str | None) -> None:
    with pytest.raises(ConfigurationError, match=r"oracle_split: .*name two splits"):
        TrainingData(CORPUS, dev_split=dev, oracle_split="test")


def test_what_has_no_oracle() -> None:
    with pytest.raises(ConfigurationError, match=r"oracle_split: .*tags 'pos'"):
        TrainingData(CORPUS, oracle_split="test").evaluation("pos")
    with pytest.raises(ConfigurationError, match="no split 'tset'"):
        TrainingData(CORPUS, oracle_split="tset").evaluation()
