"""The steps that make corpora from corpora: each runs from its config and keeps what it made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tango.step_graph import StepGraph

import steps  # noqa: F401 (registers the steps under test)
import tests.steps.given_steps  # noqa: F401 (registers the step of the source corpus)
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data import Corpus
from tests.data.sampling.small_corpora import corpus_of

SOURCE = {"type": "ref", "ref": "source"}
TRAIN = [*(f"p{i}/PER" for i in range(10)), *(f"o{i}/ORG in l{i}/LOC" for i in range(10))]
STEPS: dict[str, tuple[dict[str, Any], dict[str, int]]] = {
    "sample_k_shot": ({"k": 2}, {"train": 4, "test": 2}),
    "sample_fraction": ({"share": 0.3}, {"train": 6, "test": 2}),
    "make_fold": ({"fold": 1, "folds": 2}, {"train": 10, "dev": 2, "test": 10}),
    "hold_out": ({}, {"train": 18, "dev": 2, "test": 2}),
    "downsample_types": ({"mentions": {"PER": 3}}, {"train": 3, "test": 2}),
    "map_labels": ({"entities": {"PER": "person", "LOC": None}}, {"train": 20, "test": 2}),
    "remove_overlaps": ({"strict": True}, {"train": 20, "test": 2}),
    "remove_leakage": ({"occurring_in": ["test"]}, {"train": 19, "test": 2}),
    "select_splits": ({"splits": {"all": ["train", "test"], "dev": "test"}}, {"all": 22, "dev": 2}),
    "merge_corpora": (
        {
            "corpora": {"a": SOURCE, "b": SOURCE},
            "splits": {"train": [["a", "train"], ["b", "test"]]},
        },
        {"train": 22},
    ),
}


@pytest.fixture
def source(tmp_path: Path) -> str:
    corpus_of(train=TRAIN, test=["p1/PER", "new"]).save(tmp_path / "source")
    return str(tmp_path / "source")


def graph_of(source: str, name: str, arguments: dict[str, Any]) -> StepGraph:
    corpus = {} if name == "merge_corpora" else {"corpus": SOURCE}
    config = {
        "source": {"type": "tests::given_corpus", "folder": source},
        "made": {"type": f"tango_ie::{name}", **corpus, **arguments},
    }
    return StepGraph.from_params(config)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_makes_a_corpus_that_is_kept(name: str, source: str, tmp_path: Path) -> None:
    workspace = TangoIEWorkspace(str(tmp_path / "workspace"))
    arguments, sizes = STEPS[name]
    corpus = graph_of(source, name, arguments)["made"].result(workspace)
    assert isinstance(corpus, Corpus)
    assert {split: len(corpus[split]) for split in corpus} == sizes
    again = graph_of(source, name, arguments)["made"]
    assert again in workspace.step_cache
    kept = again.result(workspace)
    assert kept.fingerprint == corpus.fingerprint
    assert kept.origin["operations"] == corpus.origin["operations"]


def test_every_seed_is_a_result_of_its_own(source: str) -> None:
    graphs = [graph_of(source, "sample_k_shot", {"k": 2, "seed": seed}) for seed in (0, 0, 1)]
    first, same, other = (graph["made"].unique_id for graph in graphs)
    assert first == same != other


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("sample_k_shot", {"k": 2, "sed": 1}, r"steps\.made.*sed.*did you mean 'seed'"),
        ("sample_k_shot", {"k": "two"}, r"steps\.made\.k"),
        ("merge_corpora", {"corpora": {}, "splits": {"train": ["a"]}}, r"steps\.made\.splits"),
        ("map_labels", {"others": "throw"}, r"steps\.made\.others"),
    ],
)
def test_arguments_are_checked_before_anything_runs(
    name: str, arguments: dict[str, Any], message: str, source: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        graph_of(source, name, arguments)
