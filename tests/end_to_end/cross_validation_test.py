"""What the library of experiments writes for folds and for figures of papers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import rjsonnet


def evaluated(repository: Path, expression: str) -> Any:
    snippet = (
        f"local experiment = import '{repository}/configs/lib/experiment.libsonnet';\n"
        f"local sampling = import '{repository}/configs/lib/sampling.libsonnet';\n"
        "local arms = [{ name: name, train_on(fold):: function(seed) { name: name, seed: seed, "
        "corpus: { type: 'ref', ref: fold } } } for name in ['a', 'b']];\n"
        f"local folds = sampling.fold_names(3, prefix='fold_');\n{expression}"
    )
    return json.loads(rjsonnet.evaluate_snippet("snippet", snippet))


def test_every_arm_is_trained_on_every_fold_and_pooled_once_a_seed(repository: Path) -> None:
    chosen = evaluated(repository, "experiment.cross_validated(arms, folds, [1, 7])")
    trained = chosen["train_b_fold_2_seed7"]
    assert trained == {"name": "b", "seed": 7, "corpus": {"type": "ref", "ref": "fold_2"}}
    assert chosen["predict_b_fold_2_seed7"]["corpus"]["ref"] == "fold_2"
    pooled = {name: step for name, step in chosen.items() if "pool" in step.get("type", "")}
    assert sorted(pooled) == [f"evaluate_{arm}_seed{seed}" for arm in "ab" for seed in (1, 7)]
    step = pooled["evaluate_a_seed7"]
    names = [f"evaluate_a_fold_{fold}_seed7" for fold in range(3)]
    assert [item["ref"] for item in step["scores"]] == names
    assert {*names} < {*chosen}
    assert [item["ref"] for item in step["corpora"]] == ["fold_0", "fold_1", "fold_2"]
    assert len(chosen) == 3 * 2 * 2 * 3 + len(pooled)


def test_folds_have_the_names_that_they_are_called_by(repository: Path) -> None:
    found = evaluated(
        repository, "{ names: folds, steps: sampling.folds('convert', 3, prefix='fold_') }"
    )
    assert found["names"] == sorted(found["steps"])
    assert [found["steps"][name]["fold"] for name in found["names"]] == [0, 1, 2]


def test_figures_of_what_is_compared(repository: Path) -> None:
    compared = "experiment.compared(arms, [1]) + experiment.published('x', { b: 5, c: 6 }%s)"
    assert evaluated(repository, compared % "")["published"] == {
        "source": "x",
        "figures": {"b": 5},
        "measure": "micro F1",
    }
    found = evaluated(repository, compared % ", 'macro F1'")
    assert found["published"]["measure"] == "macro F1" and {*found["variants"]} == {"a", "b"}
    other = "experiment.compared(arms, [1]) + experiment.published('x', { c: 6 })"
    assert evaluated(repository, other)["published"] is None
