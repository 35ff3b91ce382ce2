from __future__ import annotations

import pickle
from pathlib import Path

import datasets
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data import split as split_module
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.building import TableBuilder
from tango_ie.data.split import Split
from tests.data.generated import sentences

GOLD = [Sentence((*"word" * (n % 3), str(n)), (Entity("X", 0, 1),)) for n in range(2500)]


def build(gold: list[Sentence]) -> Split:
    return Split("train", TableBuilder("train").build(gold))


@pytest.fixture(scope="module")
def split() -> Split:
    return build(GOLD)


@pytest.fixture(scope="module")
def saved(split: Split, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("saved") / "train"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(split_module, "_BATCH_BYTES", 20_000)
        split.save(folder, "fingerprint")
    return folder


def test_is_a_sequence(split: Split) -> None:
    assert len(split) == len(GOLD)
    assert list(split) == split.sentences() == GOLD
    assert [split[place] for place in (0, 999, 1000, 2499, -1, -2500)] == [
        GOLD[place] for place in (0, 999, 1000, 2499, -1, -2500)
    ]
    assert split[np.int64(3)] == GOLD[3]
    assert GOLD[7] in split
    for place in (2500, -2501):
        with pytest.raises(IndexError):
            split[place]


@given(cut=st.slices(len(GOLD)))
def test_slices_like_a_list(split: Split, cut: slice) -> None:
    assert split[cut] == GOLD[cut]


def test_number_of_words(split: Split) -> None:
    assert split.num_words.tolist() == [len(sentence) for sentence in GOLD]
    with pytest.raises(ValueError, match="read-only"):
        split.num_words[0] = 1


def test_saved_and_opened(saved: Path, split: Split) -> None:
    opened = Split.open("train", saved)
    assert opened.sentences() == GOLD
    assert len(opened._batches) > 2
    assert opened.num_words.tolist() == split.num_words.tolist()
    assert opened[1234] == GOLD[1234]


def test_opening_copies_nothing(saved: Path) -> None:
    import pyarrow as pa

    before = pa.total_allocated_bytes()
    opened = Split.open("train", saved)
    assert len(opened) == len(GOLD)
    assert opened.num_words.sum() == sum(map(len, GOLD))
    assert pa.total_allocated_bytes() - before < 10_000


def test_datasets_reads_what_is_saved(saved: Path, split: Split) -> None:
    loaded = datasets.load_from_disk(str(saved))
    for rows in (loaded, Split.open("train", saved).dataset, split.dataset):
        assert len(rows) == len(GOLD)
        assert rows[7]["words"] == list(GOLD[7].words)
        assert rows[7]["entities"] == [{"label": "X", "start": 0, "end": 1, "subtype": None}]
        assert rows.features["words"] == datasets.List(datasets.Value("string"))


def test_travels_between_processes_by_place(saved: Path, split: Split) -> None:
    opened = Split.open("train", saved)
    assert len(pickle.dumps(opened)) < 500
    assert pickle.loads(pickle.dumps(opened)).sentences() == GOLD
    assert pickle.loads(pickle.dumps(split)).sentences() == GOLD


@settings(max_examples=30)
@given(gold=st.lists(sentences(), min_size=1, max_size=5))
def test_saving_loses_nothing(
    gold: list[Sentence], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any") / "train"
    build(gold).save(folder, "fingerprint")
    assert Split.open("train", folder).sentences() == gold


def test_damaged_files_are_errors(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no Arrow files"):
        Split.open("train", tmp_path)
    (tmp_path / "data.arrow").write_bytes((next(saved.glob("*.arrow"))).read_bytes()[:5000])
    with pytest.raises(DataError, match="is damaged"):
        Split.open("train", tmp_path)
