"""LoRA: a linear map plus a trained one of low rank.

Legend: R rows, H input size, O output size, r rank.
"""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor, nn

from tango_ie.modules.tuning.gates import Gate, scaled


class LowRank(nn.Module):
    """``g · up(down(hidden))``, added to the output of a linear map that stays as it is.

    Source: LoRA (Hu et al. 2021), equation 3. Starts at zero. A gate takes the place of the
    constant factor (Mao et al. 2022).

    Args:
        linear: the map.
        rank: r.
        factor: g, where there is no gate.
        gate: g, one for each row.

    Shapes:
        hidden (R, ..., H), returns (R, ..., O)
    """

    def __init__(
        self, linear: nn.Linear, rank: int, factor: float = 1.0, gate: Gate | None = None
    ) -> None:
        super().__init__()
        self.down = nn.Linear(linear.in_features, rank, bias=False)
        self.up = nn.Linear(rank, linear.out_features, bias=False)
        nn.init.kaiming_uniform_(self.down.weight, a=math.sqrt(5))
        nn.init.zeros_(self.up.weight)
        self.factor = factor
        self.gate = gate
        linear.register_forward_hook(self._add)

    def forward(self, hidden: Tensor) -> Tensor:
        change: Tensor = self.up(self.down(hidden))
        return change * self.factor if self.gate is None else scaled(change, self.gate(hidden))

    def _add(self, linear: nn.Module, args: tuple[Any, ...], output: Tensor) -> Tensor:
        change: Tensor = self(args[0])
        return output + change
