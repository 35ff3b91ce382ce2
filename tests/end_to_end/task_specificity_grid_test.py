"""The grid of layers and the folds of ADE, in their smallest form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.corpus import Corpus
from tango_ie.inference import Predictions
from tango_ie.reporting import Report
from tango_ie.reporting.figures import drawn
from tango_ie.reporting.fold_averages import fold_table
from tango_ie.reporting.tables import main_table
from tests.end_to_end.configs import graph_of, steps_of


def config(repository: Path, name: str, **values: str) -> dict[str, Any]:
    return steps_of(repository / f"configs/task_specificity/{name}.jsonnet", values)


def test_the_grid_is_drawn_as_a_heat_map(
    repository: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    encoder = f"encoders.transformer('{tiny_encoder}')"
    graph = graph_of(config(repository, "grid", budget="'smoke'", encoder=encoder))
    workspace = TangoIEWorkspace(str(tmp_path))
    for name, things in (
        ("compare_shared1", "relations"),
        ("compare_entities_shared1", "entities"),
    ):
        report = graph[name].result(workspace)
        assert isinstance(report, Report)
        assert report.things == things and report.baseline.name == "s1_e0_r0"
        assert drawn(report)["ablation"].title == "F1 over entities and relations"
    predictions = graph["predict_s1_e1_r1_seed1"].result(workspace)
    assert isinstance(predictions, Predictions) and predictions.info["kept_features"]


def test_budgets_of_the_grid(repository: Path) -> None:
    trained = {
        budget: {
            name.rpartition("_")[0]
            for name in config(repository, "grid", budget=f"'{budget}'")
            if name.startswith("train_")
        }
        for budget in ("cpu", "full")
    }
    assert len(trained["full"]) == 3 * 4 * 4 and trained["cpu"] < trained["full"]
    chosen = config(repository, "grid")
    assert chosen["compare_all"]["baseline"] == "s1_e1_r2"
    layers = chosen["train_s2_e0_r1_seed1"]["model"]["layers"]
    assert layers == {"shared": 2, "entities": 0, "relations": 1, "size": 128}


def test_every_sentence_of_ade_is_tested_on_once(
    repository: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    encoder = f"encoders.transformer('{tiny_encoder}')"
    graph = graph_of(config(repository, "ade", budget="'smoke'", encoder=encoder))
    workspace = TangoIEWorkspace(str(tmp_path))
    folds = [graph[f"fold_{fold}"].result(workspace) for fold in range(2)]
    assert all(isinstance(fold, Corpus) for fold in folds)
    tested = [item.words for fold in folds for item in fold["test"].sentences()]
    held_out = [item.words for item in folds[0]["dev"].sentences()]
    whole = graph["sample"].result(workspace)
    everything = [item.words for split in whole for item in whole[split].sentences()]
    assert sorted(tested + held_out) == sorted(everything)
    for name, figure in (("compare", 83.74), ("compare_entities", 89.48)):
        report = graph[name].result(workspace)
        assert isinstance(report, Report)
        assert [variant.name for variant in report.variants] == ["base", "none"]
        assert len({variant.num_trainable_parameters for variant in report.variants}) == 1
        assert report.num_sentences == len(tested)
        header, (base, none) = main_table(report)
        place = header.index("published macro F1")
        assert header[place - 1] == "macro F1, 2 folds"
        assert (base[place], none[place]) == (f"{figure}", "–")
        means = fold_table(report)
        assert means is not None and base[place - 1] == means[1][0][-1]
    assert not any("the models of its folds differ" in note for note in report.notes)
    trained = [graph[f"train_base_fold_{fold}_seed1"].result(workspace) for fold in range(2)]
    seconds = [one.info["train_seconds"] for one in trained]
    assert report.baseline.train_seconds == pytest.approx(sum(seconds))


def test_ade_as_in_the_paper(repository: Path) -> None:
    chosen = config(repository, "ade", budget="'full'")
    assert chosen["fold_9"]["folds"] == 10 and chosen["fold_9"]["dev_share"] == 0.1
    assert chosen["fold_9"]["corpus"]["ref"] == "map_overlaps"
    assert [name for name in chosen if name.startswith("compare")] == [
        "compare",
        "compare_entities",
    ]
    pooled = chosen["evaluate_base_seed3"]
    assert pooled["scores"][9]["ref"] == "evaluate_base_fold_9_seed3"
    assert [fold["ref"] for fold in pooled["corpora"]] == [f"fold_{fold}" for fold in range(10)]
    model = chosen["train_base_fold_9_seed3"]["model"]
    assert model["layers"] == {
        "shared": 1,
        "entities": 1,
        "relations": 1,
        "size": 128,
        "dropout": 0.5,
    }
    assert model["entities"] == {"activation": "relu"}
    trainer = chosen["train_base_fold_9_seed3"]["trainer"]
    assert trainer["batching"]["max_sentences"] == 16
    assert trainer["optimizer"]["type"] == "tango_ie::adamw"
