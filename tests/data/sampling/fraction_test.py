from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import fraction
from tests.data.sampling.small_corpora import (
    corpus_of,
    last_operation,
    seeds,
    sentence,
    several_sentences,
    texts,
    without_places,
)

SHARES = st.floats(0.01, 1)


@settings(max_examples=30)
@given(given=several_sentences, seed=seeds, shares=st.tuples(SHARES, SHARES), blind=st.booleans())
def test_samples_are_nested_and_of_the_right_size(
    given: list[Sentence], seed: int, shares: tuple[float, float], blind: bool
) -> None:
    corpus = Corpus.from_sentences({"train": given})
    small, large = (fraction(corpus, share, seed, stratify=not blind) for share in sorted(shares))
    inner, outer = (set(last_operation(one)["selection"]["positions"]) for one in (small, large))
    assert inner <= outer
    assert len(large["train"]) == max(1, round(max(shares) * len(given)))
    assert small["train"].sentences() == [given[place] for place in sorted(inner)]


@settings(max_examples=30)
@given(given=several_sentences, seed=seeds, order=st.randoms(use_true_random=False))
def test_the_order_of_the_file_plays_no_part(
    given: list[Sentence], seed: int, order: random.Random
) -> None:
    shuffled = order.sample(given, len(given))
    first = fraction(Corpus.from_sentences({"train": given}), 0.5, seed)
    second = fraction(Corpus.from_sentences({"train": shuffled}), 0.5, seed)
    assert without_places(first) == without_places(second)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("share", [0.05, 0.1, 0.33, 0.5])
def test_every_type_keeps_its_share(seed: int, share: float) -> None:
    generator = random.Random(7)
    weights = {"PER": 50, "LOC": 30, "ORG": 15, "MISC": 5}
    drawn = [generator.choices([*weights], [*weights.values()], k=i % 4) for i in range(2000)]
    corpus = corpus_of(
        train=[" ".join(["w", *(f"{i}/{label}" for label in row)]) for i, row in enumerate(drawn)]
    )
    counts = fraction(corpus, share, seed).statistics["train"]["entities"]
    for label, number in corpus.statistics["train"]["entities"].items():
        assert abs(counts[label] - share * number) <= max(4, 0.04 * share * number)


def test_whole_documents() -> None:
    gold = [sentence(f"w{i} x/PER", f"d{i // 4}") for i in range(40)]
    sample = fraction(Corpus.from_sentences({"train": gold}), 0.3, by="document")
    assert Counter(Counter(item.doc_id for item in sample["train"]).values()) == {4: 3}
    with pytest.raises(DataError, match="sentence 1 belongs to no document; draw by sentence"):
        fraction(corpus_of(train=["a"]), 0.5, by="document")


def test_all_and_hardly_anything() -> None:
    corpus = corpus_of(train=["a/X", "b", "c"], dev=["d"])
    assert texts(fraction(corpus, 1)) == ["a", "b", "c"]
    assert len(fraction(corpus, 0.001)["train"]) == 1
    assert texts(fraction(corpus, 0.5), "dev") == ["d"]
    for share in (0, 1.2, -1, float("nan")):
        with pytest.raises(ConfigurationError, match="share: must be above 0"):
            fraction(corpus, share)
