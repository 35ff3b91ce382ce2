from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError, WorkspaceError
from tango_ie.data import building
from tango_ie.data.annotations import Sentence
from tango_ie.data.building import TableBuilder
from tango_ie.data.split import Split
from tests.data.generated import sentences


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of two sentences, each batch a part on disk."""
    monkeypatch.setattr(building, "_BATCH_SENTENCES", 2)
    monkeypatch.setattr(building, "_MEMORY_BYTES", 1)


@given(gold=st.lists(sentences(), min_size=1, max_size=7), batch=st.integers(1, 3))
def test_any_division_gives_the_same_table_and_digest(gold: list[Sentence], batch: int) -> None:
    whole = TableBuilder("train")
    table = whole.build(gold)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "_BATCH_SENTENCES", batch)
        patch.setattr(building, "_MEMORY_BYTES", 1)
        divided = TableBuilder("train")
        parts = divided.build(iter(gold))
    assert parts.schema == table.schema
    assert list(Split("train", parts)) == list(Split("train", table)) == gold
    assert divided.digest == whole.digest
    assert divided.statistics.to_json() == whole.statistics.to_json()


@pytest.mark.usefixtures("small_parts")
def test_a_layer_may_begin_in_any_part() -> None:
    gold = [Sentence((str(n),), tags={"pos": ("X",)} if n == 5 else {}) for n in range(7)]
    assert list(Split("train", TableBuilder("train").build(gold))) == gold


@pytest.mark.usefixtures("small_parts")
def test_parts_on_disk_are_unlinked_and_stay_readable(tmp_path: Path) -> None:
    gold = [Sentence((str(n),)) for n in range(9)]
    seen = []

    def stream() -> Iterator[Sentence]:
        for sentence in gold:
            seen.append(list(tmp_path.iterdir()))
            yield sentence

    table = TableBuilder("train", tmp_path).build(stream())
    assert seen == [[]] * len(gold)
    assert list(Split("train", table)) == gold


def test_memory_does_not_grow_with_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_MEMORY_BYTES", 1 << 18)
    words = tuple("word" for _ in range(50))
    sizes = []

    def stream(count: int) -> Iterator[Sentence]:
        for _ in range(count):
            yield Sentence(words)
        sizes.append(pa.total_allocated_bytes() - before)

    for count in (5_000, 40_000):
        before = pa.total_allocated_bytes()
        table = TableBuilder("train").build(stream(count))
        assert table.num_rows == count
        del table
    assert sizes[1] < sizes[0] + (1 << 20)


@pytest.mark.usefixtures("small_parts")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    with pytest.raises(WorkspaceError, match=f"cannot be written to {gone}.*TMPDIR"):
        TableBuilder("train", gone).build([Sentence(("a",)), Sentence(("b",))])


@pytest.mark.parametrize(
    ("gold", "message"),
    [
        ([], "split 'train' holds no sentence"),
        ([Sentence(("a",)), Sentence(())], "sentence 2 of split 'train' has no words"),
    ],
)
def test_nothing_is_an_error(gold: list[Sentence], message: str) -> None:
    with pytest.raises(DataError, match=message):
        TableBuilder("train").build(gold)
