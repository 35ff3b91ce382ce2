"""Adapters: a small feed-forward network at the end of each layer.

Legend: R rows, H hidden, b bottleneck.
"""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from tango_ie.modules.tuning.gates import Gate, scaled


class Bottleneck(nn.Module):
    """Makes ``norm(sum)`` into ``norm(sum + g · up(relu(down(norm(sum)))))``.

    The sum is that of a layer's feed-forward network and its input. Source: the adapter of Pfeiffer
    et al. 2021, as UniPELT (Mao et al. 2022) has it: behind the feed-forward network alone, without
    a normalisation of its own.

    Args:
        norm: the normalisation at the end of the layer; its weights stay as they are.
        size: b.
        gate: g, one for each row; ``None``: 1.

    Shapes:
        hidden (R, ..., H), returns (R, ..., H)
    """

    def __init__(self, norm: nn.LayerNorm, size: int, gate: Gate | None = None) -> None:
        super().__init__()
        (hidden_size,) = norm.normalized_shape
        self.down = nn.Linear(hidden_size, size)
        self.up = nn.Linear(size, hidden_size)
        for linear in (self.down, self.up):
            nn.init.normal_(linear.weight, std=0.02)  # nearly nothing: the layer starts as it was
            nn.init.zeros_(linear.bias)
        self.gate = gate
        norm.register_forward_hook(self._insert)

    def forward(self, hidden: Tensor) -> Tensor:
        change: Tensor = self.up(self.down(hidden).relu())
        return change if self.gate is None else scaled(change, self.gate(hidden))

    def _insert(self, norm: nn.Module, args: tuple[Any, ...], output: Tensor) -> Tensor:
        # Not norm(...): that would come here again.
        normalised: Tensor = norm.forward(args[0] + self(output))
        return normalised
