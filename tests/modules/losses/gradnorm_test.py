"""GradNorm's weights: one step by hand, and what Adam and autograd make of the same objective."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.losses import GradNorm, TaskGradients


def state_of(norms: list[float], losses: list[float], counts: list[float]) -> TaskGradients:
    """What the rule sees of gradients that are at right angles to each other."""
    return TaskGradients(
        torch.tensor(norms).double().square().diag(),
        torch.tensor(losses).double(),
        torch.tensor(counts).double(),
        max(counts),
        torch.Generator(),
    )


def test_one_step_by_hand() -> None:
    """Both have lost nothing yet, so norms 3 and 1 are pulled to 2; Adam's first step is ±rate."""
    rule = GradNorm([1.0, 1.0], learning_rate=0.1)
    shared, own = rule.coefficients(state_of([3.0, 1.0], [2.0, 5.0], [10.0, 5.0]))
    assert shared.tolist() == own.tolist() == [1.0, 0.5], "this step uses the weights before it"
    assert rule.weights.tolist() == pytest.approx([0.9, 1.1])
    assert rule.first_losses.tolist() == [2.0, 5.0]
    # The first has halved its loss: its target is 2 (.5 / .75) ** 1.5 = 1.09 of the mean norm 1.9,
    # that of the other 2.92; so the first goes on down, the second up.
    shared, _ = rule.coefficients(state_of([3.0, 1.0], [1.0, 5.0], [10.0, 5.0]))
    assert shared.tolist() == pytest.approx([0.9, 0.55])
    assert rule.weights.tolist() == pytest.approx([0.8, 1.2], abs=1e-4)


def slow(weights: Tensor, norms: Tensor, losses: Tensor, first: Tensor, alpha: float) -> Tensor:
    """The objective as it is written, for autograd."""
    weighted = weights * norms
    rates = losses / first
    rates = rates / rates.mean()
    targets = (weighted.mean() * rates**alpha).detach()
    return (weighted - targets).abs().sum()


def test_against_autograd_and_adam() -> None:
    torch.manual_seed(0)
    rule = GradNorm([1.0] * 3, alpha=1.2, learning_rate=0.05)
    weights = torch.ones(3, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.Adam([weights], lr=0.05)
    first = None
    for _ in range(12):
        norms, losses = torch.rand(3).double() + 0.1, torch.rand(3).double() + 0.5
        first = losses if first is None else first
        optimiser.zero_grad()
        slow(weights, norms, losses, first, alpha=1.2).backward()
        optimiser.step()
        with torch.no_grad():
            weights.mul_(3 / weights.sum())
        rule.coefficients(state_of(norms.tolist(), losses.tolist(), [1.0, 1.0, 1.0]))
        assert rule.weights.tolist() == pytest.approx(weights.tolist(), abs=1e-5)


def test_missing_tasks() -> None:
    rule = GradNorm([1.0, 1.0, 1.0])
    before = copy.deepcopy(rule.state_dict())
    shared, _ = rule.coefficients(state_of([0.0, 2.0, 0.0], [0.0, 4.0, 0.0], [0.0, 3.0, 0.0]))
    assert shared.tolist() == [0.0, 1.0, 0.0]
    assert rule.weights.tolist() == before["weights"].tolist(), "one task alone says nothing"
    assert rule.first_losses.tolist() == [0.0, 4.0, 0.0]
    rule.coefficients(state_of([5.0, 2.0, 0.0], [1.0, 4.0, 0.0], [3.0, 3.0, 0.0]))
    assert rule.first_losses.tolist() == [1.0, 4.0, 0.0]
    assert rule.weights[0] < 1 < rule.weights[1] and rule.updates.tolist() == [1.0, 1.0, 0.0]


def test_weights_stay_positive() -> None:
    rule = GradNorm([1.0, 1.0], learning_rate=0.9)
    for _ in range(20):
        rule.coefficients(state_of([100.0, 0.01], [1.0, 1.0], [1.0, 1.0]))
    assert rule.weights.min() > 0 and rule.weights.sum().item() == pytest.approx(2.0)
    assert rule.describe()["weights"] == rule.weights.tolist()


@pytest.mark.parametrize("params", [{"alpha": -0.1}, {"learning_rate": 0.0}])
def test_bad_numbers(params: dict[str, float]) -> None:
    with pytest.raises(ConfigurationError, match=f"{next(iter(params))}: must be"):
        GradNorm([1.0, 1.0], **params)
