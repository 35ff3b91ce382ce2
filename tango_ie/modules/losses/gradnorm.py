"""GradNorm: weights that let all tasks learn at one pace.

Legend: K tasks.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.losses.gradient_rule import Coefficients, GradientRule, TaskGradients
from tango_ie.modules.losses.weighting import TaskWeighting, refuse_weights

_SMALLEST = 1e-3  # of a weight: a task is never switched off for good
_BETAS, _EPSILON = (0.9, 0.999), 1e-8


@TaskWeighting.register("tango_ie::gradnorm")
class GradNorm(GradientRule):
    """Move the weights so that the gradients' norms fit the tasks' training rates.

    Source: Chen et al. (2018). With the norm ``G = |w ∇L|`` of each task, their mean ``Ḡ``, and the
    relative rate ``r``: the ratio of the loss to that of the first step, divided by the mean of
    these ratios:

        minimise over w:  Σ |G − Ḡ r^α|     (Ḡ r^α being a constant)

    by one step of Adam, after which the weights are scaled to the sum K. Differences: norms are
    taken over all parameters that several tasks use, instead of the last layer, since their
    gradients are there anyway; the first loss of a task is that of the first batch with its gold;
    tasks that are missing in a batch keep their weight. No weight falls below 0.001.

    Args:
        alpha: α, at least 0: how strongly slow tasks are pulled along.
        learning_rate: of the weights, above 0.

    Raises:
        ConfigurationError: a number outside its range, or a task with a weight of its own.
    """

    weights: Tensor  # (K,)
    first_losses: Tensor  # (K,), zero as long as a task was not seen
    moments: Tensor  # (2, K) of Adam
    updates: Tensor  # (K,) of each weight

    def __init__(
        self, weights: Sequence[float], alpha: float = 1.5, learning_rate: float = 0.025
    ) -> None:
        super().__init__()
        refuse_weights(weights, "gradnorm")
        if alpha < 0:
            raise ConfigurationError(f"must be 0 or more, found {alpha}", "alpha")
        if learning_rate <= 0:
            raise ConfigurationError(f"must be more than 0, found {learning_rate}", "learning_rate")
        self.alpha = alpha
        self.learning_rate = learning_rate
        tasks = len(weights)
        self.register_buffer("weights", torch.ones(tasks))
        self.register_buffer("first_losses", torch.zeros(tasks))
        self.register_buffer("moments", torch.zeros(2, tasks))
        self.register_buffer("updates", torch.zeros(tasks))

    def forward(self, losses: Tensor, counts: Tensor) -> Tensor:
        return (self.weights * losses).sum()

    def coefficients(self, gradients: TaskGradients) -> Coefficients:
        """See :meth:`GradientRule.coefficients`; the weights change for the next step."""
        used = self.weights.cpu().double()  # (K,)
        present = gradients.counts > 0  # (K,)
        first = self.first_losses.cpu().double()
        first = torch.where(present & (first == 0), gradients.losses, first)
        self.first_losses.copy_(first)
        norms = gradients.products.diagonal().clamp(min=0).sqrt()  # (K,) without weights
        # Several tasks are needed, and parameters that they share.
        if int(present.sum()) > 1 and bool(norms[present].any()):
            moved = self._moved(used, norms, gradients.losses / first.clamp(min=1e-12), present)
            self.weights.copy_(moved)
        scaled = used * gradients.shares
        return Coefficients(scaled, scaled)

    def describe(self) -> dict[str, list[float]]:
        """The weights in the end."""
        weights: list[float] = self.weights.tolist()
        return {"weights": weights}

    def _moved(self, weights: Tensor, norms: Tensor, ratios: Tensor, present: Tensor) -> Tensor:
        """The weights after one step; all tensors (K,)."""
        weighted = weights * norms
        rates = ratios / ratios[present].mean().clamp(min=1e-12)
        targets = weighted[present].mean() * rates**self.alpha
        slope = (weighted - targets).sign() * norms * present
        updates = self.updates.cpu().double() + present
        moments = self.moments.cpu().double()
        for order, beta in enumerate(_BETAS):
            moments[order] = torch.where(
                present, beta * moments[order] + (1 - beta) * slope ** (order + 1), moments[order]
            )
        self.updates.copy_(updates)
        self.moments.copy_(moments)
        mean, square = (
            moments[order] / (1 - beta ** updates.clamp(min=1)) for order, beta in enumerate(_BETAS)
        )
        step = self.learning_rate * mean / (square.sqrt() + _EPSILON)
        moved = torch.where(present, weights - step, weights).clamp(min=_SMALLEST)
        return moved * (len(moved) / moved.sum())
