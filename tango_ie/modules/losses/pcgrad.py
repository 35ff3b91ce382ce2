"""PCGrad: gradients that work against each other lose what is in conflict.

Legend: K tasks.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tango_ie.modules.losses.gradient_rule import Coefficients, GradientRule, TaskGradients
from tango_ie.modules.losses.weighting import TaskWeighting


@TaskWeighting.register("tango_ie::pcgrad")
class PCGrad(GradientRule):
    """Project each task's gradient onto the normal plane of those that it conflicts with.

    Source: Yu et al. (2020), algorithm 1: for each task, the others in random order; where the
    product with another's original gradient is negative, the part along that gradient is taken
    away. Then the gradients are summed. Only parameters that several tasks use are treated so.
    Without a conflict this is ``fixed``.

    What is projected always stays a combination of the K gradients, so all of it is done on their
    scalar products, in float64.

    Args:
        weights: of the tasks; a gradient is scaled before it is projected.
    """

    weights: Tensor  # (K,)
    pairs: Tensor  # () int, ordered pairs of tasks that were looked at
    conflicts: Tensor  # () int, those that were in conflict in the beginning

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        self.register_buffer("weights", torch.tensor([*weights]), persistent=False)
        self.register_buffer("pairs", torch.zeros((), dtype=torch.int64))
        self.register_buffer("conflicts", torch.zeros((), dtype=torch.int64))

    def forward(self, losses: Tensor, counts: Tensor) -> Tensor:
        return (self.weights * losses).sum()

    def coefficients(self, gradients: TaskGradients) -> Coefficients:
        """See :meth:`GradientRule.coefficients`."""
        products = gradients.products
        present = [task for task, count in enumerate(gradients.counts.tolist()) if count > 0]
        own = self.weights.cpu().double() * gradients.shares  # (K,)
        scales = torch.diag(own)  # (K, K) row k: the projected gradient of k in terms of all
        for task in present:
            others = [other for other in present if other != task]
            order = torch.randperm(len(others), generator=gradients.generator).tolist()
            for other in (others[place] for place in order):
                along = float(scales[task] @ products[other])
                if along < 0:
                    scales[task, other] -= along / products[other, other]
            self.pairs += len(others)
            self.conflicts += sum(products[task, other] < 0 for other in others)
        return Coefficients(scales.sum(0), own)

    def describe(self) -> dict[str, list[float]]:
        """The share of conflicts among all pairs of tasks."""
        return {"conflicts": [int(self.conflicts) / max(int(self.pairs), 1)]}
