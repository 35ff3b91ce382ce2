from __future__ import annotations

from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics import Scores
from tango_ie.reporting.grouping import config_fields, group_by_config, matches

from .conftest import make_scores


def made(seed: int = 1, **model: Any) -> Scores:
    trainer = {"optimizer": {"rate": 0.1, "groups": [{"rate": 0.2}]}, "epochs": 3}
    made_from = {"model": {"head": "softmax", **model}, "trainer": trainer, "seed": seed}
    return make_scores(0.8, seed, archive={"made_from": made_from})


def test_fields_are_paths_without_the_seed() -> None:
    assert config_fields(made()) == {
        "model.head": "softmax",
        "trainer.optimizer.rate": 0.1,
        "trainer.optimizer.groups.0.rate": 0.2,
        "trainer.epochs": 3,
    }


def test_seeds_are_gathered_and_variants_named_by_what_differs() -> None:
    runs = [made(1), made(1, head="crf"), made(2), made(2, head="crf", dropout=0.5)]
    groups = group_by_config(runs)
    assert {name: [runs.index(item) for item in group] for name, group in groups.items()} == {
        "dropout=null, head=softmax": [0, 2],
        "dropout=null, head=crf": [1],
        "dropout=0.5, head=crf": [3],
    }
    assert list(group_by_config([made(1), made(2)])) == ["all runs"]


def test_names_are_as_long_as_they_must_be() -> None:
    one = made(encoder={"size": 1}, decoder={"size": 2})
    other = made(encoder={"size": 3}, decoder={"size": 4})
    assert list(group_by_config([one, other])) == [
        "decoder.size=2, encoder.size=1",
        "decoder.size=4, encoder.size=3",
    ]


def test_conditions() -> None:
    crf = made(head="crf")
    assert matches(crf, [])
    assert matches(crf, ["head=crf", "trainer.epochs=3"])
    assert not matches(crf, ["model.head=softmax"])
    with pytest.raises(ConfigurationError, match="write FIELD=VALUE"):
        matches(crf, ["head"])
    with pytest.raises(ConfigurationError, match="no run has a field 'had'; they have"):
        matches(crf, ["had=crf"])
    with pytest.raises(DataError, match="do not say what their model was made from"):
        config_fields(make_scores())
