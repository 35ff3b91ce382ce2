"""The config of the task-specific joint model, in its smallest form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive
from tango_ie.reporting import Report
from tests.end_to_end.configs import graph_of, steps_of

ARMS = ("base", "no_entity", "no_relation", "none")


def smoke(repository: Path, encoder: Path, **values: str) -> dict[str, Any]:
    """The steps of the config with the budget ``smoke``, on the tiny encoder."""
    return steps_of(
        repository / "configs/task_specificity/conll04.jsonnet",
        {"budget": "'smoke'", "encoder": f"encoders.transformer('{encoder}')", **values},
    )


def test_all_arms_are_compared(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    graph = graph_of(smoke(repository, tiny_encoder))
    workspace = TangoIEWorkspace(str(tmp_path))
    for name, things in (("compare", "relations"), ("compare_entities", "entities")):
        report = graph[name].result(workspace)
        assert isinstance(report, Report)
        assert [variant.name for variant in report.variants] == [*ARMS]
        assert report.things == things
    archives = [graph[f"train_{arm}_seed1"].result(workspace) for arm in ARMS]
    # What stands below the layers is as wide as a layer here only by chance; theirs are alike.
    assert all(isinstance(one, Archive) for one in archives)
    assert len({one.info["num_trainable_parameters"] for one in archives}) == 1
    parts = archives[0].params["encoder"]["parts"]
    assert [part["type"].removeprefix("tango_ie::") for part in parts] == [
        "frozen_transformer",
        "character_birnn",
        "casing",
    ]
    model = archives[0].load()
    assert len(model.get_parameter("encoder.parts.0.mix.weights")) == 3


def test_trained_again_on_train_and_dev(
    repository: Path, tiny_encoder: Path, tmp_path: Path
) -> None:
    epochs = "{ base: 1, no_entity: 2, no_relation: 1, none: 1 }"
    graph = graph_of(smoke(repository, tiny_encoder, epochs_found=epochs))
    workspace = TangoIEWorkspace(str(tmp_path))
    archive = graph["train_no_entity_seed1"].result(workspace)
    assert archive.info["epochs"] == 2 and archive.info["best_epoch"] is None
    assert archive.info["made_from"]["dev_split"] is None
    merged = graph["merge_train_dev"].result(workspace)
    converted = graph["sample"].result(workspace)
    assert len(merged["train"]) == len(converted["train"]) + len(converted["dev"])
