"""The gradients of several tasks, one by one, over all ranks.

Legend: K tasks, W parameters (tensors), P weights (numbers) of all of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn

from tango_ie.modules.losses import GradientRule, TaskGradients
from tango_ie.training.distributed import Ranks


class TaskBackward:
    """A backward pass for each task, and what a rule makes of the gradients.

    Memory grows by one gradient of all parameters for each task.

    Args:
        rule: decides, see :class:`tango_ie.modules.losses.GradientRule`.
        parameters: those that are trained.
        ranks: gradients are summed over them, so that the rule sees those of the whole batch.
    """

    def __init__(
        self, rule: GradientRule, parameters: Sequence[nn.Parameter], ranks: Ranks
    ) -> None:
        self.rule, self.parameters, self.ranks = rule, list(parameters), ranks
        self._sizes = [parameter.numel() for parameter in self.parameters]

    def backward(
        self,
        task_losses: Mapping[str, tuple[Tensor, Tensor]],
        words: Tensor,
        counted: bool,
        seed: int,
        step: int,
    ) -> None:
        """Set the gradients of the parameters; those that no task uses stay without one.

        Args:
            task_losses: sum and count of each task, on this rank.
            words: weight of the loss, over all ranks.
            counted: whether this rank's share of the batch counts.
            seed: of the training.
            step: of the training.
        """
        sums, used, gradients = self._own_gradients(task_losses, counted)
        for tensor in (sums, used, gradients):
            self.ranks.sum(tensor)
        losses, counts = sums.cpu().double()  # (K,), (K,)
        scales = 1.0 / counts.clamp(min=1e-12)  # (K,)
        gradients *= scales.to(gradients).unsqueeze(1)
        users = (used > 0).sum(0).tolist()  # (W,)
        parts = gradients.split(self._sizes, dim=1)  # W × (K, numbers of the parameter)
        shared = [part for part, number in zip(parts, users, strict=True) if number > 1]
        state = TaskGradients(
            _products(shared, len(losses)),
            losses * scales,
            counts,
            float(words),
            _generator(seed, step),
        )
        together, own = (part.to(gradients) for part in self.rule.coefficients(state))  # (K,) each
        for parameter, part, number in zip(self.parameters, parts, users, strict=True):
            if number:
                coefficients = together if number > 1 else own
                parameter.grad = (coefficients @ part).view_as(parameter)

    def _own_gradients(
        self, task_losses: Mapping[str, tuple[Tensor, Tensor]], counted: bool
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Of this rank: sums and counts (2, K), who uses what (K, W), gradients (K, P)."""
        tasks = len(task_losses)
        first = self.parameters[0]
        gradients = first.new_zeros(tasks, sum(self._sizes))  # (K, P)
        used = first.new_zeros(tasks, len(self.parameters))  # (K, W)
        losses = torch.stack([loss.detach().float() for loss, _ in task_losses.values()])
        counts = torch.stack([count.detach().float() for _, count in task_losses.values()])
        sums = torch.stack((losses, counts)) * float(counted)  # (2, K)
        if counted:
            for task, (loss, _) in enumerate(task_losses.values()):
                if not loss.requires_grad:  # no gold in this batch
                    continue
                found = torch.autograd.grad(
                    loss, self.parameters, retain_graph=True, allow_unused=True
                )
                for place, part in enumerate(gradients[task].split(self._sizes)):
                    gradient = found[place]
                    if gradient is not None:
                        used[task, place] = 1.0
                        part.copy_(gradient.flatten())
        return sums, used, gradients


def _products(parts: Sequence[Tensor], tasks: int) -> Tensor:
    """Scalar products of the tasks' gradients, (K, K); parts are (K, numbers of a parameter)."""
    if not parts:
        return torch.zeros(tasks, tasks, dtype=torch.float64)
    return torch.stack([part @ part.T for part in parts]).cpu().double().sum(0)


def _generator(seed: int, step: int) -> torch.Generator:
    """Random numbers that are those of the step, on every rank."""
    digest = hashlib.blake2b(f"{seed}/{step}/tasks".encode(), digest_size=8).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest, "little") % 2**63)
