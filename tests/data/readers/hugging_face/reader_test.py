from __future__ import annotations

import gzip
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import datasets
import pytest

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.conversion import convert
from tango_ie.data.notes import Notes
from tango_ie.data.readers import Reader

NAMES = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
ROWS = {
    "id": ["0", "1"],
    "tokens": [["Ada", "Lovelace", "wrote"], ["in", "London"]],
    "ner_tags": [[1, 2, 0], [0, 3]],
    "pos_tags": [["NNP", "NNP", "VBD"], ["IN", "NNP"]],
    "chunk_tags": [[1, 2, 0], [0, 1]],
}
GOLD = [
    Sentence(
        ("Ada", "Lovelace", "wrote"),
        (Entity("PER", 0, 2),),
        tags={"pos": ("NNP", "NNP", "VBD"), "chunk": ("B-NP", "I-NP", "O")},
    ),
    Sentence(
        ("in", "London"),
        (Entity("LOC", 1, 2),),
        tags={"pos": ("IN", "NNP"), "chunk": ("O", "B-NP")},
    ),
]


@pytest.fixture(autouse=True)
def _without_progress_bars() -> Iterator[None]:
    datasets.disable_progress_bars()
    yield
    datasets.enable_progress_bars()


@pytest.fixture(scope="module")
def rows() -> datasets.Dataset:
    names = datasets.ClassLabel(names=NAMES)
    chunks = datasets.ClassLabel(names=["O", "B-NP", "I-NP"])
    features = {
        "id": datasets.Value("string"),
        "tokens": datasets.Sequence(datasets.Value("string")),
        "ner_tags": datasets.Sequence(names),
        "pos_tags": datasets.Sequence(datasets.Value("string")),
        "chunk_tags": datasets.Sequence(chunks),
    }
    return datasets.Dataset.from_dict(ROWS, features=datasets.Features(features))


def reader(**options: Any) -> Reader:
    return build(Reader, {"type": "tango_ie::hugging_face", **options})


def test_a_saved_folder(rows: datasets.Dataset, tmp_path: Path) -> None:
    rows.save_to_disk(str(tmp_path / "data"))
    notes = Notes()
    assert list(reader().read(tmp_path / "data", notes)) == GOLD
    assert notes.facts == {
        "features read": "tokens, ner_tags, pos_tags, chunk_tags",
        "features not read": "id",
        "scheme of entities": "iob2",
    }
    assert not notes.counts


def test_a_split_of_several(rows: datasets.Dataset, tmp_path: Path) -> None:
    both = datasets.DatasetDict(train=rows, test=rows.select([1]))
    both.save_to_disk(str(tmp_path / "data"))
    assert list(reader().read(tmp_path / "data" / "test")) == GOLD[1:]
    with pytest.raises(DataError, match=r"several splits; name the folder of one: test, train"):
        reader().read(tmp_path / "data")


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("kind", ["parquet", "arrow"])
def test_table_files(rows: datasets.Dataset, kind: str, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / f"rows.{kind}"
    if kind == "parquet":
        rows.to_parquet(str(path))
    else:
        rows.save_to_disk(str(tmp_path / "data"))
        (tmp_path / "data" / "data-00000-of-00001.arrow").rename(path)
    if packed:
        content = path.read_bytes()
        path = tmp_path / f"rows.{kind}.gz"
        path.write_bytes(gzip.compress(content))
    assert list(reader().read(path)) == GOLD


def test_numbers_without_names(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    datasets.Dataset.from_dict(ROWS).to_parquet(str(path))
    found = list(reader(tag_names=NAMES).read(path))
    assert [sentence.entities for sentence in found] == [sentence.entities for sentence in GOLD]
    # Numbers that nothing names are no layer, unless one is asked for.
    assert [list(sentence.tags) for sentence in found] == [["pos"], ["pos"]]
    with pytest.raises(DataError, match="line 1: chunk_tags holds numbers without names"):
        list(reader(tag_names=NAMES, layers={"chunk": "chunk_tags"}).read(path))
    with pytest.raises(DataError, match=r"ner_tags holds numbers without names.*`tag_names`"):
        list(reader().read(path))


def test_features_are_chosen(rows: datasets.Dataset, tmp_path: Path) -> None:
    rows.save_to_disk(str(tmp_path / "data"))
    [first, _] = reader(tags=None, layers={}, doc_id="id").read(tmp_path / "data")
    assert first == Sentence(GOLD[0].words, doc_id="0")
    [first, _] = reader(tags="chunk_tags", layers={"p": "pos_tags"}).read(tmp_path / "data")
    assert first.entities == (Entity("NP", 0, 2),) and list(first.tags) == ["p"]
    with pytest.raises(DataError, match=r"no feature 'words', it has id, tokens, ner_tags"):
        list(reader(words="words").read(tmp_path / "data"))
    with pytest.raises(ConfigurationError, match="cannot hold words and tags"):
        reader(words="a", tags="a")


def test_several_batches_and_damaged_rows(tmp_path: Path) -> None:
    tags = [["B-X"], ["I-X"], [None]] * 1000
    words = [["a"]] * 3000
    features = dict.fromkeys(("tokens", "ner_tags"), datasets.Sequence(datasets.Value("string")))
    data = datasets.Dataset.from_dict(
        {"tokens": words, "ner_tags": tags}, features=datasets.Features(features)
    )
    data.save_to_disk(str(tmp_path / "data"))
    with pytest.raises(DataError, match="line 3: each of ner_tags must be a string, found None"):
        list(reader().read(tmp_path / "data"))
    good = data.filter(lambda row: row["ner_tags"] != [None])
    good.save_to_disk(str(tmp_path / "good"))
    notes = Notes()
    assert len(list(reader(scheme="iob2").read(tmp_path / "good", notes))) == 2000
    assert notes.counts == {"entities: I without B (iob2)": 1000}


def test_a_damaged_folder_is_an_error_of_the_data(rows: datasets.Dataset, tmp_path: Path) -> None:
    rows.save_to_disk(str(tmp_path / "data"))
    table = tmp_path / "data" / "data-00000-of-00001.arrow"
    content = table.read_bytes()
    table.write_bytes(content[: len(content) // 2])
    with pytest.raises(DataError, match="`datasets` cannot read it"):
        list(reader().read(tmp_path / "data"))
    (tmp_path / "data" / "state.json").write_text("{")
    with pytest.raises(DataError, match="`datasets` cannot read it"):
        list(reader().read(tmp_path / "data"))


def test_a_name_on_the_hub(rows: datasets.Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def load_dataset(*arguments: object, **options: object) -> datasets.Dataset:
        asked.append((arguments, options))
        return rows

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    location = "hf://ada/notes?config=en&split=train&revision=refs/pr/1"
    corpus = convert(reader(), {"train": location})
    assert list(corpus["train"]) == GOLD
    assert corpus.origin["files"] == {"train": location}
    assert asked == [(("ada/notes", "en"), {"split": "train", "revision": "refs/pr/1"})]


def test_the_hub_without_network_tells_the_way_out() -> None:
    with pytest.raises(DataError) as caught:
        list(reader().read("hf://nobody-here/no-such-data?split=train"))
    message = str(caught.value)
    assert message.startswith("hf://nobody-here/no-such-data?split=train: cannot be loaded")
    assert "save_to_disk" in message


def test_a_location_without_a_split() -> None:
    with pytest.raises(DataError, match="say which split is wanted: hf://OWNER/NAME"):
        reader().read("hf://ada/notes?config=en")


def test_the_library_is_imported_only_when_it_is_needed() -> None:
    code = (
        "import sys; from tango_ie.data.readers import HuggingFaceReader; HuggingFaceReader(); "
        "sys.exit('datasets' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
