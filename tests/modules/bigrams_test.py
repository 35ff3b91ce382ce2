"""Bigrams against a loop over sentences and words."""

from __future__ import annotations

import itertools

import pytest
import torch
from torch import Tensor

from tango_ie.modules.bigrams import BigramKind, Bigrams, beside_words, bigram_mask

LENGTHS = [4, 1, 0, 3]
KINDS: tuple[BigramKind, ...] = ("cnn", "concat")


def batch(words: int = max(LENGTHS)) -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    vectors = torch.randn(len(LENGTHS), words, 6, dtype=torch.float64)
    return vectors, torch.arange(words) < torch.tensor(LENGTHS).unsqueeze(1)


def slowly(bigrams: Bigrams, words: Tensor) -> list[Tensor]:
    """The bigrams of one sentence (T, H), one by one."""
    found = []
    for left, right in itertools.pairwise(words):
        if bigrams.convolution is None:
            found.append(torch.cat([left, right]))
        else:
            kernel = bigrams.convolution.weight  # (D, H, 2)
            total = kernel[..., 0] @ left + kernel[..., 1] @ right + bigrams.convolution.bias
            found.append(total.clamp(min=0))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_against_a_loop(kind: BigramKind) -> None:
    torch.manual_seed(1)
    bigrams = Bigrams(6, kind, 5 if kind == "cnn" else None).double()
    words, mask = batch()
    found, inside = bigrams(words, mask), bigram_mask(mask)
    assert found.shape == (4, 5, bigrams.output_size) and inside.shape == (4, 5)
    assert bigrams.output_size == (5 if kind == "cnn" else 12)
    for row, length in enumerate(LENGTHS):
        expected = slowly(bigrams, words[row, :length])
        assert inside[row].nonzero().squeeze(1).tolist() == list(range(1, len(expected) + 1))
        for place, vector in enumerate(expected, start=1):
            assert torch.allclose(found[row, place], vector, atol=1e-12)
        assert not found[row, ~inside[row]].any()
        beside = beside_words(found)[row]
        for word in range(length):
            left = expected[word - 1] if word > 0 else torch.zeros(bigrams.output_size)
            right = expected[word] if word < length - 1 else torch.zeros(bigrams.output_size)
            assert torch.allclose(beside[word], torch.cat([left, right]).double(), atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
def test_what_padding_holds_does_not_matter(kind: BigramKind) -> None:
    bigrams = Bigrams(6, kind).double()
    words, mask = batch()
    other = words.clone()
    other[~mask] = 1e4
    assert torch.equal(bigrams(words, mask), bigrams(other, mask))
    wide, wider = (
        torch.nn.functional.pad(words, (0, 0, 0, 3)),
        torch.nn.functional.pad(mask, (0, 3)),
    )
    assert torch.allclose(bigrams(wide, wider)[:, :5], bigrams(words, mask), atol=1e-12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [0, 1])
def test_where_there_are_no_bigrams(kind: BigramKind, words: int) -> None:
    bigrams = Bigrams(6, kind)
    vectors = torch.randn(2, words, 6, requires_grad=True)
    found = bigrams(vectors, torch.ones(2, words).bool())
    assert found.shape == (2, words + 1, bigrams.output_size)
    assert not found.any()
    found.sum().backward()  # every rank has gradients, even if they are zero
    assert all(weight.grad is not None for weight in bigrams.parameters())


def test_a_convolution_of_two_words_is_a_layer_on_both() -> None:
    """Why `concat` has no hidden layer."""
    bigrams, words = Bigrams(6).double(), batch()[0][:1]
    assert bigrams.convolution is not None
    layer = torch.nn.Linear(12, 6).double()
    with torch.no_grad():
        layer.weight.copy_(torch.cat(bigrams.convolution.weight.unbind(-1), dim=1))
        layer.bias.copy_(bigrams.convolution.bias)
    mask = torch.ones(1, 4).bool()
    expected = layer(Bigrams(6, "concat")(words, mask)).relu()[:, 1:-1]
    assert torch.allclose(bigrams(words, mask)[:, 1:-1], expected, atol=1e-12)
