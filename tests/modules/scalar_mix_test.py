"""The learned average of layers."""

from __future__ import annotations

import pytest
import torch

from tango_ie.modules.scalar_mix import ScalarMix


def test_weights() -> None:
    mix = ScalarMix(3)
    layers = [torch.full((2, 2), float(value)) for value in (1, 2, 6)]
    assert torch.allclose(mix(layers), torch.full((2, 2), 3.0))
    with torch.no_grad():
        mix.weights.copy_(torch.tensor([0.0, -100.0, 100.0]))
        mix.gamma.fill_(0.5)
    assert torch.allclose(mix(layers), torch.full((2, 2), 3.0))


def test_gradients() -> None:
    mix = ScalarMix(2).double()
    layers = [torch.randn(3, dtype=torch.float64, requires_grad=True) for _ in range(2)]
    torch.autograd.gradcheck(lambda *inputs: mix(inputs), layers)


def test_another_number_of_layers() -> None:
    with pytest.raises(ValueError, match="1 layers given, 2 expected"):
        ScalarMix(2)([torch.zeros(1)])
