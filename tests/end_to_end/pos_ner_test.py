"""The configs that ask whether parts of speech help, in their smallest form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rjsonnet
from tango.common import Params
from tango.step_graph import StepGraph

import steps  # noqa: F401 (registers what the configs name)
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive
from tango_ie.metrics import Scores
from tango_ie.reporting import Report

ARMS = {
    "single",
    *(
        f"pos_{arm}"
        for arm in ("mean", "01", "03", "1", "uncertainty", "pcgrad", "shuffled", "gold")
    ),
}


def smoke(repository: Path, name: str, encoder: Path, **changes: str) -> dict[str, Any]:
    """The steps of a config with the budget ``smoke``, on the tiny encoder."""
    text = (repository / "configs/pos_ner" / f"{name}.jsonnet").read_text(encoding="utf-8")
    replaced = {
        "local budget = 'cpu';": "local budget = 'smoke';",
        "local encoder = encoders.minilm;": f"local encoder = encoders.transformer('{encoder}');",
        "'../lib/": f"'{repository}/configs/lib/",
        **changes,
    }
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, new)
    config = rjsonnet.evaluate_snippet(name, text, ext_vars={"CORPORA": "no/folder"})
    chosen: dict[str, Any] = json.loads(config)["steps"]
    for step in chosen.values():
        if "trainer" in step:
            step["trainer"]["hardware"] = {"device": "cpu"}
    return chosen


def built(chosen: dict[str, Any]) -> StepGraph:
    return StepGraph.from_params(Params(chosen).as_dict(quiet=True))


def test_all_arms_are_compared(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    graph = built(smoke(repository, "conll2003", tiny_encoder))
    workspace = TangoIEWorkspace(str(tmp_path))
    report = graph["compare_2pct"].result(workspace)
    assert isinstance(report, Report)
    assert {variant.name for variant in report.variants} == ARMS
    assert report.variants[0].name == "single"
    archives = {arm: graph[f"train_{arm}_2pct_seed1"].result(workspace) for arm in ARMS}
    tasks = {arm: archive.info["tasks"] for arm, archive in archives.items()}
    assert tasks["single"] == {"layers": {"ner": "entities"}}
    assert "conflicts" in tasks["pos_pcgrad"]
    # Three steps at a rate of 0.01.
    assert 0.8 < min(tasks["pos_uncertainty"]["weights"]) < 0.85
    assert archives["pos_gold"].params["inputs"] == ["pos"]


@pytest.mark.parametrize("arm", ["pos_mean"])
def test_a_table_of_one_s_own(
    repository: Path, tiny_encoder: Path, tmp_path: Path, arm: str
) -> None:
    """One line of the config is changed."""
    rows = ["Id;Token;UPOS;NE"]
    for number in range(240):
        words = [(f"N{number}", "PROPN", "B-PER"), ("went", "VERB", "O"), ("home", "ADV", "O")]
        rows += [f"{number};{word};{pos};{tag}" for word, pos, tag in words]
    table = tmp_path / "table.csv"
    table.write_text("\n".join(rows) + "\n", encoding="utf-8")
    columns = "{ Id: 'sentence', Token: 'word', UPOS: 'pos', NE: 'entities' }"
    line = (
        f"local table = corpora.converted({{ type: 'tango_ie::csv', separator: ';', "
        f"columns: {columns} }}, {{ all: '{table}' }});"
    )
    chosen = smoke(
        repository,
        "csv",
        tiny_encoder,
        **{"local table = corpora.gmb;": line, "table: corpora.embedded('news')": "table: table"},
    )
    end = f"_{arm}_10pct_seed1"
    wanted = {
        name: step
        for name, step in chosen.items()
        if name.endswith(end) or name.startswith(("convert", "sample", "fold"))
    }
    graph = built(wanted)
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    archive = graph[f"train{end}"].result(workspace)
    assert isinstance(archive, Archive)
    assert archive.schema.tag_layers["pos"] == ("ADV", "PROPN", "VERB")
    assert isinstance(graph[f"evaluate{end}"].result(workspace), Scores)


def test_the_csv_config_runs_on_the_embedded_corpus(repository: Path, tiny_encoder: Path) -> None:
    chosen = smoke(repository, "csv", tiny_encoder)
    assert {name.rsplit("_10pct", 1)[0] for name in chosen if name.startswith("train_")} == {
        f"train_{arm}" for arm in ARMS
    }
    number = len(chosen)
    assert len(built(chosen)) == number
