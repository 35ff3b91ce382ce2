"""The CNNBiF config with the budget `smoke`, on the tiny encoder, and what its budgets say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Predictions
from tests.end_to_end.configs import graph_of, steps_of

ARMS = {"baseline", "objective", "fused", "both", "objective_only"}
SWEEP = {"objective_01", "objective_03", "objective_3"}


def config(repository: Path, **values: str) -> dict[str, Any]:
    """The steps, after other values for some of the locals on top."""
    return steps_of(repository / "configs/cnnbif/conll2003.jsonnet", values)


def models(graph: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name.removeprefix("train_").removesuffix("_seed1"): step["model"]
        for name, step in graph.items()
        if name.startswith("train_") and name.endswith("_seed1")
    }


def test_smoke(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    rates = "learning_rate: 1e-3, head_rate: null"
    chosen = f"model: '{tiny_encoder}', {rates}, sentences: 16, decay: 0"
    graph = config(repository, budget="'smoke'", presets=f"{{ minilm: {{ {chosen} }} }}")
    compare = graph["compare_field"]
    for key in ("variants", "predictions"):  # of eight alike, two are enough here
        compare[key] = {name: compare[key][name] for name in ("baseline", "both")}
    built = graph_of(graph)
    workspace = TangoIEWorkspace(str(tmp_path))
    built["evaluate_objective_only_news_seed1"].result(workspace)
    built["compare_field"].result(workspace)
    before, after = (
        built[f"{action}_both_field_seed1"].result(workspace) for action in ("predict", "map")
    )
    assert isinstance(before, Predictions) and isinstance(after, Predictions)
    assert "WORK" in before.info["entity_types"] and "WORK" not in after.info["entity_types"]


def test_the_arms_differ_in_what_they_are_named_for(repository: Path) -> None:
    arms = models(config(repository))
    assert set(arms) == ARMS | SWEEP
    assert arms.pop("baseline")["type"] == "tango_ie::tagger"
    settings = {
        name: (model["link"]["weight"], model["fuse"], model["features"])
        for name, model in arms.items()
    }
    assert settings == {
        "objective": (1, False, "cnn"),
        "fused": (0, True, "cnn"),
        "both": (1, True, "cnn"),
        "objective_only": (1, False, "concat"),
        "objective_01": (0.1, False, "cnn"),
        "objective_03": (0.3, False, "cnn"),
        "objective_3": (3, False, "cnn"),
    }


def test_the_full_budget_and_the_paper_s_encoders(repository: Path) -> None:
    graph = config(repository, budget="'full'", preset="'xlm_roberta_large'", context="64")
    train = graph["train_both_seed5"]
    assert train["model"]["encoder"]["model"] == "xlm-roberta-large"
    assert train["model"]["encoder"]["context"]["tokens"] == 64
    assert train["corpus"]["ref"] == "convert_conll2003" and "sample" not in graph
    assert train["trainer"]["epochs"] == 20
    assert graph["evaluate_both_wnut17_seed5"]["corpus"]["ref"] == "map_wnut17"
    encoders = [model["encoder"] for model in models(graph).values()]
    assert all(encoder == encoders[0] for encoder in encoders)
