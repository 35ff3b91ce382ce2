"""The evaluate step, and the evaluation behind it."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

from steps.evaluate import Evaluate
from tango_ie.core import DataError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions, PredictionsFormat
from tango_ie.metrics import STRICT, Counts, Scores
from tango_ie.metrics.evaluation import evaluate

from .given_steps import GivenCorpus, GivenPredictions

GOLD = [
    Sentence(("Ada", "saw", "Ghent"), (Entity("PER", 0, 1), Entity("LOC", 2, 3))),
    Sentence(("Nothing", "here")),
    Sentence(("Bank", "of", "Ghent"), (Entity("ORG", 0, 3), Entity("LOC", 2, 3))),
]
PREDICTED = [
    Annotations((Entity("PER", 0, 1, 0.9), Entity("PER", 2, 3, 0.6))),
    Annotations((Entity("LOC", 0, 2, 0.5),)),
    Annotations((Entity("LOC", 2, 3, 0.8),)),
]
EXPECTED = {"LOC": Counts(1, 1, 1), "ORG": Counts(0, 0, 1), "PER": Counts(1, 1, 0)}


@pytest.fixture
def corpus() -> Corpus:
    return Corpus.from_sentences({"train": GOLD[:1], "test": GOLD})


def info_for(corpus: Corpus, **changes: Any) -> dict[str, Any]:
    return {"split": "test", "corpus_fingerprint": corpus.fingerprint, "seconds": 1.0, **changes}


def test_the_step_counts_against_the_gold_of_the_corpus(corpus: Corpus, tmp_path: Path) -> None:
    corpus.save(tmp_path / "corpus")
    (tmp_path / "predictions").mkdir()
    predictions = Predictions(PREDICTED, info_for(corpus, archive={"seed": 1}))
    PredictionsFormat().write(predictions, tmp_path / "predictions")
    step = Evaluate(
        predictions=GivenPredictions(folder=str(tmp_path / "predictions")),
        corpus=GivenCorpus(folder=str(tmp_path / "corpus")),
    )
    scores = step.result(TangoIEWorkspace(str(tmp_path / "workspace")))
    assert isinstance(scores, Scores)
    assert scores.rule == STRICT
    assert scores.per_label == EXPECTED
    assert scores.sentence_counts().tolist() == [[1, 1, 1], [0, 1, 0], [1, 0, 1]]
    assert scores.info == {**predictions.info, "unseen_labels": {}}


def test_types_that_the_model_does_not_know_are_missed_noted_and_logged_once(
    corpus: Corpus, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        scores = evaluate(PREDICTED, corpus, info_for(corpus, entity_types=["PER"]))
    assert scores.per_label == EXPECTED
    assert scores.info["unseen_labels"] == {"LOC": 2, "ORG": 1}
    assert len(caplog.records) == 1
    assert "they count as missed: LOC (2), ORG (1)" in caplog.text


def test_nothing_is_logged_when_all_types_are_known(
    corpus: Corpus, caplog: pytest.LogCaptureFixture
) -> None:
    evaluate(PREDICTED, corpus, info_for(corpus, entity_types=["LOC", "ORG", "PER", "TIME"]))
    assert caplog.records == []


def test_predictions_for_another_corpus_split_or_size_are_refused(corpus: Corpus) -> None:
    other = Corpus.from_sentences({"test": GOLD[:2]})
    with pytest.raises(DataError, match=r"were made on corpus .*give the corpus that was"):
        evaluate(PREDICTED[:2], other, info_for(corpus))
    with pytest.raises(DataError, match="for split 'dev'; this corpus has train, test"):
        evaluate(PREDICTED, corpus, info_for(corpus, split="dev"))
    with pytest.raises(DataError, match="2 predicted sentences cannot be compared with 3"):
        evaluate(PREDICTED[:2], corpus, info_for(corpus))
