"""Stacks of recurrent layers: padding has no say, and dropout falls where it is said to."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.recurrent import RecurrentStack

LENGTHS = [3, 6, 0, 1]
CELLS = pytest.mark.parametrize("cell", ["lstm", "gru"])


def make(cell: Any = "lstm", layers: int = 2, **arguments: Any) -> RecurrentStack:
    torch.manual_seed(0)
    return RecurrentStack(4, 5, layers, cell, **arguments).eval()


@pytest.fixture
def vectors() -> torch.Tensor:
    torch.manual_seed(1)
    return torch.randn(4, 6, 4)


@pytest.fixture
def mask() -> torch.Tensor:
    return torch.arange(6) < torch.tensor(LENGTHS).unsqueeze(1)


@CELLS
@pytest.mark.parametrize("layers", [1, 2, 3])
def test_equals_each_sequence_alone(
    cell: str, layers: int, vectors: torch.Tensor, mask: torch.Tensor
) -> None:
    stack = make(cell, layers)
    found = stack(vectors, mask)
    assert found.shape == (4, 6, 10) and stack.output_size == 10
    for row, length, outputs in zip(vectors, LENGTHS, found, strict=True):
        assert (outputs[length:] == 0).all()
        expected = row[:length].unsqueeze(0)
        for layer in stack.layers if length else []:
            expected = layer(expected)[0]
        if length:
            assert torch.allclose(outputs[:length], expected[0], atol=1e-6)


@CELLS
def test_a_slow_reference(cell: str) -> None:
    """One layer, both directions, written out step by step from the cells' equations."""
    stack = make(cell, 1)
    (layer,) = stack.layers
    words = torch.randn(1, 5, 4)
    states = []
    for suffix, order in (("", range(5)), ("_reverse", range(4, -1, -1))):
        step = (nn.LSTMCell if cell == "lstm" else nn.GRUCell)(4, 5)
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(step, name).data = getattr(layer, f"{name}_l0{suffix}").data
        state: Any = None
        outputs: dict[int, torch.Tensor] = {}
        for place in order:
            state = step(words[:, place], state)
            outputs[place] = state[0][0] if cell == "lstm" else state[0]
        states.append(torch.stack([outputs[place] for place in range(5)]))
    found = stack(words, torch.ones(1, 5, dtype=torch.bool))[0]
    assert torch.allclose(found, torch.cat(states, dim=-1), atol=1e-6)


@CELLS
def test_what_stands_in_padding_does_not_matter(
    cell: str, vectors: torch.Tensor, mask: torch.Tensor
) -> None:
    stack = make(cell)
    vectors.requires_grad_()
    found = stack(vectors, mask)
    other = vectors.detach().masked_fill(~mask.unsqueeze(-1), 1e6)
    assert torch.equal(stack(other, mask), found)
    found.sum().backward()
    assert vectors.grad is not None
    assert (vectors.grad[~mask] == 0).all() and (vectors.grad[mask] != 0).any()


def test_lengths_can_be_given(vectors: torch.Tensor, mask: torch.Tensor) -> None:
    stack = make()
    assert torch.equal(stack(vectors, mask, torch.tensor(LENGTHS)), stack(vectors, mask))


def test_without_layers_nothing_happens(vectors: torch.Tensor, mask: torch.Tensor) -> None:
    stack = make(layers=0, dropout=0.5).train()
    assert stack.output_size == 4 and not list(stack.parameters())
    assert torch.equal(stack(vectors, mask), vectors.masked_fill(~mask.unsqueeze(-1), 0))


@pytest.mark.parametrize("shape", [(0, 0), (3, 0)])
def test_nothing_to_read(shape: tuple[int, int]) -> None:
    found = make()(torch.zeros(*shape, 4), torch.zeros(shape, dtype=torch.bool))
    assert found.shape == (*shape, 10)


def test_dropout_before_each_layer(vectors: torch.Tensor) -> None:
    full = torch.ones(4, 6, dtype=torch.bool)
    seen: list[torch.Tensor] = []
    stack = make(dropout=0.5).train()
    for layer in stack.layers:
        layer.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].data))
    stack(vectors, full)
    assert len(seen) == 2
    for data in seen:
        assert 0.2 < (data == 0).float().mean() < 0.8
    assert torch.equal(stack.eval()(vectors, full), make()(vectors, full))


def test_variational_dropout_is_the_same_at_all_steps() -> None:
    stack = make(layers=1, dropout=0.5, variational=True).train()
    vectors = torch.ones(8, 6, 4)
    dropped = stack._drop(vectors)
    assert set(dropped.unique().tolist()) == {0.0, 2.0}
    assert (dropped == dropped[:, :1]).all()
    assert (dropped[0] != dropped[1:]).any(), "each sequence has its own"
    plain = make(layers=1, dropout=0.5).train()._drop(vectors)
    assert (plain != plain[:, :1]).any()


@CELLS
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float64])
def test_other_weights(
    cell: str, dtype: torch.dtype, vectors: torch.Tensor, mask: torch.Tensor
) -> None:
    exact = make(cell)(vectors, mask)
    found = make(cell).to(dtype)(vectors, mask)
    assert found.dtype == (torch.float32 if dtype == torch.bfloat16 else torch.float64)
    assert torch.allclose(found.float(), exact, atol=0.03)
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.allclose(make(cell)(vectors, mask).float(), exact, atol=0.03)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [({"size": 0}, "size: must"), ({"layers": -1}, "layers: must"), ({"dropout": 1.0}, "dropout:")],
)
def test_refusals(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        RecurrentStack(**{"input_size": 4, "size": 5, **wrong})
