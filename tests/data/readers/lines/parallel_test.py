from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.parallel import ParallelReader


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seq.in").write_text("to ulm\n\nhi\n")
    (tmp_path / "seq.out").write_text("O B-city\r\n\nO")
    (tmp_path / "label").write_text("travel#ask\n\ngreet\n")
    return tmp_path


def test_lines_go_together(folder: Path) -> None:
    notes = Notes()
    ulm = Sentence(("to", "ulm"), (Entity("city", 1, 2),), tags={"intent": ("travel#ask",) * 2})
    assert list(ParallelReader().read(folder, notes)) == [
        ulm,
        Sentence(("hi",), tags={"intent": ("greet",)}),
    ]
    assert notes.counts == {"sentence without words left out": 1}
    assert notes.facts == {"scheme of entities": "iob2"}
    for options in ({"sentence_label": None}, {"label_file": None}):
        (folder / "label").unlink(missing_ok=True)
        plain = list(ParallelReader(**options).read(folder))  # type: ignore[arg-type]
        assert plain == [Sentence(ulm.words, ulm.entities), Sentence(("hi",))]


@pytest.mark.parametrize("name", ["seq.in", "seq.out", "label"])
def test_errors_name_the_file_that_is_wrong(name: str, folder: Path) -> None:
    path, content = folder / name, (folder / name).read_bytes()
    damages = {
        "line 1: byte 0xff": b"\xff" + content,
        "line 1: holds a zero byte": b"\0" + content,
        "the gzip data are damaged": gzip.compress(content)[:-9],
    }
    for message, damaged in damages.items():
        path.write_bytes(damaged)
        with pytest.raises(DataError, match=f"/{name}.*{message}"):
            list(ParallelReader().read(folder))
    path.unlink()
    with pytest.raises(DataError, match=f"/{name}: does not exist"):
        ParallelReader().read(folder)
    path.mkdir()
    with pytest.raises(DataError, match=f"/{name}: is a folder, but a file is needed"):
        ParallelReader().read(folder)


def test_numbers_of_lines_and_words_agree(folder: Path) -> None:
    (folder / "seq.out").write_text("O B-city\n\nO O\n")
    with pytest.raises(DataError, match=r"seq\.out, line 3: 2 tags for the 1 words in seq\.in"):
        list(ParallelReader().read(folder))
    (folder / "seq.out").write_text("O B-city\n")
    with pytest.raises(DataError, match=r"seq\.out, line 2: has ended .* but seq\.in goes on"):
        list(ParallelReader().read(folder))


def test_places_that_are_no_folder(folder: Path) -> None:
    with pytest.raises(DataError, match=r"is a file, but a folder is needed, with seq\.in"):
        ParallelReader().read(folder / "seq.in")
    with pytest.raises(DataError, match="does not exist"):
        ParallelReader().read(folder / "train")


@pytest.mark.parametrize(
    "options", [{"words_file": ""}, {"tags_file": "a/b"}, {"label_file": ".."}]
)
def test_names_of_files(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="is not the name of a file in the folder"):
        ParallelReader(**options)
