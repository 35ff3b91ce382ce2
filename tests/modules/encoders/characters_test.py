"""Words by their characters, against one word at a time."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders import Encoder
from tango_ie.modules.encoders.character_birnn import CharacterBiRNN
from tango_ie.modules.encoders.character_cnn import CharacterCNN
from tango_ie.modules.encoders.characters import ASCII, CharacterEncoder

KINDS: dict[str, dict[str, Any]] = {
    "lstm": {"type": "character_birnn", "embedding_size": 5, "size": 3},
    "gru": {"type": "character_birnn", "embedding_size": 5, "size": 3, "cell": "gru"},
    "cnn": {"type": "character_cnn", "embedding_size": 5, "size": 4},
    "cnn_narrow": {"type": "character_cnn", "embedding_size": 5, "size": 4, "kernel": 1},
    "cnn_even": {"type": "character_cnn", "embedding_size": 5, "size": 4, "kernel": 4},
}
SENTENCES = [
    Sentence(("the", "Unaffable", "the", "x", "\u00fc\u00fc")),
    Sentence(("x",)),
    Sentence(()),
    Sentence(("the", "dog", "\u200b", "dogs", "god")),
]
every_kind = pytest.mark.parametrize("kind", KINDS)


def make(kind: str, **arguments: Any) -> CharacterEncoder:
    torch.manual_seed(0)
    encoder = Encoder.from_params(KINDS[kind] | arguments)
    assert isinstance(encoder, CharacterEncoder)
    return encoder.eval()


def run(encoder: Encoder, sentences: list[Sentence]) -> Tensor:
    found: Tensor = encoder(encoder.collate(encoder.encode(sentences)))
    return found


def one_word(encoder: CharacterEncoder, word: str) -> Tensor:
    """The vector of a word, in loops over characters."""
    ids = [2 + encoder.alphabet.index(sign) if sign in encoder.alphabet else 1 for sign in word]
    characters = encoder.embedding(torch.tensor(ids))
    if isinstance(encoder, CharacterBiRNN):
        states, _ = encoder.reader(characters.unsqueeze(0))
        size = encoder.size
        return torch.cat([states[0, -1, :size], states[0, 0, size:]])
    assert isinstance(encoder, CharacterCNN)
    width, weight = encoder.kernel, encoder.filters.weight  # (H, E, K)
    around = torch.zeros(width - 1, encoder.embedding_size)
    padded = torch.cat([around, characters, around])
    windows = [
        torch.einsum("ke,hek->h", padded[start : start + width], weight) + encoder.filters.bias
        for start in range(len(word) + width - 1)
    ]
    return torch.stack(windows).amax(0)


@every_kind
def test_equals_one_word_at_a_time(kind: str) -> None:
    encoder = make(kind)
    found = run(encoder, SENTENCES)
    assert found.shape == (4, 5, encoder.output_size)
    for row, sentence in zip(found, SENTENCES, strict=True):
        for vector, word in zip(row, sentence.words, strict=False):
            assert torch.allclose(vector, one_word(encoder, word), atol=1e-6)
        assert (row[len(sentence) :] == 0).all()


@every_kind
def test_the_batch_does_not_matter(kind: str) -> None:
    encoder = make(kind)
    together = run(encoder, SENTENCES)
    for row, sentence in zip(together, SENTENCES, strict=True):
        alone = run(encoder, [sentence])[0]
        assert torch.allclose(row[: len(sentence)], alone, atol=1e-6)


def test_each_distinct_word_once_longest_first() -> None:
    encoder = make("lstm")
    batch = encoder.collate(encoder.encode(SENTENCES))
    # Both words of unknown characters look different only if their lengths differ.
    assert batch.lengths.tolist() == [9, 4, 3, 3, 3, 2, 1, 1]
    assert batch.ids.shape == (8, 9)
    assert batch.places[0, 0] == batch.places[0, 2] == batch.places[3, 0]
    moved = batch.to(torch.device("meta"))
    assert moved.ids.is_meta and moved.lengths is batch.lengths


@every_kind
def test_nothing_to_read(kind: str) -> None:
    encoder = make(kind)
    assert run(encoder, []).shape == (0, 0, encoder.output_size)
    assert run(encoder, [Sentence(()), Sentence(())]).shape == (2, 0, encoder.output_size)
    assert run(encoder, [Sentence(("",))]).isfinite().all()


@every_kind
def test_long_words_lose_their_middle_and_that_is_said(
    kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    encoder = make(kind, max_characters=5)
    with caplog.at_level(logging.WARNING):
        found = run(encoder, [Sentence(("abcdefgh", "abcgh", "abc"))])[0]
    assert torch.equal(found[0], found[1])
    assert "1 words have more than 5 characters" in caplog.text and "'abcdefgh'" in caplog.text


@every_kind
def test_learns_and_leaves_padding_alone(kind: str) -> None:
    encoder = make(kind)
    run(encoder, SENTENCES).square().sum().backward()
    gradients = {name: value.grad for name, value in encoder.named_parameters()}
    for name, gradient in gradients.items():
        assert gradient is not None and gradient.abs().sum() > 0, name
    table = gradients["embedding.weight"]
    assert table is not None and (table[0] == 0).all() and (table[1] != 0).any()


def test_dropout_is_on_in_training_only() -> None:
    encoder = make("cnn").train()
    sentence = [Sentence(("unaffable",))]
    assert not torch.equal(run(encoder, sentence), run(encoder, sentence))
    encoder.eval()
    assert torch.equal(run(encoder, sentence), run(encoder, sentence))


@every_kind
def test_archived_params_build_the_same(kind: str, tmp_path: Path) -> None:
    encoder = make(kind, alphabet="xyz\u00fc", dropout=0.25, max_characters=7)
    params = encoder.archived_params(tmp_path / "encoder")
    assert params["alphabet"] == "xyz\u00fc" and params["dropout"] == 0.25
    again = Encoder.from_params(params)
    again.load_state_dict(encoder.state_dict())
    assert again.archived_params(tmp_path) == params
    assert torch.equal(run(again.eval(), SENTENCES), run(encoder, SENTENCES))


@every_kind
def test_half_the_precision(kind: str) -> None:
    encoder = make(kind)
    exact = run(encoder, SENTENCES)
    rough = run(encoder.to(torch.bfloat16), SENTENCES)
    assert rough.dtype == torch.float32 and torch.allclose(rough, exact, atol=0.1)


def test_sizes() -> None:
    assert len(set(ASCII)) == 94
    encoder = make("lstm", alphabet="abc")
    assert encoder.embedding.weight.shape == (5, 5)
    assert encoder.output_size == 6 and make("cnn").output_size == 4


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"alphabet": ""}, "alphabet: needs characters"),
        ({"alphabet": "aba"}, "alphabet: needs characters, each of them once"),
        ({"size": 0}, "size: must be at least 1"),
        ({"embedding_size": 0}, "embedding_size: must"),
        ({"max_characters": 1}, "max_characters: must be at least 2"),
        ({"dropout": 1}, "dropout: must lie in"),
    ],
)
@pytest.mark.parametrize("kind", ["lstm", "cnn"])
def test_refusals(kind: str, wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        make(kind, **wrong)
