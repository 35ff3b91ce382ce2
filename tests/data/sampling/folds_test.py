from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import make_fold
from tests.data.generated import sentences
from tests.data.sampling.small_corpora import (
    corpus_of,
    last_operation,
    seeds,
    sentence,
    texts,
    without_places,
)


@settings(max_examples=30)
@given(
    given=st.lists(sentences(), min_size=10, max_size=20),
    folds=st.integers(2, 5),
    seed=seeds,
    dev_share=st.sampled_from([0, 0.1, 0.3]),
    blind=st.booleans(),
)
def test_folds_partition_what_is_not_held_out(
    given: list[Sentence], folds: int, seed: int, dev_share: float, blind: bool
) -> None:
    corpus = Corpus.from_sentences({"train": given})
    cuts = [
        make_fold(corpus, fold, folds, seed, dev_share, stratify=not blind) for fold in range(folds)
    ]
    whole = Counter(without_places(corpus))
    for cut in cuts:
        assert sum((Counter(without_places(cut, split)) for split in cut), Counter()) == whole
    held_out = without_places(cuts[0], "dev") if dev_share else []
    assert len(held_out) == round(dev_share * len(given))
    if dev_share:
        assert all(without_places(cut, "dev") == held_out for cut in cuts)
    tested = sum((Counter(without_places(cut, "test")) for cut in cuts), Counter(held_out))
    assert tested == whole
    positions = [set(last_operation(cut)["selection"]["test"]["positions"]) for cut in cuts]
    assert sum(map(len, positions)) == len(set().union(*positions))
    sizes = {len(cut["test"]) for cut in cuts}
    assert max(sizes) - min(sizes) <= 1


@settings(max_examples=30)
@given(
    given=st.lists(sentences(), min_size=6, max_size=12),
    seed=seeds,
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_the_file_plays_no_part(
    given: list[Sentence], seed: int, order: random.Random
) -> None:
    shuffled = order.sample(given, len(given))
    first, second = (
        make_fold(Corpus.from_sentences({"train": one}), 1, 3, seed, 0.2)
        for one in (given, shuffled)
    )
    for split in first:
        assert without_places(first, split) == without_places(second, split)


def test_folds_have_their_share_of_each_type() -> None:
    lines = [f"w{i}/{'RARE' if i % 10 == 0 else 'COMMON'}" for i in range(500)]
    for fold in range(10):
        counts = make_fold(corpus_of(train=lines), fold, dev_share=0, stratify=True).statistics[
            "test"
        ]["entities"]
        assert abs(counts["RARE"] - 5) <= 1 and sum(counts.values()) == 50


def test_folds_are_the_same_sentences_whatever_is_annotated() -> None:
    lines = [f"w{i}/{'RARE' if i % 10 == 0 else 'COMMON'} w" for i in range(50)]
    bare = [line.partition("/")[0] + " w" for line in lines]
    first, second = (make_fold(corpus_of(train=one), 3, 5) for one in (lines, bare))
    assert [texts(first, split) for split in first] == [texts(second, split) for split in second]


def test_documents_stay_together() -> None:
    gold = [sentence(f"w{i} x/PER", f"d{i // 3}") for i in range(60)]
    corpus = Corpus.from_sentences({"train": gold[:30], "extra": gold[30:]})
    cut = make_fold(corpus, 0, 5, by="document")
    seen = [{item.doc_id for item in cut[split]} for split in cut]
    assert sum(map(len, seen)) == len(set().union(*seen)) == 20
    assert {(doc_id or "").partition("/")[0] for doc_id in set().union(*seen)} == {"train", "extra"}


def test_only_some_splits_are_cut() -> None:
    corpus = corpus_of(train=[f"a{i}" for i in range(10)], test=["never"])
    cut = make_fold(corpus, 0, 2, splits=["train"])
    assert "never" not in [text for split in cut for text in texts(cut, split)]
    assert cut["train"][0].doc_id is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fold": 10}, "fold: there is no fold 10; 10 folds are numbered from 0 to 9"),
        ({"fold": -1}, "fold: there is no fold -1"),
        ({"fold": 0, "folds": 1}, "folds: must be at least 2"),
        ({"fold": 0, "dev_share": 1.0}, "dev_share: must be from 0"),
        ({"fold": 0, "folds": 20}, "folds: 12 sentences are too few for 20 folds"),
        ({"fold": 0, "dev_share": 0.01}, "12 sentences are too few"),
        ({"fold": 0, "splits": ["trian"]}, "no split 'trian'"),
    ],
)
def test_impossible_folds(arguments: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make_fold(corpus_of(train=[f"w{i}" for i in range(12)]), **arguments)
