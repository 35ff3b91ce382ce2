from __future__ import annotations

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import select_splits
from tests.data.sampling.small_corpora import corpus_of, sentence, texts

CORPUS = Corpus.from_sentences(
    {"train": [sentence("a", "1")], "valid": [sentence("b/PER", "1")], "test": [sentence("c")]},
    names={"PER": "person"},
    origin={"reader": "X"},
)


def test_rename_and_join() -> None:
    chosen = select_splits(CORPUS, {"train": ["train", "valid"], "held": "test"})
    assert {split: texts(chosen, split) for split in chosen} == {"train": ["a", "b"], "held": ["c"]}
    assert [item.doc_id for item in chosen["train"]] == ["train/1", "valid/1"]
    assert chosen.schema.names == {"PER": "person"}
    assert chosen.origin["reader"] == "X"
    again = select_splits(chosen, {"dev": ["train"]})
    assert [step["operation"] for step in again.origin["operations"]] == ["select_splits"] * 2
    assert again["dev"][0].doc_id == "train/1"


@pytest.mark.parametrize("splits", [{}, {"train": []}])
def test_no_split(splits: dict) -> None:
    with pytest.raises(ConfigurationError, match="splits: name at least one split"):
        select_splits(CORPUS, splits)


def test_a_misspelt_split() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'valid'"):
        select_splits(corpus_of(train=["a"], valid=["b"]), {"dev": "vaild"})
