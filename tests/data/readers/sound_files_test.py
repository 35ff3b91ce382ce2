"""Small whole files of every format: what they hold, and that compression changes nothing."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from tango_ie.data.notes import Notes
from tests.data.readers.cases import Case, cases

every_case = pytest.mark.parametrize("case", cases("sound"), ids=lambda case: case.name)


@every_case
def test_counts(case: Case) -> None:
    sentences = list(case.reader().read(case.path, Notes()))
    found = {
        "sentences": len(sentences),
        "entities": sum(len(sentence.entities) for sentence in sentences),
        "relations": sum(len(sentence.relations) for sentence in sentences),
    }
    assert found == {key: case.values[key] for key in found}


@every_case
def test_a_compressed_file_reads_alike(case: Case, tmp_path: Path) -> None:
    plain = list(case.reader().read(case.path))
    if case.path.is_dir():
        copy = tmp_path / case.path.name
        for file in (file for file in case.path.rglob("*") if file.is_file()):
            target = copy / file.relative_to(case.path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(compressed(file))
    else:
        copy = tmp_path / case.path.name
        shutil.copytree(case.path.parent, tmp_path, dirs_exist_ok=True)  # some have companions
        copy.write_bytes(compressed(case.path))
    assert list(case.reader().read(copy)) == plain


def compressed(file: Path) -> bytes:
    content = file.read_bytes()
    return content if content.startswith(b"\x1f\x8b") else gzip.compress(content)


@every_case
def test_reading_twice_gives_the_same(case: Case) -> None:
    reader = case.reader()
    first, second = Notes(), Notes()
    assert list(reader.read(case.path, first)) == list(reader.read(case.path, second))
    assert first.to_json() == second.to_json()
    assert first.facts == second.facts
