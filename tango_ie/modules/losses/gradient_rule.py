"""How gradients of several tasks become one: what a rule is told, and what it decides.

Legend: K tasks.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from tango_ie.modules.losses.weighting import TaskWeighting


@dataclass(frozen=True)
class TaskGradients:
    """The gradients of one step over the whole batch, reduced to what rules look at.

    All gradients are those of mean losses, ``sum / count``. Tasks without gold in the batch have
    zeros everywhere, and take no part. All tensors are float64 and on the CPU.

    Args:
        products: scalar products of the gradients with each other, over the parameters that
            several tasks use.
        losses: mean losses.
        counts: words that have gold.
        words: of the batch, as they count in the model's loss.
        generator: gives every rank the same numbers.

    Shapes:
        products (K, K), losses (K,), counts (K,)
    """

    products: Tensor
    losses: Tensor
    counts: Tensor
    words: float
    generator: torch.Generator

    @property
    def shares(self) -> Tensor:
        """What turns gradients of means into those of the sum over words, (K,)."""
        return self.counts / max(self.words, 1e-12)


class Coefficients(NamedTuple):
    """The step's gradient is ``sum(coefficient * gradient)`` over the tasks, (K,) each.

    ``shared`` is for parameters that several tasks use, ``own`` for those of a single one.
    """

    shared: Tensor
    own: Tensor


class GradientRule(TaskWeighting):
    """Base of weightings that need each task's gradient, not only its loss.

    The trainer asks them at every step. What they keep from step to step are buffers of the model,
    so that they lie in checkpoints and a resumed run goes on with them. Every step costs a backward
    pass for each task.
    """

    @abstractmethod
    def coefficients(self, gradients: TaskGradients) -> Coefficients:
        """What the gradients of this step are multiplied by; may change the rule's own state."""
