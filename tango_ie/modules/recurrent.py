"""Stacks of bidirectional recurrent layers over padded sequences.

Legend: B batch, T steps, D input, H output.
"""

from __future__ import annotations

from typing import Any, Literal, cast

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

from tango_ie.core.ranges import check_at_least, check_dropout

Cell = Literal["lstm", "gru"]
CELLS: dict[Cell, Any] = {"lstm": nn.LSTM, "gru": nn.GRU}


class RecurrentStack(nn.Module):
    """Bidirectional LSTM or GRU layers, with dropout before each of them.

    Sequences are packed: padding is neither computed nor seen, in both directions. Without layers
    the vectors come out as they went in (and without dropout).

    Args:
        input_size: D.
        size: of a layer, per direction.
        layers: how many, 0 or more.
        cell: ``lstm`` or ``gru``.
        dropout: probability in [0, 1).
        variational: drop the same dimensions at all steps of a sequence (Gal and Ghahramani 2016,
            for the inputs of layers), instead of others at each step.

    Shapes:
        vectors (B, T, D) float; mask (B, T) bool, real steps before padding
        lengths (B,) int on the CPU: those of the mask; they spare a GPU from waiting for them
        returns (B, T, H) float32 at least, zero at padding; H is 2 × size, or D without layers

    Attributes:
        output_size: H.

    Raises:
        ConfigurationError: a size or number out of range.
    """

    def __init__(
        self,
        input_size: int,
        size: int,
        layers: int = 1,
        cell: Cell = "lstm",
        dropout: float = 0.0,
        variational: bool = False,
    ) -> None:
        super().__init__()
        check_at_least(1, size=size)
        check_at_least(0, layers=layers)
        check_dropout(dropout=dropout)
        self.output_size = 2 * size if layers else input_size
        self.variational = variational
        self.dropout = dropout
        sizes = [input_size, *[2 * size] * (layers - 1)][:layers]
        # One module per layer: torch's own stacks have no dropout before the first.
        self.layers = nn.ModuleList(
            CELLS[cell](width, size, batch_first=True, bidirectional=True) for width in sizes
        )

    def forward(self, vectors: Tensor, mask: Tensor, lengths: Tensor | None = None) -> Tensor:
        if not self.layers:
            return vectors.masked_fill(~mask.unsqueeze(-1), 0.0)
        if vectors.numel() == 0:  # no sequence, or only empty ones
            return vectors.new_zeros(*mask.shape, self.output_size, dtype=widened(vectors.dtype))
        if lengths is None:
            lengths = mask.sum(1).cpu()
        for module in self.layers:
            layer = cast("nn.RNNBase", module)
            vectors = self._drop(vectors.to(layer.all_weights[0][0].dtype))
            vectors = run_packed(layer, vectors, lengths)  # (B, T, 2 * size)
        vectors = vectors.masked_fill(~mask.unsqueeze(-1), 0.0)  # where a length is 0
        return vectors.to(widened(vectors.dtype))

    def _drop(self, vectors: Tensor) -> Tensor:
        if not self.variational:
            return nn.functional.dropout(vectors, self.dropout, self.training)
        shape = (vectors.size(0), 1, vectors.size(2))
        kept = nn.functional.dropout(vectors.new_ones(shape), self.dropout, self.training)
        return vectors * kept  # (B, T, D)


def run_packed(layer: nn.RNNBase, vectors: Tensor, lengths: Tensor) -> Tensor:
    """The outputs of a layer for sequences of different lengths; zero at padding.

    A sequence of length 0 is run as if it had one step.

    Shapes:
        vectors (B, T, D); lengths (B,) int on the CPU; returns (B, T, H)
    """
    packed = pack_padded_sequence(
        vectors, lengths.clamp(min=1), batch_first=True, enforce_sorted=False
    )
    outputs: PackedSequence = layer(packed)[0]
    padded: Tensor = pad_packed_sequence(outputs, batch_first=True, total_length=vectors.size(1))[0]
    return padded


def widened(dtype: torch.dtype) -> torch.dtype:
    """Halved weights compute in halves; what stands on an encoder gets float32 at least."""
    return torch.float32 if dtype in (torch.bfloat16, torch.float16) else dtype
