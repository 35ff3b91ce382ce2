"""The side-by-side of taggers with the budget `smoke`, on the tiny encoder."""

from __future__ import annotations

from pathlib import Path

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.reporting import Report
from tests.end_to_end.configs import graph_of, steps_of


def test_smoke(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    chosen = steps_of(
        repository / "configs/ner/conll2003_taggers.jsonnet",
        {"budget": "'smoke'", "encoder": f"encoders.transformer('{tiny_encoder}')"},
    )
    graph = graph_of(chosen)
    workspace = TangoIEWorkspace(str(tmp_path))
    report = graph["compare"].result(workspace)
    assert isinstance(report, Report)
    arms = [variant.name for variant in report.variants]
    assert arms == ["crf", "cnnbif", "cnnbif_context", "crf_context", "pos", "softmax"]
    for arm in arms:
        encoder = chosen[f"train_{arm}_seed1"]["model"]["encoder"]
        assert ("context" in encoder) == arm.endswith("_context")
