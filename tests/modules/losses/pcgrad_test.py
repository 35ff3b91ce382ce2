"""PCGrad against projections by hand, and against the algorithm on the gradients themselves."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from tango_ie.modules.losses import PCGrad, TaskGradients


def state_of(
    gradients: Tensor, counts: Tensor | None = None, words: float = 1.0, seed: int = 0
) -> TaskGradients:
    """What a rule sees of gradients (K, P) of mean losses."""
    gradients = gradients.double()
    counts = torch.ones(len(gradients)) if counts is None else counts
    return TaskGradients(
        gradients @ gradients.T,
        torch.ones(len(gradients)).double(),
        counts.double(),
        words,
        torch.Generator().manual_seed(seed),
    )


def combined(rule: PCGrad, gradients: Tensor, state: TaskGradients) -> Tensor:
    return rule.coefficients(state).shared @ gradients.double()


def reference(gradients: Tensor, scales: Tensor, generator: torch.Generator) -> Tensor:
    """Algorithm 1 as it is written, vector by vector."""
    original = [gradient * scale for gradient, scale in zip(gradients, scales, strict=True)]
    total = torch.zeros_like(gradients[0])
    present = [task for task, scale in enumerate(scales.tolist()) if scale > 0]
    for task in present:
        projected = original[task].clone()
        others = [other for other in present if other != task]
        for place in torch.randperm(len(others), generator=generator).tolist():
            other = original[others[place]]
            if projected @ other < 0:
                projected = projected - (projected @ other) / (other @ other) * other
        total = total + projected
    return total


def test_two_tasks_by_hand() -> None:
    """(1, 0) and (-1, 1) conflict: they become (.5, .5) and (0, 1)."""
    gradients = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
    rule = PCGrad([1.0, 1.0])
    assert combined(rule, gradients, state_of(gradients)).tolist() == pytest.approx([0.5, 1.5])
    assert rule.describe() == {"conflicts": [1.0]}


def test_own_parameters_are_left_alone_and_agreement_too() -> None:
    gradients = torch.tensor([[1.0, 0.0], [1.0, 1.0]])
    rule = PCGrad([1.0, 0.5])
    shared, own = rule.coefficients(state_of(gradients, torch.tensor([8.0, 2.0]), words=8.0))
    assert shared.tolist() == own.tolist() == [1.0, 0.125]
    shared, own = rule.coefficients(state_of(-gradients.diag().diag() + gradients))
    assert rule.describe() == {"conflicts": [0.0]}
    conflicting = torch.tensor([[1.0, 0.0], [-1.0, 1.0]])
    shared, own = rule.coefficients(state_of(conflicting))
    assert own.tolist() == [1.0, 0.5] != shared.tolist()


def test_a_missing_task_takes_no_part() -> None:
    gradients = torch.tensor([[1.0, 0.0], [0.0, 0.0], [-1.0, 1.0]])
    rule = PCGrad([1.0] * 3)
    found = combined(rule, gradients, state_of(gradients, torch.tensor([1.0, 0.0, 1.0])))
    assert found.tolist() == pytest.approx([0.5, 1.5])
    assert rule.pairs.item() == 2


@given(seed=st.integers(0, 2**31), tasks=st.integers(1, 5), size=st.integers(1, 6))
def test_against_the_algorithm(seed: int, tasks: int, size: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    gradients = torch.randn(tasks, size, generator=generator).double()
    weights = (0.1 + torch.rand(tasks, generator=generator)).tolist()
    counts = torch.randint(0, 4, (tasks,), generator=generator).double()
    gradients = gradients * (counts > 0).unsqueeze(1)
    rule = PCGrad(weights)
    found = combined(rule, gradients, state_of(gradients, counts, 5.0, seed))
    scales = torch.tensor(weights) * counts / 5.0
    expected = reference(gradients, scales, torch.Generator().manual_seed(seed))
    torch.testing.assert_close(found, expected, atol=1e-6, rtol=1e-5)
