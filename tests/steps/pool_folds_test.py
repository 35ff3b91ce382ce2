"""The step that pools folds: built from a config, kept, and compared."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from tango.step_graph import StepGraph

import steps  # noqa: F401 (registers the steps under test)
import tests.steps.given_steps  # noqa: F401 (registers the steps of the scores and corpora)
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.metrics import Scores, ScoresFormat
from tango_ie.reporting import Report
from tests.metrics.folds_test import CORPORA, scored

PUBLISHED = {"figures": {"base": 83.74}, "source": "a paper", "measure": "macro F1 over folds"}


def ref(step: str) -> dict[str, str]:
    return {"type": "ref", "ref": step}


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    """Two arms on three folds, and their comparison."""
    found: dict[str, Any] = {}
    for place, corpus in enumerate(CORPORA):
        corpus.save(tmp_path / f"corpus{place}")
        folder = str(tmp_path / f"corpus{place}")
        found[f"fold_{place}"] = {"type": "tests::given_corpus", "folder": folder}
        for arm, strength in (("base", 0.5), ("none", 0.9)):
            (tmp_path / f"{arm}{place}").mkdir()
            ScoresFormat().write(scored(corpus, strength), tmp_path / f"{arm}{place}")
            folder = str(tmp_path / f"{arm}{place}")
            found[f"{arm}_{place}"] = {"type": "tests::given_scores", "folder": folder}
    for arm in ("base", "none"):
        found[f"evaluate_{arm}"] = {
            "type": "tango_ie::pool_folds",
            "scores": [ref(f"{arm}_{place}") for place in range(3)],
            "corpora": [ref(f"fold_{place}") for place in range(3)],
        }
    found["compare"] = {
        "type": "tango_ie::compare",
        "variants": {arm: [ref(f"evaluate_{arm}")] for arm in ("base", "none")},
        "baseline": "base",
        "published": PUBLISHED,
    }
    return found


def test_pooled_scores_are_kept_and_compared(config: dict[str, Any], tmp_path: Path) -> None:
    graph = StepGraph.from_params(config)
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    pooled = graph["evaluate_base"].result(workspace)
    assert isinstance(pooled, Scores)
    assert pooled.num_sentences == sum(len(corpus["test"]) for corpus in CORPORA)
    assert graph["evaluate_base"] in workspace.step_cache
    report = graph["compare"].result(workspace)
    assert isinstance(report, Report)
    assert report.num_sentences == pooled.num_sentences
    assert report.published is not None and report.published.figures == {"base": 83.74}
    assert report.provenance is not None
    names = {step.name for step in report.provenance.steps}
    assert {"evaluate_none", "none_2", "fold_1"} <= names


def test_the_order_of_the_folds_counts(config: dict[str, Any]) -> None:
    first = StepGraph.from_params(deepcopy(config))["evaluate_base"].unique_id
    for key in ("scores", "corpora"):
        config["evaluate_base"][key].reverse()
    assert StepGraph.from_params(config)["evaluate_base"].unique_id != first


@pytest.mark.parametrize(
    ("published", "message"),
    [
        ({**PUBLISHED, "figures": {"base": 0.8374}}, r"published.*looks like a fraction"),
        ({**PUBLISHED, "soruce": "x"}, r"steps\.compare\.published.*soruce.*did you mean 'source'"),
        ({**PUBLISHED, "measure": "F1"}, r"steps\.compare\.published\.measure"),
        ({"figures": {"base": 1}}, r"steps\.compare\.published.*source"),
    ],
)
def test_wrong_figures_name_their_place(
    config: dict[str, Any], published: dict[str, Any], message: str, tmp_path: Path
) -> None:
    config["compare"]["published"] = published
    with pytest.raises(ConfigurationError, match=message):
        StepGraph.from_params(config)["compare"].result(TangoIEWorkspace(str(tmp_path / "w")))
