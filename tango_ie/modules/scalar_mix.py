"""A learned average of several layers."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn


class ScalarMix(nn.Module):
    """``gamma * sum(softmax(weights)[k] * layer[k])``.

    Source: ELMo (Peters et al. 2018), equation 1, without its optional layer normalisation. Starts
    as the plain mean.

    Args:
        num_layers: how many layers are mixed, at least one.

    Shapes:
        layers: ``num_layers`` tensors of one shape; returns a tensor of that shape

    >>> mix = ScalarMix(2)
    >>> mix([torch.zeros(3), torch.ones(3)]).tolist()
    [0.5, 0.5, 0.5]
    """

    def __init__(self, num_layers: int) -> None:
        super().__init__()
        self.weights = nn.Parameter(torch.zeros(num_layers))
        self.gamma = nn.Parameter(torch.ones(()))

    def forward(self, layers: Sequence[Tensor]) -> Tensor:
        if len(layers) != len(self.weights):
            raise ValueError(f"{len(layers)} layers given, {len(self.weights)} expected")
        shares = (self.gamma * self.weights.softmax(dim=0)).unbind()
        mixed = layers[0] * shares[0]
        # Summed one by one: a stack of all layers would double their memory.
        for layer, share in zip(layers[1:], shares[1:], strict=True):
            mixed = mixed + layer * share
        return mixed
