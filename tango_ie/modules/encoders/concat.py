"""Several encoders side by side.

Legend: B batch, T words, H output.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.base import Encoder, EncoderBatch
from tango_ie.modules.encoders.nesting import archived_part


@dataclass(frozen=True, slots=True)
class ConcatFeatures:
    """The features of one sentence, by each part."""

    parts: tuple[Any, ...]

    @property
    def cost(self) -> int:
        """That of the most expensive part."""
        return max(int(part.cost) for part in self.parts)

    @property
    def num_words(self) -> int:
        """T, the same for all parts."""
        return int(self.parts[0].num_words)


@dataclass
class ConcatBatch:
    """A batch for each part. Shapes: word_mask (B, T) bool."""

    parts: tuple[EncoderBatch, ...]

    @property
    def word_mask(self) -> Tensor:
        """The same for all parts."""
        return self.parts[0].word_mask

    def to(self, device: torch.device, non_blocking: bool = False) -> ConcatBatch:
        """The same batch on another device."""
        return ConcatBatch(tuple(part.to(device, non_blocking) for part in self.parts))


@Encoder.register("tango_ie::concat")
class Concat(Encoder):
    """The vectors of several encoders for a word, one after the other.

    Args:
        parts: any encoders, at least one.

    Raises:
        ConfigurationError: there is none.
    """

    def __init__(self, parts: list[Encoder]) -> None:
        super().__init__()
        if not parts:
            raise ConfigurationError("needs at least one encoder", "parts")
        self.parts = nn.ModuleList(parts)
        self.output_size = sum(part.output_size for part in parts)

    def encode(self, sentences: Sequence[Sentence]) -> list[ConcatFeatures]:
        """See :meth:`Encoder.encode`."""
        by_part = [part.encode(sentences) for part in self._encoders]
        return [ConcatFeatures(items) for items in zip(*by_part, strict=True)]

    def collate(self, features: Sequence[ConcatFeatures]) -> ConcatBatch:
        """See :meth:`Encoder.collate`."""
        return ConcatBatch(
            tuple(
                part.collate([item.parts[place] for item in features])
                for place, part in enumerate(self._encoders)
            )
        )

    def forward(self, batch: ConcatBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        vectors = [part(own) for part, own in zip(self.parts, batch.parts, strict=True)]
        return torch.cat(vectors, dim=-1)  # (B, T, H)

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        parts = [
            archived_part(part, folder, str(place)) for place, part in enumerate(self._encoders)
        ]
        return {"type": "tango_ie::concat", "parts": parts}

    @property
    def _encoders(self) -> list[Encoder]:
        return cast("list[Encoder]", list(self.parts))
