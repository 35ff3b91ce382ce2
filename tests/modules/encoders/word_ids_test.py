"""Words as numbers, padded."""

from __future__ import annotations

import torch

from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.word_ids import (
    WordIdBatch,
    collate_ids,
    distinct_words,
    number_words,
)

SENTENCES = [Sentence(("a", "bb", "a")), Sentence(()), Sentence(("bb", "ccc"))]


def test_each_word_is_asked_for_once() -> None:
    asked = []

    def number(word: str) -> int:
        asked.append(word)
        return len(word)

    features = number_words(SENTENCES, number)
    assert asked == ["a", "bb", "ccc"]
    assert [item.ids.tolist() for item in features] == [[1, 2, 1], [], [2, 3]]
    assert [item.cost for item in features] == [3, 1, 2]
    assert [item.num_words for item in features] == [3, 0, 2]


def test_distinct_words() -> None:
    words, index, borders = distinct_words(SENTENCES)
    assert words == ["a", "bb", "ccc"]
    assert index.tolist() == [0, 1, 0, 1, 2] and borders.tolist() == [0, 3, 3, 5]
    assert [array.tolist() for array in distinct_words([])[1:]] == [[], [0]]


def test_batches() -> None:
    batch = collate_ids(number_words(SENTENCES, len))
    assert batch.ids.tolist() == [[1, 2, 1], [0, 0, 0], [2, 3, 0]]
    assert batch.word_mask.tolist() == [[True] * 3, [False] * 3, [True, True, False]]
    assert batch.ids.dtype == torch.long and isinstance(batch, WordIdBatch)
    for sentences in ([], [Sentence(())]):
        empty = collate_ids(number_words(sentences, len))
        assert empty.ids.shape == empty.word_mask.shape == (len(sentences), 0)
