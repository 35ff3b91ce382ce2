"""From predictions to the examples of a report, and into its page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions, predicted_examples
from tango_ie.metrics.evaluation import evaluate
from tango_ie.reporting import Report, ReportFormat, compare
from tango_ie.reporting.examples import ErrorMark

GOLD = [
    Sentence(("Ada", "saw", "Ghent"), (Entity("PER", 0, 1), Entity("LOC", 2, 3)), doc_id="d"),
    Sentence(("Nothing", "here")),
    Sentence(("Bo", "left"), (Entity("PER", 0, 1),)),
]
RIGHT = [Annotations(sentence.entities) for sentence in GOLD]
WRONG = [
    Annotations((Entity("ORG", 2, 3, 0.4), Entity("PER", 0, 1, 0.9))),
    Annotations(),
    Annotations(),
]


@pytest.fixture
def corpus() -> Corpus:
    return Corpus.from_sentences({"train": GOLD[:1], "test": GOLD})


def predictions(corpus: Corpus, found: list[Annotations], seed: int, **info: Any) -> Predictions:
    known = {"split": "test", "corpus_fingerprint": corpus.fingerprint, "archive": {"seed": seed}}
    return Predictions(found, {**known, **info})


@pytest.fixture
def variants(corpus: Corpus) -> dict[str, list[Predictions]]:
    return {
        "better": [predictions(corpus, RIGHT, seed) for seed in (2, 1)],
        "plain": [predictions(corpus, WRONG, seed) for seed in (1, 2)],
    }


def test_examples(corpus: Corpus, variants: dict[str, list[Predictions]]) -> None:
    first, second, third = predicted_examples(corpus, variants, "plain")
    assert (first.words, first.doc_id, first.index) == (GOLD[0].words, "d", 0)
    runs = [("plain", 1), ("plain", 2), ("better", 1), ("better", 2)]
    assert [run.key for run in first.runs] == runs
    assert first.runs[0].entity_errors == (ErrorMark("type", gold=1, predicted=0),)
    assert first.runs[2].entity_errors == ()
    assert third.runs[1].entity_errors == (ErrorMark("missed", gold=0),)
    assert [example.fixed_by for example in (first, second, third)] == [
        ("better",),
        (),
        ("better",),
    ]
    turned = predicted_examples(corpus, variants)
    assert [example.broken_by for example in turned] == [("plain",), (), ("plain",)]


def test_no_examples_are_asked_for() -> None:
    assert predicted_examples(None, None) == []


def test_what_does_not_belong_together_is_refused(
    corpus: Corpus, variants: dict[str, list[Predictions]]
) -> None:
    with pytest.raises(ConfigurationError, match="corpus: examples need corpus and predictions"):
        predicted_examples(None, variants)
    with pytest.raises(ConfigurationError, match="none of the baseline 'x'"):
        predicted_examples(corpus, variants, "x")
    train = {"a": [predictions(corpus, RIGHT[:1], 1, split="train")], **variants}
    with pytest.raises(DataError, match="several splits: test, train"):
        predicted_examples(corpus, train)
    with pytest.raises(DataError, match="a has 1 predictions for 3 sentences"):
        predicted_examples(corpus, {"a": [predictions(corpus, RIGHT[:1], 1)]})


def test_the_page_has_them_and_the_results_have_not(
    corpus: Corpus, variants: dict[str, list[Predictions]], tmp_path: Path
) -> None:
    scores = {
        name: [evaluate(item.annotations, corpus, item.info) for item in runs]
        for name, runs in variants.items()
    }
    examples = predicted_examples(corpus, variants, "plain")
    report = compare(scores, "plain", resamples=100, examples=examples)
    ReportFormat().write(report, tmp_path)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "<h2>Examples</h2>" in page and "Ghent" in page
    assert "Ghent" not in (tmp_path / "results.json").read_text(encoding="utf-8")
    assert Report.load(tmp_path) == report
    ReportFormat().write(replace(report, browser=None), tmp_path)
    assert "Ghent" not in (tmp_path / "report.html").read_text(encoding="utf-8")
