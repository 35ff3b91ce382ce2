"""Gaussians against ``torch.distributions``."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import Normal, kl_divergence

from tango_ie.modules.progressive.gaussian import Gaussian, divergence, divergence_from_standard

_MEANS = st.floats(-5, 5)
_DEVIATIONS = st.floats(0.05, 5)


@given(st.lists(st.tuples(_MEANS, _DEVIATIONS, _MEANS, _DEVIATIONS), min_size=1, max_size=5))
def test_divergence(numbers: list[tuple[float, ...]]) -> None:
    means, deviations, others, spreads = torch.tensor(numbers, dtype=torch.float64).t()
    found = divergence(Gaussian(means, deviations**2), Gaussian(others, spreads**2))
    expected = kl_divergence(Normal(means, deviations), Normal(others, spreads)).sum()
    assert found.item() == pytest.approx(expected.item(), rel=1e-9, abs=1e-9)
    standard = kl_divergence(Normal(means, deviations), Normal(0.0, 1.0)).sum()
    found = divergence_from_standard(Gaussian(means, deviations**2))
    assert found.item() == pytest.approx(standard.item(), rel=1e-9, abs=1e-9)


def test_gradients_of_divergence() -> None:
    torch.manual_seed(0)
    numbers = [torch.rand(3, 4, dtype=torch.float64).add(0.1).requires_grad_() for _ in range(4)]
    found = divergence(Gaussian(*numbers[:2]), Gaussian(*numbers[2:]))
    assert found.shape == (3,)
    one, other = Normal(numbers[0], numbers[1].sqrt()), Normal(numbers[2], numbers[3].sqrt())
    expected = kl_divergence(one, other).sum()
    pairs = zip(
        torch.autograd.grad(found.sum(), numbers),
        torch.autograd.grad(expected, numbers),
        strict=True,
    )
    assert all(torch.allclose(mine, theirs) for mine, theirs in pairs)


def test_samples() -> None:
    torch.manual_seed(0)
    given_ = Gaussian(torch.full((20_000,), 3.0), torch.full((20_000,), 4.0))
    drawn = given_.sample()
    assert drawn.mean().item() == pytest.approx(3, abs=0.1)
    assert drawn.var().item() == pytest.approx(4, abs=0.2)
    torch.manual_seed(0)
    assert torch.equal(given_.sample(), drawn)
    mean, variance = torch.zeros(3, requires_grad=True), torch.ones(3, requires_grad=True)
    Gaussian(mean, variance).sample().sum().backward()
    assert mean.grad.tolist() == [1, 1, 1] and variance.grad.abs().sum() > 0
