"""Cells that let a vector take in evidence.

Legend: W words, H hidden, E evidence.
"""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

CellKind = Literal["gru", "linear"]


class GatedUpdate(nn.Module):
    """One step of a gated recurrent unit: the vector is the state, the evidence the input.

        z = σ(W_z [h; e])
        r = σ(W_r [h; e])
        c = tanh(W_c [r ∘ h; e])
        returns (1 − z) ∘ h + z ∘ c

    Source: PMEI (Sun et al. 2021), equation 7; ours has biases. ``torch.nn.GRUCell`` resets the
    state behind the matrix instead of before it.

    Args:
        size: H.
        evidence_size: E, at least 1.

    Shapes:
        vectors (W, H), evidence (W, E); returns (W, H)
    """

    def __init__(self, size: int, evidence_size: int) -> None:
        super().__init__()
        self.gates = nn.Linear(size + evidence_size, 2 * size)
        self.candidate = nn.Linear(size + evidence_size, size)

    def forward(self, vectors: Tensor, evidence: Tensor) -> Tensor:
        both = torch.cat([vectors, evidence], dim=-1)  # (W, H + E)
        update, reset = self.gates(both).sigmoid().chunk(2, dim=-1)  # (W, H) each
        candidate = self.candidate(torch.cat([reset * vectors, evidence], dim=-1)).tanh()
        return vectors + update * (candidate - vectors)

    def adapt(self, here: Tensor, there: Tensor, evidence_size: int) -> None:
        """Take other evidence: its column ``here[k]`` is the old ``there[k]``, others are new."""
        size = self.candidate.out_features
        self.gates = with_evidence(self.gates, size, here, there, evidence_size)
        self.candidate = with_evidence(self.candidate, size, here, there, evidence_size)


class LinearUpdate(nn.Module):
    """A linear layer over vector and evidence, side by side.

    Args:
        size: H.
        evidence_size: E, may be 0.

    Shapes:
        vectors (W, H), evidence (W, E); returns (W, H)
    """

    def __init__(self, size: int, evidence_size: int) -> None:
        super().__init__()
        self.linear = nn.Linear(size + evidence_size, size)

    def forward(self, vectors: Tensor, evidence: Tensor) -> Tensor:
        updated: Tensor = self.linear(torch.cat([vectors, evidence], dim=-1))
        return updated

    def adapt(self, here: Tensor, there: Tensor, evidence_size: int) -> None:
        """See :meth:`GatedUpdate.adapt`."""
        size = self.linear.out_features
        self.linear = with_evidence(self.linear, size, here, there, evidence_size)


def with_evidence(
    old: nn.Linear, size: int, here: Tensor, there: Tensor, evidence_size: int
) -> nn.Linear:
    """A layer with other evidence behind its first ``size`` inputs; what is kept keeps its weights.

    Shapes:
        here, there (N,) int: columns of the new evidence and what they were in the old
    """
    device, dtype = old.weight.device, old.weight.dtype
    new = nn.Linear(size + evidence_size, old.out_features).to(device, dtype)
    with torch.no_grad():
        new.weight[:, :size] = old.weight[:, :size]
        new.weight[:, size + here] = old.weight[:, size + there]
        new.bias.copy_(old.bias)
    return new
