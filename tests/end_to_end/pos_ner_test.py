"""The configs that ask whether parts of speech help, in their smallest form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.inference import Archive
from tango_ie.metrics import Scores
from tango_ie.reporting import Report
from tests.end_to_end.configs import NOTHING, graph_of, steps_of

ARMS = {
    "single",
    *(
        f"pos_{arm}"
        for arm in ("mean", "01", "03", "1", "uncertainty", "pcgrad", "shuffled", "gold")
    ),
}


def smoke(
    repository: Path, name: str, encoder: Path, text: Mapping[str, str] = NOTHING, **values: str
) -> dict[str, Any]:
    """The steps of a config with the budget ``smoke``, on the tiny encoder."""
    return steps_of(
        repository / "configs/pos_ner" / f"{name}.jsonnet",
        {"budget": "'smoke'", "encoder": f"encoders.transformer('{encoder}')", **values},
        text,
    )


def test_all_arms_are_compared(repository: Path, tiny_encoder: Path, tmp_path: Path) -> None:
    graph = graph_of(smoke(repository, "conll2003", tiny_encoder))
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
        f"corpora.converted({{ type: 'tango_ie::csv', separator: ';', "
        f"columns: {columns} }}, {{ all: '{table}' }})"
    )
    chosen = smoke(
        repository,
        "csv",
        tiny_encoder,
        {"table: corpora.embedded('news')": "table: table"},
        table=line,
    )
    end = f"_{arm}_10pct_seed1"
    wanted = {
        name: step
        for name, step in chosen.items()
        if name.endswith(end) or name.startswith(("convert", "sample", "fold"))
    }
    graph = graph_of(wanted)
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
    assert len(graph_of(chosen)) == number
