from __future__ import annotations

import logging
from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data import convert
from tango_ie.data.annotations import Entity
from tango_ie.data.readers import ColumnReader

READER = ColumnReader(["word", "entities"], scheme="iob2")


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    """Two splits, one with an orphan."""
    contents = {"train": "Ada B-PER\n\nB I-LOC\n", "dev": "Bob B-PER\n"}
    for name, content in contents.items():
        (tmp_path / f"{name}.txt").write_text(content, encoding="utf-8")
    return {name: str(tmp_path / f"{name}.txt") for name in contents}


def test_files_become_a_corpus(files: dict[str, str], caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        corpus = convert(READER, files, names={"PER": "person"})
    assert [sentence.entities for sentence in corpus["train"]] == [
        (Entity("PER", 0, 1),),
        (Entity("LOC", 0, 1),),
    ]
    assert corpus.schema.natural_name("PER") == "person"
    assert corpus.origin == {"reader": "ColumnReader", "files": files}
    kind = "entities: I without B (iob2)"
    assert corpus.statistics["train"]["notes"][kind]["count"] == 1
    assert corpus.statistics["dev"]["notes"] == {}
    place = f"{files['train']}, line 3: I-LOC after the sentence's edge"
    assert caplog.messages == [f"train: {kind}: once {place}"]


def test_the_same_content_elsewhere_is_the_same_corpus(
    files: dict[str, str], tmp_path: Path
) -> None:
    moved = tmp_path / "moved.txt"
    moved.write_bytes(Path(files["dev"]).read_bytes())
    here, there = (convert(READER, {"dev": path}) for path in (files["dev"], moved))
    assert here.fingerprint == there.fingerprint


def test_strict_refuses_repairs(files: dict[str, str]) -> None:
    with pytest.raises(DataError, match=r"train\.txt, line 3: .*I without B"):
        convert(READER, files, strict=True)


def test_all_files_are_looked_for_before_any_is_read(files: dict[str, str]) -> None:
    Path(files["train"]).write_text("malformed\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"dev\.tx: does not exist; did you mean dev\.txt"):
        convert(READER, files | {"dev": files["dev"][:-1]})


def test_an_empty_file_is_named(files: dict[str, str]) -> None:
    Path(files["dev"]).write_text("\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"dev\.txt: holds no sentence"):
        convert(READER, files)


def test_no_split_is_an_error() -> None:
    with pytest.raises(ConfigurationError, match="splits: name at least one split"):
        convert(READER, {})


def test_a_name_for_an_unknown_label_is_shown(
    files: dict[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        convert(READER, {"dev": files["dev"]}, names={"PERS": "person"})
    message = "there is a name for 'PERS', which is no label of the corpus; did you mean 'PER'?"
    assert caplog.messages == [message]
    with pytest.raises(ConfigurationError, match="names: there is a name for 'PERS'"):
        convert(READER, {"dev": files["dev"]}, names={"PERS": "person"}, strict=True)
