"""Recurrent layers on other encoders, and how nested encoders are archived."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.data.word_vectors import WordVectors
from tango_ie.modules.encoders import Encoder, open_archive
from tango_ie.modules.encoders.recurrent import RecurrentEncoder

SENTENCES = [
    Sentence(("Ada", "wrote", "unbelievable", "notes", "on", "it")),
    Sentence(()),
    Sentence(("Ada",)),
    Sentence(("she", "wrote")),
]
VECTORS = WordVectors(("ada", "wrote", "on"), np.eye(3, dtype=np.float32))


def params(tiny_encoder: Path, **arguments: Any) -> dict[str, Any]:
    """Layers on layers on all kinds of embedders."""
    transformer = {"type": "transformer", "model": str(tiny_encoder), "frozen": True}
    words = {"type": "static_vectors", "vectors": VECTORS}
    inner = {"type": "concat", "parts": ["casing", transformer]}
    parts = [words, "character_birnn", {"type": "recurrent", "input": inner, "size": 4}]
    return {
        "type": "recurrent",
        "input": {"type": "concat", "parts": parts},
        "size": 6,
        "layers": 2,
        **arguments,
    }


def build(config: dict[str, Any]) -> RecurrentEncoder:
    torch.manual_seed(0)
    built = Encoder.from_params(config).eval()
    assert isinstance(built, RecurrentEncoder)
    return built


def run(encoder: Encoder, sentences: list[Sentence] = SENTENCES) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = encoder(encoder.collate(encoder.encode(sentences)))
    return found


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_one_sentence_alone_is_the_same_as_in_a_padded_batch(tiny_encoder: Path, cell: str) -> None:
    encoder = build(params(tiny_encoder, cell=cell))
    together = run(encoder)
    assert together.shape == (4, 6, 12) and encoder.output_size == 12
    for row, sentence in zip(together, SENTENCES, strict=True):
        assert torch.allclose(row[: len(sentence)], run(encoder, [sentence])[0], atol=1e-5)
        assert (row[len(sentence) :] == 0).all()


def test_batches_move_and_lengths_stay(tiny_encoder: Path) -> None:
    encoder = build(params(tiny_encoder))
    batch = encoder.collate(encoder.encode(SENTENCES))
    assert batch.lengths.tolist() == batch.word_mask.sum(1).tolist() == [6, 0, 1, 2]
    moved = batch.to(torch.device("meta"))
    assert moved.word_mask.is_meta and not moved.lengths.is_meta


def test_nested_archives(tiny_encoder: Path, tmp_path: Path) -> None:
    encoder = build(params(tiny_encoder, dropout=0.2, variational=True))
    archive = tmp_path / "archive"
    config = json.loads(json.dumps(encoder.archived_params(archive / "encoder")))
    assert config["dropout"] == 0.2 and config["variational"] is True
    words, characters, inner = config["input"]["parts"]
    assert words["vectors"] == "archive://encoder/input/0"
    assert characters["type"] == "tango_ie::character_birnn"
    assert inner["input"]["parts"][1]["model"] == "archive://encoder/input/2/input/1"
    moved = archive.rename(tmp_path / "moved")
    with open_archive(moved):
        again = build(config)
    again.load_state_dict(encoder.state_dict())
    assert torch.equal(run(again), run(encoder))
    # An archive that was loaded can be archived again.
    second = json.loads(json.dumps(again.archived_params(tmp_path / "second" / "encoder")))
    assert second == config


def test_nothing_to_read() -> None:
    encoder = build({"type": "recurrent", "input": "casing", "size": 3})
    assert run(encoder, []).shape == (0, 0, 6)
    assert run(encoder, [Sentence(()), Sentence(())]).shape == (2, 0, 6)


def test_refusals() -> None:
    with pytest.raises(ConfigurationError, match="layers: must be at least 1"):
        Encoder.from_params({"type": "recurrent", "input": "casing", "layers": 0})
    with pytest.raises(ConfigurationError, match="dropout: must lie in"):
        Encoder.from_params({"type": "recurrent", "input": "casing", "dropout": 1})


def test_the_sizes_of_a_published_model() -> None:
    """Crone (2020): 300 + 2 × 32 + 8 values (ELMo left out) into a layer of 256."""
    characters = {
        "type": "character_birnn",
        "alphabet": "".join(map(chr, range(33, 121))),
        "embedding_size": 32,
        "size": 32,
        "cell": "gru",
    }
    glove = WordVectors(("a", "b"), np.ones((2, 300), np.float32))
    parts = [{"type": "static_vectors", "vectors": glove}, characters, "casing"]
    encoder = build(
        {"type": "recurrent", "cell": "gru", "input": {"type": "concat", "parts": parts}}
    )

    def trained(module: torch.nn.Module) -> int:
        return sum(value.numel() for value in module.parameters() if value.requires_grad)

    assert trained(encoder.input) == 90 * 32 + 2 * 3 * 32 * (32 + 32 + 2)
    assert trained(encoder.stack) == 2 * 3 * 256 * (372 + 256 + 2)
