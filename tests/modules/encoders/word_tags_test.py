"""Vectors of tags that sentences bring along."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders import Encoder
from tango_ie.modules.encoders.word_tags import WordTags

TAGS = ["VERB", "PROPN", "DET"]
SENTENCES = [
    Sentence(("Ada", "wrote"), tags={"pos": ("PROPN", "VERB")}),
    Sentence(()),
    Sentence(("the", "Ada", "x"), tags={"pos": ("DET", "PROPN", "DET"), "chunk": ("O",) * 3}),
]


def build(**params: Any) -> WordTags:
    encoder = Encoder.from_params({"type": "word_tags", "tags": TAGS, "size": 4, **params})
    assert isinstance(encoder, WordTags)
    return encoder


def run(encoder: Encoder, sentences: list[Sentence]) -> torch.Tensor:
    vectors: torch.Tensor = encoder(encoder.collate(encoder.encode(sentences)))
    return vectors


def test_one_vector_for_each_tag() -> None:
    encoder = build()
    found = run(encoder, SENTENCES)
    assert found.shape == (3, 3, 4)
    vectors = dict(zip(("DET", "PROPN", "VERB"), encoder.vectors.weight, strict=True))
    for row, sentence in enumerate(SENTENCES):
        for place, tag in enumerate(sentence.tags.get("pos", ())):
            assert torch.equal(found[row, place], vectors[tag])
    assert (found[0, 2] == 0).all() and (found[1] == 0).all()
    assert torch.equal(run(encoder, SENTENCES[:1])[0], found[0, :2])


def test_learns(tmp_path: Path) -> None:
    encoder = build()
    run(encoder, SENTENCES[:1]).sum().backward()
    gradient = encoder.vectors.weight.grad
    assert gradient is not None and (gradient != 0).any(1).tolist() == [False, True, True]


def test_the_order_of_tags_does_not_matter_and_an_archive_has_them(tmp_path: Path) -> None:
    encoder, other = build(), build(tags=TAGS[::-1])
    other.load_state_dict(encoder.state_dict())
    assert torch.equal(run(other, SENTENCES), run(encoder, SENTENCES))
    again = Encoder.from_params(encoder.archived_params(tmp_path))
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(run(again, SENTENCES), run(encoder, SENTENCES))


def test_beside_another_encoder() -> None:
    parts = ["casing", {"type": "word_tags", "tags": TAGS}]
    assert run(Encoder.from_params({"type": "concat", "parts": parts}), SENTENCES).shape[-1] == 18


def test_bad_sentences() -> None:
    encoder = build()
    with pytest.raises(DataError, match=r"'pos', in prediction too, and 'Ada' has none; .* chunk"):
        encoder.encode([Sentence(("Ada",), tags={"chunk": ("O",)})])
    with pytest.raises(DataError, match=r"tag 'NN' \(layer pos\) of 'Ada' .* DET, PROPN, VERB"):
        encoder.encode([Sentence(("Ada",), tags={"pos": ("NN",)})])


def test_bad_arguments() -> None:
    for tags, found in (([], "none"), (["A", "B", "A"], "'A' twice")):
        with pytest.raises(ConfigurationError, match=f"tags: expected tags.* found {found}"):
            build(tags=tags)
    with pytest.raises(ConfigurationError, match="size"):
        build(size=0)
