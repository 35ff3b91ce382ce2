"""Gaussians with independent dimensions.

Legend: D dimensions.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Gaussian(NamedTuple):
    """Normal distributions, one for each dimension.

    Shapes:
        mean, variance (..., D)
    """

    mean: Tensor
    variance: Tensor

    def sample(self) -> Tensor:
        """One draw from torch's global generator, with gradients for mean and variance."""
        return self.mean + self.variance.sqrt() * torch.randn_like(self.mean)


def divergence(one: Gaussian, other: Gaussian) -> Tensor:
    """Kullback-Leibler divergence KL(one ‖ other) in nats, summed over dimensions.

    Shapes:
        mean and variance (..., D); returns (...)

    >>> flat, far = Gaussian(torch.zeros(1), torch.ones(1)), Gaussian(torch.ones(1), torch.ones(1))
    >>> divergence(far, flat).item()
    0.5
    """
    ratio = one.variance / other.variance  # (..., D)
    distance = (one.mean - other.mean).square() / other.variance
    return 0.5 * (ratio - ratio.log() + distance - 1).sum(-1)


def divergence_from_standard(one: Gaussian) -> Tensor:
    """KL to the standard normal distribution, see :func:`divergence`."""
    return 0.5 * (one.variance - one.variance.log() + one.mean.square() - 1).sum(-1)
