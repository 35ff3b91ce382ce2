"""The configs of query-based models with the budget `smoke`, on the tiny encoder."""

from __future__ import annotations

from pathlib import Path

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.reporting import Report
from tests.end_to_end.configs import graph_of, steps_of


def test_low_resource(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    chosen = steps_of(
        repository / "configs/qpmrc/low_resource.jsonnet",
        {"budget": "'smoke'", "encoder": f"encoders.transformer('{tiny_encoder}')"},
    )
    graph = graph_of(chosen)
    workspace = TangoIEWorkspace(str(tmp_path))
    report = graph["compare_field_1shot"].result(workspace)
    assert isinstance(report, Report)
    arms = [variant.name for variant in report.variants]
    assert arms == ["tagger_1shot", "mrc_1shot", "qpmrc_1shot", "qpmrc_depth1_1shot"]
    for arm in ("tagger", "mrc", "qpmrc", "qpmrc_depth1"):
        archive = graph[f"train_field_{arm}_1shot_seed1"].result(workspace)
        assert archive.info["steps"] == 2 and archive.info["best_epoch"] is None
        sizes = archive.info["num_train_sentences"]
        assert sizes == len(graph["sample_field_1shot_seed1"].result(workspace)["train"])


def test_transfer(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    chosen = steps_of(
        repository / "configs/qpmrc/transfer.jsonnet",
        {"budget": "'smoke'", "encoder": f"encoders.transformer('{tiny_encoder}')"},
    )
    graph = graph_of(chosen)
    workspace = TangoIEWorkspace(str(tmp_path))
    report = graph["compare_field"].result(workspace)
    assert isinstance(report, Report)
    assert report.variants[0].name == "tagger_target_only"
    kinds = ("target_only", "conll_first", "joint")
    assert {variant.name for variant in report.variants} == {
        f"{model}_{kind}" for model in ("tagger", "mrc", "qpmrc") for kind in kinds
    }
    alone = graph["compare_field_mrc"].result(workspace)
    assert {variant.name for variant in alone.variants} == {f"mrc_{kind}" for kind in kinds}
    # WORK is a type of the source alone; the target is asked for nothing but its own.
    schemas = [
        graph[f"train_{name}_seed1"].result(workspace).schema.entity_types
        for name in ("mrc_source", "field_mrc_conll_first")
    ]
    assert ["WORK" in types for types in schemas] == [True, False]
    merged = graph["merge_field_joint"].result(workspace)
    own = len(graph["sample_field"].result(workspace)["train"])
    source = len(graph["sample_source"].result(workspace)["train"])
    assert len(merged["train"]) == source + 2 * own
