"""The side-by-side config of joint models, in its smallest form, and what its budgets say."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from steps.join_predictions import JoinPredictions
from steps.predicted_entities import PredictedEntities
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Predictions
from tango_ie.reporting import Report

from .configs import graph_of, steps_of

FOLDER = "configs/joint/compare.jsonnet"
JOINT = {"task_specific", "progressive", "span", "cascade"}


def config(repository: Path, **values: str) -> dict[str, Any]:
    return steps_of(repository / FOLDER, values)


def test_all_families_are_compared(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    encoder = f"encoders.transformer('{tiny_encoder}')"
    graph = graph_of(config(repository, budget="'smoke'", encoder=encoder))
    assert isinstance(graph["map_pipeline_conll04_seed1"], PredictedEntities)
    assert isinstance(graph["predict_pipeline_conll04_seed1"], JoinPredictions)
    workspace = TangoIEWorkspace(str(tmp_path))
    for name, things in (
        ("compare_conll04", "relations"),
        ("compare_conll04_entities", "entities"),
    ):
        report = graph[name].result(workspace)
        assert isinstance(report, Report)
        names = [variant.name for variant in report.variants]
        assert names[0] == "pipeline" and {*names[1:]} == JOINT
        assert report.things == things
        assert report.num_gold > 100
    corpus = graph["sample_conll04"].result(workspace)
    found = graph["predict_pipeline_conll04_seed1"].result(workspace)
    assert isinstance(found, Predictions)
    assert found.info["corpus_fingerprint"] == corpus.fingerprint
    assert {*found.info["archive"]["parts"]} == {"entities", "relations"}


def test_arms_differ_in_their_models_alone(repository: Path) -> None:
    trainings = {
        name: step
        for name, step in config(repository).items()
        if name.startswith("train_") and name.endswith("_seed1")
    }
    assert len(trainings) == 2 * (len(JOINT) + 2)
    trainers = [step["trainer"] for step in trainings.values()]
    assert all(trainer == trainers[0] for trainer in trainers)
    encoders = [step["model"]["encoder"] for step in trainings.values()]
    assert all(encoder == encoders[0] for encoder in encoders)
    corpora = Counter(step["corpus"]["ref"] for step in trainings.values())
    assert corpora == {"convert_conll04": 6, "sample_webnlg": 6}


def test_one_corpus_alone_and_the_full_budget(repository: Path) -> None:
    steps = config(repository, budget="'full'", compared="['webnlg']")
    assert {name for name in steps if name.startswith("compare")} == {
        "compare_webnlg",
        "compare_webnlg_entities",
    }
    assert steps["train_span_webnlg_seed5"]["corpus"]["ref"] == "convert_webnlg"
    assert "sample_webnlg" not in steps and "convert_conll04" not in steps
    ends = [step["relation_ends"] for name, step in steps.items() if name.startswith("evaluate")]
    assert len(ends) == 5 * 5 and {*ends} == {"exact strings"}
