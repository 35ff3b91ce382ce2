"""The losses of several tasks as one: fixed weights, their mean, learned weights.

Legend: K tasks.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.registry import Registrable


class TaskWeighting(nn.Module, Registrable):
    """Base of all ways to make one loss of several.

    What comes out is, like a model's loss, a *sum* that is still to be divided by the number of
    words of the whole batch, so that a batch split over ranks or micro-batches gives the gradient
    of the whole. Where all words have gold for all tasks, it is therefore the weighted sum of the
    tasks' mean losses. Where they do not, each word with gold counts the same, and a task's part is
    what its words make of the batch: sampling and weights change that.

    Args:
        weights: of the tasks, above 0, in their order.

    Shapes:
        losses (K,) float: sums over words; counts (K,): words that have gold; returns () float
    """

    GIVEN_ARGUMENTS = frozenset({"weights"})
    default_implementation = "tango_ie::fixed"

    @abstractmethod
    def forward(self, losses: Tensor, counts: Tensor) -> Tensor:
        """The sum to be minimised."""

    def describe(self) -> dict[str, list[float]]:
        """What training has made of it, for people; one number for each task."""
        return {}


@TaskWeighting.register("tango_ie::fixed")
class FixedWeights(TaskWeighting):
    """``sum(weights * losses)`` with the tasks' own weights.

    Kurin et al. (2022) and Xin et al. (2022) find that nothing elaborate beats it reliably.

    >>> FixedWeights([1.0, 0.5])(torch.tensor([4.0, 6.0]), torch.tensor([2, 2])).item()
    7.0
    """

    weights: Tensor  # (K,)

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        # Known from the config: not part of the weights.
        self.register_buffer("weights", torch.tensor([*weights]), persistent=False)

    def forward(self, losses: Tensor, counts: Tensor) -> Tensor:
        return (self.weights * losses).sum()


@TaskWeighting.register("tango_ie::mean")
class MeanOfTasks(TaskWeighting):
    """The mean of the tasks' losses.

    As in the thread that asks whether parts of speech help to find names, whose ``(a + b) / 2``
    also halves the gradient of the main task. Adam does not see that, but clipping and weight decay
    do; to tell it apart, compare with fixed weights.

    Raises:
        ConfigurationError: a task has a weight of its own.
    """

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        refuse_weights(weights, "mean")

    def forward(self, losses: Tensor, counts: Tensor) -> Tensor:
        return losses.mean()


@TaskWeighting.register("tango_ie::uncertainty")
class UncertaintyWeights(TaskWeighting):
    """A learned variance for each task: ``sum(loss / (2 exp(s)) + s / 2)`` with s its logarithm.

    Source: Kendall, Gal and Cipolla (2018), equation 7, with the logarithm as the parameter. Their
    factor for classification, ``1 / exp(s)``, is the same up to a shift of s by log 2. The
    variances have no part in prediction. They need a higher learning rate than an encoder to move
    at all (a parameter group ``^weighting\\.``).

    Args:
        initial: s in the beginning.

    Raises:
        ConfigurationError: a task has a weight of its own.

    >>> weighting = UncertaintyWeights([1.0, 1.0], initial=0.0)
    >>> weighting(torch.tensor([4.0, 6.0]), torch.tensor([2, 2])).item()
    5.0
    """

    def __init__(self, weights: Sequence[float], initial: float = -0.5) -> None:
        super().__init__()
        refuse_weights(weights, "uncertainty")
        self.log_variances = nn.Parameter(torch.full((len(weights),), float(initial)))  # (K,)

    def forward(self, losses: Tensor, counts: Tensor) -> Tensor:
        spread = self.log_variances
        return (losses * (0.5 * torch.exp(-spread)) + 0.5 * spread * counts).sum()

    def describe(self) -> dict[str, list[float]]:
        """The weights that the variances stand for."""
        weights: list[float] = (0.5 * torch.exp(-self.log_variances.detach())).tolist()
        return {"weights": weights}


def refuse_weights(weights: Sequence[float], name: str) -> None:
    """Weights of one's own go with what keeps them.

    Raises:
        ConfigurationError: a weight other than 1.
    """
    if any(weight != 1 for weight in weights):
        raise ConfigurationError(
            f"{name!r} decides about the weights itself: leave out those of the tasks "
            f"({', '.join(f'{weight:g}' for weight in weights)}), or choose 'fixed' or 'pcgrad'"
        )
