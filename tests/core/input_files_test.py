"""Files by content: where they lie, and what is said when they do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import InputFile, content_digest, hub_name, resolve_location


def test_a_missing_input_file_names_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "train.txt").write_text("x")
    with pytest.raises(ConfigurationError, match=r"there is train\.txt"):
        InputFile(tmp_path / "trian.txt").resolve()
    with pytest.raises(ConfigurationError, match="does not exist"):
        InputFile(tmp_path / "no" / "train.txt").resolve()


def test_packages_are_locations() -> None:
    assert resolve_location("bert-base-cased") == "bert-base-cased"
    assert Path(resolve_location("pkg://tango_ie/core")).is_dir()
    with pytest.raises(ConfigurationError, match="not installed"):
        resolve_location("pkg://no_such_package/model")


def test_digest_is_of_content_and_relative_names(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text("same")
    assert content_digest(tmp_path / "a") == content_digest(tmp_path / "b")
    (tmp_path / "b" / "x.txt").write_text("other")
    assert content_digest(tmp_path / "a") != content_digest(tmp_path / "b")


def test_names_on_the_hub_enter_the_key_by_themselves(tmp_path: Path) -> None:
    location = "hf://ada/notes?config=en&split=train&revision=refs/pr/1"
    path = InputFile(location).resolve()
    assert hub_name(path) == hub_name(location) == location
    assert content_digest(path) == content_digest(InputFile(location).resolve())
    assert content_digest(path) != content_digest(InputFile(f"{location}2").resolve())
    for other in ("hf:", "hf:x", "hff://a", "a/hf://b", "bert-base-cased", tmp_path):
        assert hub_name(other) is None
