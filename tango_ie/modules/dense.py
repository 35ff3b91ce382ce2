"""A linear layer with an activation."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

Activation = Literal["relu", "tanh"]


class Dense(nn.Linear):
    """``activation(W x + b)``.

    Args:
        input_size: of the last dimension.
        size: of the result's.
        activation: ``relu`` or ``tanh``.
    """

    def __init__(self, input_size: int, size: int, activation: Activation) -> None:
        super().__init__(input_size, size)
        self.activation: Activation = activation

    def forward(self, vectors: Tensor) -> Tensor:
        hidden = super().forward(vectors)
        return hidden.relu() if self.activation == "relu" else torch.tanh(hidden)
