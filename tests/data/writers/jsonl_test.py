from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Sentence
from tango_ie.data.readers import JsonLinesReader
from tango_ie.data.writers import write_jsonl
from tests.data.generated import sentences


@given(gold=st.lists(sentences(), min_size=1, max_size=4), name=st.sampled_from(["a", "a.gz"]))
def test_what_is_written_is_read_back(
    gold: list[Sentence], name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("written") / name
    assert write_jsonl(iter(gold), path) == len(gold)
    assert list(JsonLinesReader().read(path)) == gold


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz"])
def test_equal_sentences_give_equal_files(name: str, tmp_path: Path) -> None:
    gold = [Sentence(("a", "b")), Sentence(("c",))]
    contents = []
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_jsonl(gold, tmp_path / folder / name)
        contents.append((tmp_path / folder / name).read_bytes())
    assert contents[0] == contents[1]


def test_a_file_is_whole_or_absent(tmp_path: Path) -> None:
    def broken() -> Iterator[Sentence]:
        yield Sentence(("a",))
        raise RuntimeError("the source ended early")

    path = tmp_path / "a.jsonl"
    with pytest.raises(RuntimeError, match="ended early"):
        write_jsonl(broken(), path)
    assert list(tmp_path.iterdir()) == []
    write_jsonl([Sentence(("a",))], path)
    with pytest.raises(RuntimeError, match="ended early"):
        write_jsonl(broken(), path)
    assert [sentence.words for sentence in JsonLinesReader().read(path)] == [("a",)]
