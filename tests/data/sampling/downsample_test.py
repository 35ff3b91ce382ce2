from __future__ import annotations

import operator
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import downsample
from tests.data.generated import sentences
from tests.data.sampling.small_corpora import corpus_of, last_operation, seeds, texts

GIVEN = [*(f"p{i}/PER" for i in range(8)), *(f"l{i}/LOC by q{i}/PER" for i in range(5)), "none"]


def test_numbers_come_out_exactly() -> None:
    corpus = corpus_of(train=GIVEN, dev=["d"])
    sample = downsample(corpus, {"PER": 7, "LOC": 2}, strict=True)
    assert sample.statistics["train"]["entities"] == {"LOC": 2, "PER": 7}
    assert last_operation(sample)["selection"]["mentions"] == {"LOC": 2, "PER": 7}
    assert texts(sample, "dev") == ["d"]


def test_as_many_sentences_as_asked() -> None:
    corpus = corpus_of(train=GIVEN)
    assert len(downsample(corpus, {"PER": 7, "LOC": 2}, sentences=8, strict=True)["train"]) == 8
    with pytest.raises(DataError, match="no 6 sentences exist with exactly 2 LOC, 7 PER"):
        downsample(corpus, {"PER": 7, "LOC": 2}, sentences=6, strict=True)
    sample = downsample(corpus, {"PER": 7, "LOC": 2}, sentences=6)
    assert len(sample["train"]) == 6
    assert sample.statistics["train"]["notes"]["numbers that no chosen sentences have"]


def test_other_sentences_are_kept_where_asked() -> None:
    corpus = corpus_of(train=GIVEN)
    sample = downsample(corpus, {"LOC": 1}, others="keep")
    assert len(sample["train"]) == 10
    assert sample.statistics["train"]["entities"] == {"LOC": 1, "PER": 9}
    without = downsample(corpus, {"LOC": 0}, others="keep")
    assert without.statistics["train"]["entities"] == {"PER": 8}


@settings(max_examples=30)
@given(
    given=st.lists(sentences(), min_size=1, max_size=7),
    numbers=st.lists(st.integers(0, 3), min_size=6, max_size=6),
    seed=seeds,
    size=st.none() | st.integers(1, 7),
)
def test_exact_wherever_brute_force_is(
    given: list[Sentence], numbers: list[int], seed: int, size: int | None
) -> None:
    corpus = Corpus.from_sentences({"train": given})
    types = corpus.schema.entity_types
    if not types or not sum(numbers[: len(types)]):
        return
    size = None if size is None else min(size, len(given))
    asked = dict(zip(types, numbers, strict=False))
    there = corpus.statistics["train"]["entities"]
    wanted = {label: min(number, there[label]) for label, number in asked.items()}
    rows = [[[e.label for e in item.entities].count(label) for label in wanted] for item in given]
    possible = any(
        [sum(column) for column in zip(*chosen, strict=True)] == list(wanted.values())
        for number in ([size] if size else range(1, len(rows) + 1))
        for chosen in combinations(rows, number)
    )
    if not possible:
        with pytest.raises(DataError, match=r"no (\d+ )?sentences exist|are taken"):
            downsample(corpus, asked, seed, sentences=size, strict=True)
    if size is None and not any(
        any(row) and all(map(operator.le, row, wanted.values())) for row in rows
    ):
        with pytest.raises(DataError, match="no sentence of split 'train' can be chosen"):
            downsample(corpus, asked, seed)
        return
    if size is not None and not any(all(map(operator.le, row, wanted.values())) for row in rows):
        return
    sample = downsample(corpus, asked, seed, sentences=size)
    counts = sample.statistics["train"]["entities"]
    reached = {label: counts.get(label, 0) for label in wanted} == wanted
    assert (reached and len(sample["train"]) == (size or len(sample["train"]))) == possible
    assert all(counts.get(label, 0) <= wanted[label] for label in wanted)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"mentions": {}}, "mentions: name at least one type"),
        ({"mentions": {"LCO": 1}}, r"mentions: 'LCO' is no label.*did you mean 'LOC'"),
        ({"mentions": {"LOC": -1}}, r"mentions\.LOC: must not be negative"),
        ({"mentions": {"LOC": 1}, "sentences": 99}, "sentences: must be from 1 to 14"),
        ({"mentions": {"LOC": 1}, "sentences": 5, "others": "keep"}, "others: cannot be 'keep'"),
    ],
)
def test_impossible_numbers(arguments: dict, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        downsample(corpus_of(train=GIVEN), **arguments)


def test_too_few_mentions_are_said() -> None:
    sample = downsample(corpus_of(train=GIVEN), {"LOC": 50})
    assert sample.statistics["train"]["entities"]["LOC"] == 5
    assert "all 5 are taken, 50 asked" in str(sample.statistics["train"]["notes"])
