"""Chunks of a stream: nothing is lost, and what a sentence may look at is there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Sentence
from tango_ie.data.schema import Schema
from tango_ie.inference import Predictor
from tango_ie.inference import predictor as predictor_module
from tango_ie.inference.chunking import chunks
from tango_ie.models import Model
from tests.models.model_contract import assert_same

DOCUMENTS = [
    Sentence(
        ("London", "is", "far", "from", "Paris", "and", "Rome")[: 1 + place % 7],
        doc_id=None if place % 11 == 0 else str(place // 13),
        position=place % 13,
    )
    for place in range(60)
    if place % 17
]


@given(st.lists(st.integers(0, 4), max_size=30), st.integers(1, 12), st.integers(0, 9))
def test_chunks(lengths: list[int], size: int, reach: int) -> None:
    stream = [Sentence((str(place),) * length) for place, length in enumerate(lengths)]
    done = 0
    for chunk in chunks(iter(stream), size, reach):
        own = chunk.sentences[chunk.start : chunk.stop]
        assert 0 < len(own) <= size
        first, last = done - chunk.start, done + len(chunk.sentences) - chunk.start
        assert chunk.sentences == stream[first:last]
        for words, all_there in (
            (sum(lengths[first:done]), first == 0),
            (sum(lengths[done + len(own) : last]), last == len(stream)),
        ):
            assert words >= reach or all_there
        done += len(own)
        assert len(own) == size or done == len(stream)
    assert done == len(stream)


def test_no_more_is_read_than_is_needed() -> None:
    read: list[int] = []

    def stream() -> Any:
        for place in range(100):
            read.append(place)
            yield Sentence(("word",))

    parts = chunks(stream(), size=5)
    next(parts)
    assert len(read) == 5
    next(chunks(stream(), size=5, reach=3))
    assert len(read) == 5 + 8


@pytest.fixture
def model(tiny_encoder: Path) -> Model:
    """An untrained tagger that reads the context."""
    torch.manual_seed(0)
    context = {"tokens": 9}
    params = {
        "type": "tango_ie::tagger",
        "encoder": {"type": "transformer", "model": str(tiny_encoder), "context": context},
    }
    model: Model = Model.from_params(params, schema=Schema(entity_types=("LOC",)))
    return model.eval()


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_context_does_not_depend_on_chunks(
    model: Model, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The features are the same to the bit, and so are the predictions but for rounding."""
    whole = model.encode(DOCUMENTS, with_gold=False)
    expected = Predictor(model).predict_sentences(DOCUMENTS)
    assert any(item.words.left for item in whole) and any(item.words.right for item in whole)
    seen: list[Any] = []
    encode = model.encode

    def watched(sentences: list[Sentence], with_gold: bool = True) -> list[Any]:
        features = encode(sentences, with_gold)
        seen.append(features)
        return features

    monkeypatch.setattr(model, "encode", watched)
    monkeypatch.setattr(predictor_module, "_CHUNK", size)
    parts = list(chunks(DOCUMENTS, size, reach=9))
    assert_same(Predictor(model).predict_sentences(iter(DOCUMENTS)), expected, tolerance=1e-5)
    joined = [
        item
        for features, part in zip(seen, parts, strict=True)
        for item in features[part.start : part.stop]
    ]
    for item, other in zip(joined, whole, strict=True):
        assert np.array_equal(item.words.pieces, other.words.pieces)
        assert np.array_equal(item.words.word_sizes, other.words.word_sizes)
        assert (item.words.left, item.words.right) == (other.words.left, other.words.right)
        assert item.cost == other.cost


def test_text_without_documents(model: Model, caplog: pytest.LogCaptureFixture) -> None:
    plain = Predictor(model).predict_texts(["London is far.", "Paris too"])
    assert [len(sentence) for sentence in plain] == [4, 2]
    assert "2 of 2 sentences belong to no document" in caplog.text
