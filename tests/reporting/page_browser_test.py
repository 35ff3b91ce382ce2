"""A whole report in headless Chromium, as its readers have it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.metrics import Scores
from tango_ie.metrics.evaluation import evaluate
from tango_ie.reporting import ReportFormat, compare
from tango_ie.reporting.examples import PredictedRun, examples_of

from .chromium import Opened, needs_chromium, opened
from .provenance_steps import provenance, record

_LABELS = ("LOC", "ORG", "PER")
_SENTENCES = 120
# How sure a variant finds what is there.
_VARIANTS = {"softmax": 0.6, "crf": 0.75, "a <b>&amp;_$x$": 0.62}
_EPOCHS = 4


def _corpus() -> Corpus:
    generator = np.random.default_rng(0)
    sentences = []
    for place in range(_SENTENCES):
        length = 12 if place % 3 else 24
        words = tuple(f"w{number}" for number in generator.integers(0, 500, length))
        starts = sorted({*generator.integers(0, 12, 3).tolist()})
        entities = tuple(
            Entity(str(generator.choice(_LABELS)), start, start + 1) for start in starts
        )
        sentences.append(Sentence(words, entities, doc_id=f"d{place // 3}"))
    return Corpus.from_sentences({"test": sentences})


def _predicted(corpus: Corpus, skill: float, seed: int) -> list[Annotations]:
    generator = np.random.default_rng([seed, round(100 * skill)])
    found = []
    for sentence in corpus["test"]:
        kept = [one for one in sentence.entities if generator.random() < skill]
        scores = generator.uniform(0.5, 1.0, len(kept)).tolist()
        wrong = Entity("PER", 11, 12, score=float(generator.uniform(0, 0.9)))
        scored = tuple(replace(one, score=score) for one, score in zip(kept, scores, strict=True))
        found.append(Annotations((*scored, wrong)))
    return found


def _info(corpus: Corpus, name: str, seed: int) -> dict[str, object]:
    curve = [0.3, 0.5, 0.55 + 0.01 * seed, 0.54]
    made_from = {"model": {"head": name, "dropout": 0.1}, "seed": seed}
    return {
        "archive": {"seed": seed, "train_seconds": 61.0, "made_from": made_from},
        "split": "test",
        "corpus_fingerprint": corpus.fingerprint,
        "history": {
            "metric": "entities_f1",
            "epochs": list(range(1, _EPOCHS + 1)),
            "loss": [2.0, 1.0, 0.5, 0.25],
            "score": curve,
        },
    }


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with everything in it."""
    corpus = _corpus()
    scores: dict[str, list[Scores]] = {}
    runs: dict[str, list[PredictedRun]] = {}
    for name, skill in _VARIANTS.items():
        for seed in (1, 2, 3):
            found = _predicted(corpus, skill, seed)
            scores.setdefault(name, []).append(evaluate(found, corpus, _info(corpus, name, seed)))
            runs.setdefault(name, []).append(PredictedRun(seed, found))
    examples = examples_of(corpus["test"].sentences(), runs)
    report = compare(
        scores, resamples=200, examples=examples, provenance=provenance(record("train"))
    )
    folder = tmp_path_factory.mktemp("report")
    ReportFormat().write(report, folder)
    return folder / "report.html"


@pytest.fixture(scope="module")
def page(path: Path) -> Opened:
    return opened(path)


@needs_chromium
def test_it_loads_without_an_error_and_without_a_request(page: Opened) -> None:
    assert page.console == []
    assert page.requests == []


@needs_chromium
def test_question_and_answer_stand_on_top(page: Opened) -> None:
    headings = [item for item in page.elements if item.tag in ("h1", "h2")]
    assert headings[0].text == "Which of crf and a <b>&amp;_$x$ is better than softmax?"
    assert page.texts("answer")[0].startswith("1 of 2 scores higher than softmax (crf)")


@needs_chromium
def test_every_section_is_there_in_its_order(page: Opened) -> None:
    sections = [item.text for item in page.elements if item.tag == "h2"]
    assert sections == [
        "Scores",
        "Difference in F1 to softmax, in points",
        "F1 per label",
        "Labels compared",
        "Broken down",
        "Other ways of counting",
        "Learning curves",
        "Errors",
        "Calibration",
        "Reliability of confidences",
        "Examples",
        "Where the figures come from",
    ]


@needs_chromium
def test_the_browser_of_examples_works_inside_the_page(path: Path) -> None:
    found = opened(path, "variant=crf&kind=missed")
    assert found.console == []
    (count,) = found.texts("found")
    number = int(count.split()[0])
    assert 0 < number < _SENTENCES
    assert count == f"{number} of {_SENTENCES} sentences"


@needs_chromium
def test_nothing_sticks_out_of_a_narrow_window(path: Path, tmp_path: Path) -> None:
    narrow = tmp_path / "narrow.html"
    script = "document.title = [innerWidth, document.documentElement.scrollWidth].join();"
    source = path.read_text(encoding="utf-8")
    narrow.write_text(source.replace("</body>", f"<script>{script}</script></body>"), "utf-8")
    found = opened(narrow, width=500)
    title = next(item.text for item in found.elements if item.tag == "title")
    inner, scrolled = map(int, title.split(","))
    assert scrolled <= inner
