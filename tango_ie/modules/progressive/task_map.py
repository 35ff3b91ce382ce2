"""From the vectors that tasks share to those of one task, by what was predicted early.

Legend: W words, H hidden, E evidence.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from tango_ie.modules.progressive.gaussian import Gaussian, divergence, divergence_from_standard
from tango_ie.modules.progressive.update_cells import (
    CellKind,
    GatedUpdate,
    LinearUpdate,
    with_evidence,
)


class TaskMap(nn.Module):
    """A task's vectors t, given the shared h and the evidence y' of early predictions.

    Source: PMEI (Sun et al. 2021), after the information bottleneck of Alemi et al. 2017. A
    stochastic map has two cells of the same kind, which give the mean and the deviation of

        p(t | h, y') = N(m(h, y'), s(h, y')² + ε)

    Training draws from it, prediction takes the mean. What t knows beyond y' is bounded by
    KL(p(t | h, y') ‖ r(t | y')), where r is a Gaussian by two networks with one hidden layer; they
    see y', but y' is not moved by them. Without evidence r is the standard normal distribution, as
    in Alemi et al.

    A deterministic map is its mean cell alone.

    Args:
        size: H.
        evidence_size: E, may be 0 for linear cells.
        cell: ``gru`` or ``linear``.
        stochastic: see above.
        bounded: whether the divergence is wanted; ``forward`` else gives ``None`` for it.
        least_variance: ε, of r too.

    Shapes:
        vectors (W, H), evidence (W, E); returns vectors (W, H), divergence in sum over words ()
    """

    def __init__(
        self,
        size: int,
        evidence_size: int,
        cell: CellKind = "gru",
        stochastic: bool = True,
        bounded: bool = True,
        least_variance: float = 1e-8,
    ) -> None:
        super().__init__()
        kind = GatedUpdate if cell == "gru" else LinearUpdate
        self.bounded = stochastic and bounded
        self.least_variance = least_variance
        self.mean = kind(size, evidence_size)
        self.deviation = kind(size, evidence_size) if stochastic else None
        has_prior = self.bounded and evidence_size > 0
        self.prior_mean = _network(evidence_size, size) if has_prior else None
        self.prior_deviation = _network(evidence_size, size) if has_prior else None

    def forward(
        self, vectors: Tensor, evidence: Tensor, sample: bool, with_divergence: bool = True
    ) -> tuple[Tensor, Tensor | None]:
        mean = self.mean(vectors, evidence).to(vectors.dtype)  # (W, H)
        wanted = self.bounded and with_divergence
        if self.deviation is None or not (sample or wanted):
            return mean, None
        given = Gaussian(mean, self._variance(self.deviation(vectors, evidence).to(vectors.dtype)))
        drawn = given.sample() if sample else mean
        return drawn, self._divergence(given, evidence.detach()) if wanted else None

    def _divergence(self, given: Gaussian, evidence: Tensor) -> Tensor:
        if self.prior_mean is None or self.prior_deviation is None:
            return divergence_from_standard(given).sum()
        dtype = given.mean.dtype
        mean = self.prior_mean(evidence).to(dtype)
        prior = Gaussian(mean, self._variance(self.prior_deviation(evidence).to(dtype)))
        return divergence(given, prior).sum()

    def _variance(self, deviation: Tensor) -> Tensor:
        # The cells' deviations have any sign.
        return torch.square(deviation) + self.least_variance

    def adapt(self, here: Tensor, there: Tensor, evidence_size: int) -> None:
        """Take other evidence; see :meth:`GatedUpdate.adapt`."""
        for cell in (self.mean, self.deviation):
            if cell is not None:
                cell.adapt(here, there, evidence_size)
        for network in (self.prior_mean, self.prior_deviation):
            if network is not None:
                first = network[0]
                assert isinstance(first, nn.Linear)
                network[0] = with_evidence(first, 0, here, there, evidence_size)


def _network(evidence_size: int, size: int) -> nn.Sequential:
    return nn.Sequential(nn.Linear(evidence_size, size), nn.Tanh(), nn.Linear(size, size))
