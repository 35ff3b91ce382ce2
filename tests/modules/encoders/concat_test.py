"""Encoders side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders import Encoder
from tango_ie.modules.encoders.character_cnn import CharacterCNN
from tango_ie.modules.encoders.concat import Concat

SENTENCES = [Sentence(("Ada", "wrote", "unbelievable", "notes")), Sentence(()), Sentence(("x",))]


@pytest.fixture
def encoder(tiny_encoder: Path) -> Concat:
    parts = [
        "casing",
        {"type": "character_cnn", "size": 3},
        {"type": "transformer", "model": str(tiny_encoder), "frozen": True, "layers": "mix"},
    ]
    built = Encoder.from_params({"type": "concat", "parts": parts}).eval()
    assert isinstance(built, Concat)
    return built


def test_one_after_the_other(encoder: Concat) -> None:
    assert encoder.output_size == 8 + 3 + 32
    found = encoder(encoder.collate(encoder.encode(SENTENCES)))
    assert found.shape == (3, 4, 43)
    start = 0
    for part in encoder.parts:
        alone = part(part.collate(part.encode(SENTENCES)))
        end = start + alone.size(-1)
        assert torch.equal(found[..., start:end], alone)
        start = end
    assert (found[1] == 0).all() and (found[2, 1:] == 0).all()


def test_costs_are_those_of_the_dearest_part(encoder: Concat) -> None:
    features = encoder.encode(SENTENCES)
    transformer = encoder.parts[2]
    assert [item.cost for item in features] == [item.cost for item in transformer.encode(SENTENCES)]
    assert [item.num_words for item in features] == [4, 0, 1]


def test_a_frozen_part_stays_frozen_and_its_mix_learns(encoder: Concat) -> None:
    encoder.train()
    encoder(encoder.collate(encoder.encode(SENTENCES))).sum().backward()
    learned = {name for name, value in encoder.named_parameters() if value.grad is not None}
    assert "parts.2.mix.weights" in learned and "parts.1.filters.weight" in learned
    assert not [name for name in learned if "transformer" in name]
    assert not encoder.parts[2].transformer.training


def test_moves_as_one(encoder: Concat) -> None:
    batch = encoder.collate(encoder.encode(SENTENCES))
    assert batch.word_mask.tolist()[2] == [True, False, False, False]
    assert all(part.word_mask.is_meta for part in batch.to(torch.device("meta")).parts)


def test_no_sentences_and_no_parts(encoder: Concat) -> None:
    assert encoder.collate(encoder.encode([])).word_mask.shape == (0, 0)
    with pytest.raises(ConfigurationError, match="parts: needs at least one encoder"):
        Encoder.from_params({"type": "concat", "parts": []})
    one = Encoder.from_params({"type": "concat", "parts": ["character_cnn"]})
    assert isinstance(one.parts[0], CharacterCNN)
