"""The sparse table against plain dictionaries."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from tango_ie.metrics import Counts, CountTable, per_label, total

Sentences = list[dict[str, Counts]]


def draw(seed: int, labels: str = "ABCD") -> Sentences:
    generator = random.Random(seed)

    def sentence() -> dict[str, Counts]:
        chosen = generator.sample(labels, generator.randint(0, len(labels)))
        return {label: Counts(*(generator.randint(0, 2) for _ in range(3))) for label in chosen}

    return [sentence() for _ in range(generator.randint(0, 20))]


@pytest.mark.parametrize("seed", range(20))
def test_sums_equal_those_of_dictionaries(seed: int) -> None:
    sentences = draw(seed)
    table = CountTable.from_sentences(sentences, labels="ABCD")
    for place, sentence in enumerate(sentences):
        assert Counts(*table.per_sentence[place].tolist()) == total(sentence.values())
        for label, row in zip("ABCD", table.dense()[place].tolist(), strict=True):
            assert Counts(*row) == sentence.get(label, Counts())
    occurring = per_label(sentences)
    assert table.per_label == {label: occurring.get(label, Counts()) for label in "ABCD"}
    assert table.total == total(occurring.values())
    assert table.dense().shape == (len(sentences), 4, 3)


@pytest.mark.parametrize("seed", range(20))
def test_merge_law(seed: int) -> None:
    first, second = draw(seed, "BA"), draw(seed + 100, "CAD")
    merged = CountTable.from_sentences(first).merge(CountTable.from_sentences(second))
    whole = CountTable.from_sentences(first + second, merged.labels)
    assert merged == whole


def test_labels_keep_their_order_and_new_ones_follow() -> None:
    table = CountTable.from_sentences([{"x": Counts(fp=1), "a": Counts(tp=1)}], ("z", "a"))
    assert table.labels == ("z", "a", "x")


@pytest.mark.parametrize("sentences", [[], [{}], draw(1)])
def test_json_round_trip(sentences: Sentences) -> None:
    table = CountTable.from_sentences(sentences, "AB")
    again = CountTable.from_json(json.loads(json.dumps(table.to_json())))
    assert again == table
    assert np.issubdtype(again.values.dtype, np.integer)


def test_equality() -> None:
    table = CountTable.from_sentences([{"A": Counts(tp=1)}])
    assert table != CountTable.from_sentences([{"A": Counts(tp=2)}])
    assert table != "table"
