from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus, CorpusFormat
from tango_ie.data.notes import Notes
from tango_ie.data.schema import Schema
from tests.data.generated import sentences

TRAIN = [
    Sentence(
        ("Ada", "met", "Bob"), (Entity("PER", 0, 1), Entity("PER", 2, 3)), (Relation("met", 0, 1),)
    ),
    Sentence(("It", "rains"), tags={"pos": ("PRON", "VERB")}, doc_id="1", position=0),
]
DEV = [Sentence(("Paris",), (Entity("LOC", 0, 1),), text="Paris", offsets=((0, 5),))]
SPLITS = {"train": TRAIN, "dev": DEV}


def test_splits_schema_and_statistics() -> None:
    notes = Notes()
    notes.add("dropped", "a pair")
    corpus = Corpus.from_sentences(
        {name: iter(gold) for name, gold in SPLITS.items()},
        names={"PER": "person"},
        notes={"train": notes},
    )
    assert list(corpus) == list(corpus.splits) == ["train", "dev"]
    assert corpus["train"].sentences() == TRAIN
    assert corpus["dev"].sentences() == DEV
    assert "dev" in corpus and "test" not in corpus
    assert corpus.schema == Schema.from_sentences([*TRAIN, *DEV], {"PER": "person"})
    assert corpus.statistics["train"]["entities"] == {"PER": 2}
    assert corpus.statistics["train"]["relations"] == {"met": 1}
    assert corpus.statistics["train"]["notes"]["dropped"]["count"] == 1
    assert corpus.statistics["dev"]["notes"] == {}
    assert repr(corpus) == "Corpus(train: 2, dev: 1)"


@settings(max_examples=30)
@given(
    train=st.lists(sentences(), min_size=1, max_size=4),
    dev=st.lists(sentences(), min_size=1, max_size=4),
)
def test_saving_loses_nothing(
    train: list[Sentence], dev: list[Sentence], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("corpus")
    corpus = Corpus.from_sentences({"train": train, "dev": dev}, origin={"files": {"train": "a"}})
    corpus.save(folder)
    loaded = Corpus.load(folder)
    assert {name: split.sentences() for name, split in loaded.splits.items()} == {
        "train": train,
        "dev": dev,
    }
    assert list(loaded.splits) == ["train", "dev"]
    assert loaded.schema == corpus.schema
    assert loaded.statistics == corpus.statistics
    assert loaded.comparison == corpus.comparison
    assert (corpus.folder, loaded.folder) == (None, folder)
    assert loaded.origin == corpus.origin
    assert loaded.fingerprint == corpus.fingerprint


def test_fingerprint_is_of_the_content_alone(tmp_path: Path) -> None:
    corpus = Corpus.from_sentences(SPLITS)
    reordered = Corpus.from_sentences({"dev": DEV, "train": TRAIN}, origin={"files": {}})
    assert reordered.fingerprint == corpus.fingerprint
    # Known by heart: a change would make every result that names a corpus a stranger to it.
    assert corpus.fingerprint == "255128a4f8dd6010a076725903df95ce6abbeff9"
    others = [
        Corpus.from_sentences({"train": TRAIN}),
        Corpus.from_sentences({"train": TRAIN, "test": DEV}),
        Corpus.from_sentences({"train": DEV, "dev": TRAIN}),
        Corpus.from_sentences({"train": TRAIN[::-1], "dev": DEV}),
        Corpus.from_sentences(SPLITS, names={"PER": "person"}),
    ]
    assert len({other.fingerprint for other in [corpus, *others]}) == len(others) + 1
    corpus.save(tmp_path)
    copied = Corpus.from_sentences(Corpus.load(tmp_path).splits)
    assert copied.fingerprint == corpus.fingerprint


def test_users_cannot_change_a_corpus() -> None:
    corpus = Corpus.from_sentences(SPLITS)
    corpus["train"][1].tags["pos"] = ("X", "X")  # type: ignore[index]
    assert corpus["train"].sentences() == TRAIN
    corpus.statistics["train"]["words"] = 0
    corpus.comparison["unseen"].clear()
    assert corpus.comparison["unseen"]["dev"]["entities"] == {"LOC": 1}
    assert corpus.statistics["train"]["words"] == 5
    with pytest.raises(TypeError):
        corpus.splits["train"] = corpus["dev"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        corpus.schema = Schema()  # type: ignore[misc]


def test_a_misspelt_split_is_answered_with_the_near_match() -> None:
    corpus = Corpus.from_sentences(SPLITS)
    with pytest.raises(
        ConfigurationError, match="no split 'trian', it has train, dev; did you mean 'train'"
    ):
        corpus["trian"]


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({}, "at least one split"),
        ({"train": []}, "split 'train' holds no sentence"),
        ({"../train": TRAIN}, "'../train' cannot name a split"),
        ({"corpus.json": TRAIN}, "cannot name a split"),
        ({"train": [Sentence(())]}, "sentence 1 of split 'train' has no words"),
    ],
)
def test_impossible_splits(splits: dict[str, list[Sentence]], message: str) -> None:
    with pytest.raises(DataError, match=message):
        Corpus.from_sentences(splits)


def test_format_is_that_of_a_step_result(tmp_path: Path) -> None:
    corpus = Corpus.from_sentences(SPLITS)
    CorpusFormat().write(corpus, tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "corpus.json",
        "dev",
        "schema.json",
        "statistics.json",
        "train",
    ]
    loaded = CorpusFormat().read(tmp_path)
    assert loaded["train"].sentences() == TRAIN
    again = pickle.loads(pickle.dumps(loaded))
    assert again["dev"].sentences() == DEV
    assert again.schema == corpus.schema


def test_only_an_empty_folder_is_written_to(tmp_path: Path) -> None:
    (tmp_path / "old").touch()
    with pytest.raises(DataError, match="is not empty"):
        Corpus.from_sentences(SPLITS).save(tmp_path)


def test_half_a_corpus_is_never_read(tmp_path: Path) -> None:
    Corpus.from_sentences(SPLITS).save(tmp_path)
    head = tmp_path / "corpus.json"
    content = json.loads(head.read_text(encoding="utf-8"))

    head.write_text(json.dumps(content | {"format_version": 99}), encoding="utf-8")
    with pytest.raises(DataError, match="format version 99"):
        Corpus.load(tmp_path)
    head.write_text(json.dumps(content | {"splits": {"train": 3}}), encoding="utf-8")
    with pytest.raises(DataError, match="has 2 sentences instead of 3"):
        Corpus.load(tmp_path)
    head.write_text(json.dumps(content), encoding="utf-8")
    statistics = (tmp_path / "statistics.json").read_text(encoding="utf-8")
    (tmp_path / "statistics.json").write_text('{"train": {}, "dev": {}}', encoding="utf-8")
    with pytest.raises(DataError, match="does not hold the statistics of this tango_ie"):
        Corpus.load(tmp_path)
    (tmp_path / "statistics.json").write_text(statistics, encoding="utf-8")
    head.write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be read"):
        Corpus.load(tmp_path)
    head.unlink()
    with pytest.raises(DataError, match="holds no complete corpus"):
        Corpus.load(tmp_path)


def test_nothing_is_drawn_on_screen(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    Corpus.from_sentences(SPLITS).save(tmp_path)
    assert Corpus.load(tmp_path)["train"].dataset.num_rows == 2
    assert capfd.readouterr() == ("", "")


def test_splits_come_in_their_usual_order() -> None:
    one = [Sentence(("a",))]
    names = ["all", "dev", "extra", "test", "train"]
    corpus = Corpus.from_sentences(dict.fromkeys(names, one))
    assert list(corpus) == ["train", "dev", "test", "all", "extra"]
