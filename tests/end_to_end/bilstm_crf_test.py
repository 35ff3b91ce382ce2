"""One arm of the BiLSTM-CRF config in its smallest form, on the sample of GloVe."""

from __future__ import annotations

import json
from pathlib import Path

import rjsonnet
from tango.common import Params
from tango.step_graph import StepGraph

import steps  # noqa: F401 (registers what the config names)
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.metrics import Scores

LAST = "evaluate_character_birnn_crf_seed1"


def test_smoke(repository: Path, shared_data: Path, tmp_path: Path) -> None:
    config = (repository / "configs/ner/bilstm_crf.jsonnet").read_text(encoding="utf-8")
    config = config.replace("local budget = 'cpu'", "local budget = 'smoke'")
    config = config.replace("'../lib/", f"'{repository}/configs/lib/")
    variables = {
        "GLOVE": str(shared_data / "glove/glove.6B.100d.sample.txt.gz"),
        "CORPORA": str(shared_data),
    }
    graph = json.loads(rjsonnet.evaluate_snippet("config", config, ext_vars=variables))["steps"]
    train = graph[LAST.replace("evaluate", "train")]
    train["trainer"] |= {"epochs": 1, "hardware": {"device": "cpu"}}
    chosen = {name: graph[name] for name in graph if LAST.split("_", 1)[1] in name}
    needed = chosen | {name: graph[name] for name in ("convert", "convert_vectors")}
    built = StepGraph.from_params(Params(needed).as_dict(quiet=True))
    scores = built[LAST].result(TangoIEWorkspace(str(tmp_path)))
    assert isinstance(scores, Scores)
    vectors = built["convert_vectors"].result(TangoIEWorkspace(str(tmp_path)))
    assert vectors.info["rows"] == 100 and 50 < len(vectors.words) <= 100
