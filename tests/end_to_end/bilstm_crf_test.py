"""One arm of the BiLSTM-CRF config in its smallest form, on the sample of GloVe."""

from __future__ import annotations

from pathlib import Path

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.metrics import Scores
from tests.end_to_end.configs import graph_of, steps_of

LAST = "evaluate_character_birnn_crf_seed1"


def test_smoke(repository: Path, shared_data: Path, tmp_path: Path) -> None:
    graph = steps_of(
        repository / "configs/ner/bilstm_crf.jsonnet",
        {"budget": "'smoke'"},
        corpora=str(shared_data),
        variables={"GLOVE": str(shared_data / "glove/glove.6B.100d.sample.txt.gz")},
    )
    train = graph[LAST.replace("evaluate", "train")]
    train["trainer"]["epochs"] = 1
    chosen = {name: graph[name] for name in graph if LAST.split("_", 1)[1] in name}
    needed = chosen | {name: graph[name] for name in ("convert", "convert_vectors")}
    built = graph_of(needed)
    scores = built[LAST].result(TangoIEWorkspace(str(tmp_path)))
    assert isinstance(scores, Scores)
    vectors = built["convert_vectors"].result(TangoIEWorkspace(str(tmp_path)))
    assert vectors.info["rows"] == 100 and 50 < len(vectors.words) <= 100
