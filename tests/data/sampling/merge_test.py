from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import merge
from tests.data.sampling.small_corpora import corpus_of, last_operation, sentence, texts

A = corpus_of(train=["a/PER", "b"], dev=["c"])
B = corpus_of(train=["d/LOC", "a/PER", "b/LOC"], test=["e"])


def test_splits_of_one_name_are_joined() -> None:
    merged = merge({"b": B, "a": A})
    assert {split: texts(merged, split) for split in merged} == {
        "train": ["a", "b", "d", "a", "b"],
        "dev": ["c"],
        "test": ["e"],
    }
    assert merged.schema.entity_types == ("LOC", "PER")
    assert last_operation(merged)["splits"]["train"] == [["a", "train"], ["b", "train"]]
    assert set(last_operation(merged)["corpora"]) == {"a", "b"}


def test_splits_of_choice() -> None:
    merged = merge({"a": A, "b": B}, {"train": [("b", "train"), ("a", "dev")]})
    assert list(merged) == ["train"]
    assert texts(merged) == ["d", "a", "b", "c"]


def test_documents_stay_apart() -> None:
    one = Corpus.from_sentences({"train": [sentence("a", "1")], "dev": [sentence("b", "1")]})
    merged = merge({"x": one, "y": Corpus.from_sentences({"train": [sentence("c", "1")]})})
    assert [item.doc_id for item in merged["train"]] == ["x/train/1", "y/train/1"]
    assert merged["dev"][0].doc_id == "1"
    layered = Sentence(("a",), tags={"pos": ("N",)})
    merged = merge({"x": one, "y": Corpus.from_sentences({"train": [layered]})})
    assert [dict(item.tags) for item in merged["train"]] == [{}, {"pos": ("N",)}]


def test_duplicates() -> None:
    merged = merge({"a": A, "b": B}, duplicates="drop")
    assert texts(merged) == ["a", "b", "d", "b"]
    notes = {kind: note["count"] for kind, note in merged.statistics["train"]["notes"].items()}
    assert notes == {
        "sentence that occurs before dropped": 1,
        "words that occur before with other annotations": 1,
    }


def test_names_of_labels() -> None:
    one, other = (
        Corpus.from_sentences({"train": [sentence("a/PER")]}, names={"PER": name})
        for name in ("person", "human")
    )
    with pytest.raises(ConfigurationError, match=r"'PER' is called 'person' .*'human' in 'y'"):
        merge({"x": one, "y": other})
    assert merge({"x": one, "y": other}, names={"PER": "soul"}).schema.names == {"PER": "soul"}
    assert merge({"x": one, "y": A}).schema.names == {"PER": "person"}


@pytest.mark.parametrize(
    ("splits", "message"),
    [
        ({"train": [("c", "train")]}, "splits: there is no corpus 'c'"),
        ({"train": [("a", "trian")]}, "no split 'trian'.*did you mean 'train'"),
        ({"train": []}, "splits: name at least one pair"),
        ({}, "splits: name at least one pair"),
    ],
)
def test_what_is_not_there(splits: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        merge({"a": A, "b": B}, splits)


def test_nothing_to_merge() -> None:
    with pytest.raises(ConfigurationError, match="corpora: name at least one"):
        merge({})
