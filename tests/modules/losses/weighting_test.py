"""Weightings that need no gradients: what they add up, and that parts add up to the whole."""

from __future__ import annotations

import math

import pytest
import torch

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.losses import (
    FixedWeights,
    MeanOfTasks,
    PCGrad,
    TaskWeighting,
    UncertaintyWeights,
)

LOSSES, COUNTS = torch.tensor([6.0, 2.0, 9.0]), torch.tensor([4.0, 4.0, 3.0])


def test_fixed_and_mean() -> None:
    assert FixedWeights([1.0, 0.5, 2.0])(LOSSES, COUNTS).item() == 6 + 1 + 18
    assert MeanOfTasks([1.0, 1.0, 1.0])(LOSSES, COUNTS).item() == pytest.approx(17 / 3)
    assert PCGrad([1.0, 0.5, 2.0])(LOSSES, COUNTS).item() == 25


def test_uncertainty_by_hand() -> None:
    weighting = UncertaintyWeights([1.0, 1.0, 1.0])
    assert weighting.log_variances.tolist() == [-0.5] * 3
    with torch.no_grad():
        weighting.log_variances.copy_(torch.tensor([0.0, 1.0, -2.0]))
    expected = sum(
        loss / (2 * math.exp(s)) + count * s / 2
        for loss, count, s in zip([6, 2, 9], [4, 4, 3], [0.0, 1.0, -2.0], strict=True)
    )
    assert weighting(LOSSES, COUNTS).item() == pytest.approx(expected)
    assert weighting.describe()["weights"] == pytest.approx([0.5, math.exp(-1) / 2, math.e**2 / 2])


def test_uncertainty_settles_at_the_mean_losses() -> None:
    """The best variance of a task is its mean loss, whatever share of words has its gold."""
    weighting = UncertaintyWeights([1.0, 1.0, 1.0])
    optimiser = torch.optim.Adam(weighting.parameters(), lr=0.05)
    for _ in range(400):
        optimiser.zero_grad()
        weighting(LOSSES, COUNTS).backward()
        optimiser.step()
    means = (LOSSES / COUNTS).tolist()
    assert weighting.log_variances.exp().tolist() == pytest.approx(means, rel=1e-3)


@pytest.mark.parametrize("name", ["fixed", "mean", "uncertainty"])
def test_parts_add_up(name: str) -> None:
    weighting = build(TaskWeighting, name, extras={"weights": [1.0, 1.0, 1.0]})
    parts = LOSSES * torch.tensor([0.5, 0.0, 1.0]), COUNTS * torch.tensor([0.5, 0.25, 0.0])
    rest = LOSSES - parts[0], COUNTS - parts[1]
    total = weighting(*parts) + weighting(*rest)
    assert total.item() == pytest.approx(weighting(LOSSES, COUNTS).item())


@pytest.mark.parametrize("name", ["mean", "uncertainty", "gradnorm"])
def test_weights_of_one_s_own(name: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"'{name}' decides .*\(1, 0.3\).*'fixed'"):
        build(TaskWeighting, name, "weighting", {"weights": [1.0, 0.3]})


def test_names() -> None:
    with pytest.raises(ConfigurationError, match="did you mean 'uncertainty'"):
        build(TaskWeighting, "uncertanty", extras={"weights": [1.0]})
    with pytest.raises(ConfigurationError, match="gets 'weights' from the library"):
        build(TaskWeighting, {"type": "fixed", "weights": [1.0]}, extras={"weights": [1.0]})
