"""Recurrent layers on top of any encoder.

Legend: B batch, T words, H output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from tango_ie.core.ranges import check_at_least
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.base import Encoder, EncoderBatch
from tango_ie.modules.encoders.nesting import archived_part
from tango_ie.modules.recurrent import Cell, RecurrentStack


@dataclass
class RecurrentBatch:
    """A batch of the encoder below, and the lengths of its sentences.

    Shapes:
        lengths (B,) int, stays on the CPU; word_mask (B, T) bool
    """

    words: EncoderBatch
    lengths: Tensor

    @property
    def word_mask(self) -> Tensor:
        """That of the encoder below."""
        return self.words.word_mask

    def to(self, device: torch.device, non_blocking: bool = False) -> RecurrentBatch:
        """The same batch on another device."""
        return RecurrentBatch(self.words.to(device, non_blocking), self.lengths)


@Encoder.register("tango_ie::recurrent")
class RecurrentEncoder(Encoder):
    """Bidirectional recurrent layers that read the words of another encoder.

    With ``concat`` over static vectors and characters below it and a CRF above it, this is the
    BiLSTM-CRF tagger (Lample et al. 2016).

    Args:
        input: the encoder below.
        size: of a layer, per direction; vectors have twice that.
        layers: how many, at least one.
        cell: ``lstm`` or ``gru``.
        dropout: probability in [0, 1), applied to what goes into each layer.
        variational: drop the same dimensions at all words of a sentence.

    Raises:
        ConfigurationError: a size, number or probability out of range.
    """

    def __init__(
        self,
        input: Encoder,  # noqa: A002 (a config key)
        size: int = 256,
        layers: int = 1,
        cell: Cell = "lstm",
        dropout: float = 0.5,
        variational: bool = False,
    ) -> None:
        super().__init__()
        check_at_least(1, layers=layers)
        self.input = input
        self.stack = RecurrentStack(input.output_size, size, layers, cell, dropout, variational)
        self.output_size = self.stack.output_size
        self._params = {
            "size": size,
            "layers": layers,
            "cell": cell,
            "dropout": dropout,
            "variational": variational,
        }

    def encode(self, sentences: Sequence[Sentence]) -> list[Any]:
        """See :meth:`Encoder.encode`; the features are those of the encoder below."""
        return self.input.encode(sentences)

    def collate(self, features: Sequence[Any]) -> RecurrentBatch:
        """See :meth:`Encoder.collate`."""
        lengths = torch.tensor([item.num_words for item in features], dtype=torch.long)  # (B,)
        return RecurrentBatch(self.input.collate(features), lengths)

    def forward(self, batch: RecurrentBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        words = self.input(batch.words)
        vectors: Tensor = self.stack(words, batch.word_mask, batch.lengths)  # (B, T, H)
        return vectors

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        below = archived_part(self.input, folder, "input")
        return {"type": "tango_ie::recurrent", "input": below, **self._params}
