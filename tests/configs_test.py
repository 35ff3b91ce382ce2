"""Every config that ships: alike under both Jsonnet engines, and a graph that can be built."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import _jsonnet
import pytest
import rjsonnet
from tango.common import Params
from tango.step_graph import StepGraph

import steps  # noqa: F401 (registers what the configs name)
from tango_ie.core.step import Step

FOLDER = Path(__file__).resolve().parents[1] / "configs"
CONFIGS = sorted(FOLDER.rglob("*.jsonnet"))
STEP_NAME = re.compile(
    r"(convert|sample|fold|map|merge|train|predict|evaluate|train_encoder|compare)"
    r"(_[a-z0-9_]+)?(_seed\d+)?"
)

every_config = pytest.mark.parametrize(
    "path", CONFIGS, ids=lambda path: path.relative_to(FOLDER).with_suffix("").as_posix()
)


def external_variables(path: Path, folder: Path) -> dict[str, str]:
    """A folder for each external variable of a config; all that ours have are folders."""
    sources = [path, FOLDER / "lib/corpora.libsonnet"]
    text = "".join(source.read_text(encoding="utf-8") for source in sources)
    names = re.findall(r"std\.extVar\('(\w+)'\)", text)
    return {name: str(folder / name.lower()) for name in names}


def evaluated(path: Path, variables: dict[str, str]) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(rjsonnet.evaluate_file(str(path), ext_vars=variables))
    return config


def strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def built(config: dict[str, Any], data: Path) -> StepGraph:
    """The graph, after every data file that the config names has been made."""
    for name in strings(config):
        if name.startswith(str(data)):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(f"{Path(name).relative_to(data)} B-LOC\n", encoding="utf-8")
    return StepGraph.from_params(Params(config).pop("steps", keep_as_dict=True))


def test_the_configs_of_the_readme_are_there() -> None:
    names = {path.relative_to(FOLDER).as_posix() for path in CONFIGS}
    assert {"quickstart.jsonnet", "ner/conll2003.jsonnet", "ner/crossner_transfer.jsonnet"} <= names


@every_config
def test_both_engines_evaluate_alike(path: Path, tmp_path: Path) -> None:
    variables = external_variables(path, tmp_path)
    reference = json.loads(_jsonnet.evaluate_file(str(path), ext_vars=variables))
    assert evaluated(path, variables) == reference


@every_config
def test_the_graph_can_be_built_and_has_ids(path: Path, tmp_path: Path) -> None:
    config = evaluated(path, external_variables(path, tmp_path))
    graph = built(config, tmp_path)
    assert all(isinstance(step, Step) for step in graph.values())
    identities = {step.unique_id for step in graph.values()}
    assert len(identities) == len(graph), "two steps of one config compute the same"


@every_config
def test_it_runs_from_any_folder(path: Path, tmp_path: Path) -> None:
    config = evaluated(path, external_variables(path, tmp_path))
    assert "steps" in config["include_package"]


@every_config
def test_steps_follow_the_naming(path: Path, tmp_path: Path) -> None:
    config = evaluated(path, external_variables(path, tmp_path))
    assert not [name for name in config["steps"] if not STEP_NAME.fullmatch(name)]


@every_config
def test_what_a_user_edits_stands_on_top(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "below this: no need to edit" in text
    assert not re.search(r"['\"](/|~)", text), "absolute path"


def test_an_ablation_is_short() -> None:
    lines = (FOLDER / "quickstart.jsonnet").read_text(encoding="utf-8").splitlines()
    assert len(lines) < 40


WRONG = {
    "[{ name: 'a', model: {} }, { name: 'a', model: {} }], [1]": "two variants have one name",
    "[{ name: 'a b', model: {} }], [1]": "names of variants",
    "[{ name: 'a', model: {} }], []": "say which seeds",
    "[], [1]": "say what to compare",
}


@pytest.mark.parametrize("arguments", WRONG)
def test_the_library_says_what_is_wrong(arguments: str) -> None:
    snippet = (
        f"local experiment = import '{FOLDER}/lib/experiment.libsonnet'; "
        f"experiment.ablation({{}}, {arguments}, {{}})"
    )
    with pytest.raises(RuntimeError, match=WRONG[arguments]):
        rjsonnet.evaluate_snippet("wrong", snippet)


def test_a_variant_may_bring_its_own_trainer() -> None:
    snippet = (
        f"local experiment = import '{FOLDER}/lib/experiment.libsonnet'; "
        "experiment.ablation({}, [{name: 'a', model: {}}, {name: 'b', model: {}, "
        "trainer: {epochs: 9}}], [1, 2], {epochs: 1})"
    )
    config = json.loads(rjsonnet.evaluate_snippet("own", snippet))["steps"]
    assert config["train_a_seed2"]["trainer"] == {"epochs": 1}
    assert config["train_b_seed1"]["trainer"] == {"epochs": 9}
    assert config["compare"]["baseline"] == "a"
    assert list(config["compare"]["variants"]) == ["a", "b"]
