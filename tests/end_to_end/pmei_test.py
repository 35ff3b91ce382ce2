"""The configs of PMEI with the budget ``smoke``, on the tiny encoder, and what the others say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive, Predictions
from tango_ie.modules.encoders import word_tags  # noqa: F401 (registers it)
from tango_ie.reporting import Report
from tango_ie.reporting.figures import drawn
from tests.end_to_end.configs import graph_of, steps_of

PROGRESS = {
    "mtl": {"early": "none", "stochastic": False},
    "mtl_maps": {"early": "none"},
    "pmei": {},
    "without_maps": {"stochastic": False},
    "without_interaction": {"early": "own"},
    "without_gru": {"cell": "linear"},
}


def config(repository: Path, name: str, **values: str) -> dict[str, Any]:
    return steps_of(repository / f"configs/pmei/{name}.jsonnet", values)


def smoke(repository: Path, name: str, encoder: Path, **values: str) -> dict[str, Any]:
    return config(
        repository,
        name,
        budget="'smoke'",
        encoder=f"encoders.transformer('{encoder}')",
        **values,
    )


def report_of(graph: Any, name: str, workspace: TangoIEWorkspace) -> Report:
    report = graph[name].result(workspace)
    assert isinstance(report, Report)
    return report


def test_the_ablation(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    chosen = smoke(repository, "ablation", tiny_encoder)
    progress = {name: chosen[f"train_{name}_seed1"]["model"]["progress"] for name in PROGRESS}
    assert progress == {
        name: {**values, "least_variance": 0.01} for name, values in PROGRESS.items()
    }
    for compare in (chosen["compare"], chosen["compare_partial"]):
        assert {*compare["variants"]} == {*PROGRESS}
        for key in ("variants", "predictions"):  # of six alike, two are enough here
            if key in compare:
                compare[key] = {name: compare[key][name] for name in ("mtl", "pmei")}
        if "published" in compare:
            figures = compare["published"]["figures"]
            assert {*figures} == {*PROGRESS}
            compare["published"]["figures"] = {name: figures[name] for name in ("mtl", "pmei")}
    graph = graph_of(chosen)
    report = report_of(graph, "compare", workspace)
    assert report.baseline.name == "mtl"
    assert "spelt alike" in report.rule and "first words" not in report.rule
    assert "first words" in report_of(graph, "compare_partial", workspace).rule
    predictions = graph["predict_pmei_seed1"].result(workspace)
    assert isinstance(predictions, Predictions) and predictions.info["kept_features"]
    archive = graph["train_pmei_seed1"].result(workspace)
    assert isinstance(archive, Archive)
    assert archive.params["encoder"]["input"]["type"] == "tango_ie::frozen_transformer"


def test_parts_of_speech_beside_the_vectors(
    repository: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    path = repository / "tango_ie/data/embedded/files/news"
    lines = [line for file in path.iterdir() for line in file.read_text("utf-8").splitlines()]
    tags = sorted({tag for line in lines for tag in json.loads(line)["tags"]["pos"]})
    chosen = smoke(repository, "ablation", tiny_encoder, tags=f"{{ tags: {tags}, size: 3 }}")
    archive = graph_of(chosen)["train_pmei_seed1"].result(TangoIEWorkspace(str(tmp_path)))
    assert isinstance(archive, Archive)
    parts = archive.params["encoder"]["input"]["parts"]
    assert parts[1] == {"type": "tango_ie::word_tags", "tags": tags, "layer": "pos", "size": 3}


def test_the_sweeps_are_drawn_as_curves(
    repository: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    powers = {"powers_of_alpha": "[3, 0, 5]", "powers_of_beta": "[6, 3, 9]"}
    chosen = smoke(repository, "sweeps", tiny_encoder, **powers)
    # Both curves have one baseline.
    trained = {name: step for name, step in chosen.items() if name.startswith("train_")}
    assert len(trained) == 5
    progress = [step["model"]["progress"] for step in trained.values()]
    assert all(values["beta_entities"] == values["beta_relations"] for values in progress)
    assert {values["alpha"] for values in progress} == {1, 1e-3, 1e-5}
    assert {values["beta_entities"] for values in progress} == {1e-3, 1e-6, 1e-9}
    assert chosen["compare_beta"]["baseline"] == "alpha3_beta6"
    report = report_of(graph_of(chosen), "compare_alpha", TangoIEWorkspace(str(tmp_path)))
    assert report.baseline.name == "alpha3_beta6"
    assert drawn(report)["ablation"].title == "F1 over alpha"


@pytest.mark.parametrize(
    ("name", "reports"),
    [
        ("frozen", ("compare_frozen",)),
        ("webnlg", ("compare_whole_weak", "compare_whole_weak_partial")),
        ("nyt", ("compare_tuned",)),
    ],
)
def test_mtl_and_pmei(
    name: str, reports: tuple[str, ...], repository: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    workspace = TangoIEWorkspace(str(tmp_path))
    graph = graph_of(smoke(repository, name, tiny_encoder))
    for step in reports:
        report = report_of(graph, step, workspace)
        assert [variant.name for variant in report.variants] == ["mtl", "pmei"]
        assert report.things == "relations"


def test_without_training_files_dev_is_cut(repository: Path) -> None:
    chosen = config(repository, "nyt")
    assert set(chosen["convert"]["splits"]) == {"dev", "test"}
    assert chosen["convert_splits"]["splits"] == {"train": "dev", "test": "test"}
    assert chosen["sample"]["corpus"]["ref"] == "convert_dev"
    assert chosen["train_pmei_weak_seed3"]["corpus"]["ref"] == "sample_test"


def test_with_training_files(repository: Path) -> None:
    files = {"train_file": "'mine/train_triples.json'", "budget": "'full'"}
    for name in ("nyt", "nyt_star"):
        chosen = config(repository, "nyt", set=f"'{name}'", **files)
        splits = chosen["convert"]["splits"]
        assert splits["train"] == "mine/train_triples.json" and set(splits) > {"dev", "test"}
        assert chosen["train_mtl_tuned_seed1"]["corpus"]["ref"] == "convert"
    # What lies there as dev is a part of train.
    for name in ("nyt10", "nyt11"):
        chosen = config(repository, "nyt", set=f"'{name}'", **files)
        assert set(chosen["convert"]["splits"]) == {"train", "test"}
        assert chosen["convert_dev"]["share"] == 0.1
        assert chosen["train_mtl_tuned_seed1"]["corpus"]["ref"] == "convert_dev"
    trainer = chosen["train_mtl_tuned_seed1"]["trainer"]
    assert trainer["optimizer"]["learning_rate"] == 1e-5
    assert trainer["batching"]["max_sentences"] == 6 and trainer["gradient_clip"] == 5


@pytest.mark.parametrize("name", ["nyt", "nyt_star", "nyt10", "nyt11"])
def test_the_paper_s_figures_of_each_set(repository: Path, name: str) -> None:
    """Exact match is the paper's partial match where the last words are all that is marked."""
    chosen = config(repository, "nyt", set=f"'{name}'")
    published = {
        step: chosen[step]["published"]["figures"]["pmei"]
        for step in chosen
        if step.startswith("compare") and "published" in chosen[step]
    }
    assert (
        published
        == {
            "nyt": {"compare_weak": 84.2, "compare_tuned": 88.7},
            "nyt_star": {"compare_weak": 87.8, "compare_tuned": 90.1},
            "nyt10": {
                "compare_weak": 70.2,
                "compare_tuned": 73.3,
                "compare_weak_partial": 72.6,
                "compare_tuned_partial": 74.5,
            },
            "nyt11": {
                "compare_weak": 56.5,
                "compare_tuned": 56.8,
                "compare_weak_partial": 57.2,
                "compare_tuned_partial": 57.7,
            },
        }[name]
    )


def test_the_paper_s_choice_of_epochs_is_shown_on_demand(repository: Path) -> None:
    for wanted in (True, False):
        chosen = config(repository, "ablation", oracle=str(wanted).lower())
        assert ("oracle_split" in chosen["train_pmei_seed2"]) is wanted
        assert ("oracle_test_epoch" in chosen["compare_partial"]) is wanted


def test_with_glove(repository: Path) -> None:
    chosen = config(repository, "ablation", glove="'mine/glove.6B.100d.txt'", budget="'full'")
    assert "convert_features" not in chosen
    encoder = chosen["train_pmei_seed1"]["model"]["encoder"]
    assert encoder["input"]["vectors"]["ref"] == "convert_vectors"
    assert encoder["input"]["frozen"] is False and encoder["size"] == 50
    assert chosen["predict_pmei_seed1"].get("features") is None


def test_the_forms_of_webnlg(repository: Path) -> None:
    chosen = config(repository, "webnlg")
    pairs = {
        form: chosen[f"train_pmei_weak_{form}_seed1"]["model"]["pairs"]["self_pairs"]
        for form in ("star", "whole")
    }
    assert pairs == {"star": True, "whole": False}
    assert "compare_whole_weak_partial" in chosen and "compare_star_weak_partial" not in chosen
    assert chosen["evaluate_mtl_tuned_star_seed2"]["relation_ends"] == "exact strings"
    assert chosen["predict_mtl_weak_star_seed2"]["features"]["ref"] == "convert_features_star"
