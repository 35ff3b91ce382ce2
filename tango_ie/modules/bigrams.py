"""Features of neighbouring words, from the vectors of the two.

A sentence of T words has T + 1 places: before its first word, between each two, and behind its
last. Only the places between two words are bigrams; at the others there is nothing.

Legend: B batch, T words, H hidden, D features of a bigram.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

BigramKind = Literal["cnn", "concat"]


class Bigrams(nn.Module):
    """A vector for each two neighbouring words.

    Source: CNNBiF (Sung et al. 2021). ``cnn`` is a convolution with kernel 2 over the words and a
    ReLU; the width is not known from the paper. ``concat`` has no weights of its own: the vectors
    of the two words side by side. (A hidden layer on that would be no control for the convolution,
    because with kernel 2 the two are the same function.)

    Args:
        input_size: H of the words' vectors.
        kind: ``cnn`` or ``concat``.
        size: D of ``cnn``; ``None``: H.

    Shapes:
        words (B, T, H) float, word_mask (B, T) bool, words first, padding behind them
        returns (B, T + 1, D) float, zeros where there is no bigram

    >>> bigrams = Bigrams(1, "concat")
    >>> words = torch.tensor([[[1.0], [2.0], [3.0]]])
    >>> bigrams(words, torch.tensor([[True, True, False]]))[0].tolist()
    [[0.0, 0.0], [1.0, 2.0], [0.0, 0.0], [0.0, 0.0]]
    """

    def __init__(self, input_size: int, kind: BigramKind = "cnn", size: int | None = None) -> None:
        super().__init__()
        self.output_size = 2 * input_size if kind == "concat" else size or input_size
        self.convolution = (
            nn.Conv1d(input_size, self.output_size, kernel_size=2) if kind == "cnn" else None
        )

    def forward(self, words: Tensor, word_mask: Tensor) -> Tensor:
        padded = nn.functional.pad(words, (0, 0, 1, 1))  # (B, T + 2, H)
        if self.convolution is not None:
            features = self.convolution(padded.transpose(1, 2)).relu().transpose(1, 2)
        else:
            features = torch.cat([padded[:, :-1], padded[:, 1:]], dim=-1)
        return features.masked_fill(~bigram_mask(word_mask).unsqueeze(-1), 0.0)  # (B, T + 1, D)


def bigram_mask(word_mask: Tensor) -> Tensor:
    """Which places lie between two words.

    Shapes:
        word_mask (B, T) bool; returns (B, T + 1) bool

    >>> bigram_mask(torch.tensor([[True, True, True], [True, False, False]])).int().tolist()
    [[0, 1, 1, 0], [0, 0, 0, 0]]
    """
    padded = nn.functional.pad(word_mask, (1, 1))  # (B, T + 2)
    return padded[:, :-1] & padded[:, 1:]


def beside_words(bigrams: Tensor) -> Tensor:
    """For each word the bigram that it ends and the one that it begins.

    Shapes:
        bigrams (B, T + 1, D); returns (B, T, 2 D)
    """
    return torch.cat([bigrams[:, :-1], bigrams[:, 1:]], dim=-1)
