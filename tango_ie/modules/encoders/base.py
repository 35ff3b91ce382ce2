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
from tango_ie.data.annotations import Sentence


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
        reach: how many words before and after a sentence its vectors may depend on, inside its
            document; 0 for encoders that look at nothing but the sentence.
    """

    output_size: int
    reach: int = 0

    @abstractmethod
    def encode(self, sentences: Sequence[Sentence]) -> list[Any]:
        """Features of many sentences; called once, so it may batch its tokenisation.

        The sentences come in the order of their source: those that stand next to each other may
        be context of each other (:attr:`reach`). Who gives them in parts gives each part with
        ``reach`` words around it, and drops the features of what he added. Entities and relations
        are never looked at.
        """

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
