"""Paths of what a model was made from."""

from __future__ import annotations

from tango_ie.reporting.config_paths import config_paths, short_names


def test_seeds_and_measures_are_no_config() -> None:
    source = {"seed": 1, "train_seconds": 3.5, "made_from": {"model": {"head": "crf"}, "seed": 1}}
    assert config_paths({"archive": source, "reset_head": True, "seed": 4}) == {
        "archive.model.head": "crf",
        "reset_head": True,
    }


def test_a_chain_of_transfers_is_followed() -> None:
    first = {"made_from": {"model": "a", "seed": 1}, "num_parameters": 3}
    second = {"made_from": {"archive": first, "seed": 2}, "num_parameters": 4}
    assert config_paths({"archive": second}) == {"archive.archive.model": "a"}


def test_empty_objects_and_lists_are_values() -> None:
    assert config_paths({"a": {}, "b": [], "c": [{"d": None}, 1]}) == {
        "a": {},
        "b": [],
        "c.0.d": None,
        "c.1": 1,
    }


def test_names_are_as_short_as_is_clear() -> None:
    paths = ["a.groups.0", "b.groups.0", "rate", "x.rate", "y.size"]
    assert short_names(paths) == {
        "a.groups.0": "a.groups.0",
        "b.groups.0": "b.groups.0",
        "rate": "rate",
        "x.rate": "x.rate",
        "y.size": "size",
    }
