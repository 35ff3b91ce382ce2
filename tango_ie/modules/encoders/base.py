"""What an encoder is: sentences in, one vector per word out.

Legend: B batch, T words, H hidden.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from tango_ie.core.registry import Registrable


class EncoderFeatures(Protocol):
    """What an encoder keeps of one sentence; made once and used in every epoch."""

    @property
    def cost(self) -> int:
        """Length that a batch is billed for, in sub-words (special tokens included)."""

    @property
    def num_words(self) -> int:
        """T of this sentence."""


class EncoderBatch(Protocol):
    """Padded tensors of several sentences."""

    word_mask: Tensor  # (B, T) bool, True = real word

    def to(self, device: torch.device, non_blocking: bool = False) -> EncoderBatch:
        """The same batch on another device."""


class Encoder(nn.Module, Registrable):
    """Base of all encoders.

    Attributes:
        output_size: H.
    """

    output_size: int

    @abstractmethod
    def encode(self, sentences: Sequence[Sequence[str]]) -> list[Any]:
        """Features of many sentences (of words); called once, so it may batch its tokenisation."""

    @abstractmethod
    def collate(self, features: Sequence[Any]) -> Any:
        """Pad features into an :class:`EncoderBatch` on the CPU."""

    @abstractmethod
    def forward(self, batch: Any) -> Tensor:
        """Word vectors (B, T, H); vectors of padding words are zero."""

    @abstractmethod
    def archived_params(self, folder: Path) -> dict[str, Any]:
        """Write what weights do not hold (tokenizer, architecture) into ``folder``.

        Returns the params that build the same encoder from a folder named ``archive://encoder``,
        to be loaded with weights from the archive.
        """
