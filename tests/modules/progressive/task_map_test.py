"""Maps of tasks and their cells, by their equations."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.distributions import Normal, kl_divergence

from tango_ie.modules.progressive.task_map import TaskMap
from tango_ie.modules.progressive.update_cells import CellKind, GatedUpdate, LinearUpdate

SIZE, EVIDENCE = 4, 3


@pytest.fixture
def inputs() -> tuple[Tensor, Tensor]:
    torch.manual_seed(0)
    return torch.randn(5, SIZE), torch.rand(5, EVIDENCE, requires_grad=True)


def make(*arguments: object, **options: object) -> TaskMap:
    torch.manual_seed(1)
    return TaskMap(SIZE, *arguments, **options)


def test_the_gated_cell_by_its_equations(inputs: tuple[Tensor, Tensor]) -> None:
    vectors, evidence = inputs
    cell = GatedUpdate(SIZE, EVIDENCE)
    of_update, of_reset = cell.gates.weight.chunk(2)
    to_update, to_reset = cell.gates.bias.chunk(2)
    for h, e, found in zip(vectors, evidence, cell(vectors, evidence), strict=True):
        z = torch.sigmoid(of_update @ torch.cat([h, e]) + to_update)
        r = torch.sigmoid(of_reset @ torch.cat([h, e]) + to_reset)
        c = torch.tanh(cell.candidate.weight @ torch.cat([r * h, e]) + cell.candidate.bias)
        assert torch.allclose(found, (1 - z) * h + z * c, atol=1e-6)


def test_torch_s_cell_where_nothing_is_reset(inputs: tuple[Tensor, Tensor]) -> None:
    """There before and behind the matrix are the same."""
    vectors, evidence = inputs
    cell, other = GatedUpdate(SIZE, EVIDENCE), torch.nn.GRUCell(EVIDENCE, SIZE)
    of_state, of_input = other.weight_hh.chunk(3), other.weight_ih.chunk(3)
    with torch.no_grad():
        # Torch's update gate says what stays.
        cell.gates.weight[:SIZE] = -torch.cat([of_state[1], of_input[1]], dim=1)
        cell.gates.bias[:SIZE] = -(other.bias_hh + other.bias_ih).chunk(3)[1]
        cell.gates.bias[SIZE:] = 50
        other.bias_ih[:SIZE] = 100
        cell.candidate.weight.copy_(torch.cat([of_state[2], of_input[2]], dim=1))
        cell.candidate.bias.copy_((other.bias_hh + other.bias_ih).chunk(3)[2])
    assert torch.allclose(cell(vectors, evidence), other(evidence, vectors), atol=1e-6)


@pytest.mark.parametrize("cell", ["gru", "linear"])
def test_a_stochastic_map(inputs: tuple[Tensor, Tensor], cell: CellKind) -> None:
    task_map = make(EVIDENCE, cell)
    mean, deviation = task_map.mean(*inputs), task_map.deviation(*inputs)
    taken, divergence = task_map(*inputs, sample=False)
    assert torch.equal(taken, mean)
    scale = (deviation.square() + 1e-8).sqrt()
    prior_scale = (task_map.prior_deviation(inputs[1]).square() + 1e-8).sqrt()
    prior = Normal(task_map.prior_mean(inputs[1]), prior_scale)
    expected = kl_divergence(Normal(mean, scale), prior).sum()
    assert divergence.item() == pytest.approx(expected.item(), rel=1e-4)
    torch.manual_seed(5)
    drawn = task_map(*inputs, sample=True)[0]
    torch.manual_seed(5)
    assert torch.allclose(drawn, mean + scale * torch.randn(5, SIZE))


def test_the_prior_does_not_move_what_it_is_given(inputs: tuple[Tensor, Tensor]) -> None:
    vectors, evidence = inputs
    task_map = make(EVIDENCE)
    with torch.no_grad():  # nothing else sees the evidence
        for cell in (task_map.mean, task_map.deviation):
            cell.gates.weight[:, SIZE:] = 0
            cell.candidate.weight[:, SIZE:] = 0
    divergence = task_map(vectors, evidence, sample=False)[1]
    divergence.backward()
    assert not evidence.grad.any()
    assert task_map.prior_mean[0].weight.grad.abs().sum() > 0
    assert task_map.deviation.gates.weight.grad.abs().sum() > 0


def test_without_evidence_the_prior_is_the_standard_normal_distribution() -> None:
    vectors = torch.randn(5, SIZE)
    task_map = make(0, "linear")
    assert task_map.prior_mean is None and isinstance(task_map.mean, LinearUpdate)
    nothing = vectors[:, :0]
    scale = task_map.deviation(vectors, nothing).abs()
    expected = kl_divergence(Normal(task_map.mean(vectors, nothing), scale), Normal(0.0, 1.0))
    found = task_map(vectors, nothing, sample=False)[1]
    assert found.item() == pytest.approx(expected.sum().item(), rel=1e-4)


def test_what_is_left_out(inputs: tuple[Tensor, Tensor]) -> None:
    certain = make(EVIDENCE, stochastic=False)
    assert certain.deviation is None and certain.prior_mean is None
    taken, divergence = certain(*inputs, sample=True)
    assert torch.equal(taken, certain.mean(*inputs)) and divergence is None
    free = make(EVIDENCE, bounded=False)
    assert free.prior_mean is None and free(*inputs, sample=True)[1] is None
    assert make(EVIDENCE)(*inputs, sample=False, with_divergence=False)[1] is None


@pytest.mark.parametrize("cell", ["gru", "linear"])
def test_other_evidence(inputs: tuple[Tensor, Tensor], cell: CellKind) -> None:
    """Columns 2 and 0 of the old evidence become 0 and 3; what is new says nothing yet."""
    vectors, evidence = inputs
    task_map = make(EVIDENCE, cell)
    with torch.no_grad():
        shown = evidence * torch.tensor([1.0, 0.0, 1.0])
        before = task_map(vectors, shown, sample=False)
        task_map.adapt(torch.tensor([0, 3]), torch.tensor([2, 0]), 5)
        moved = torch.zeros(5, 5)
        moved[:, 0], moved[:, 3] = shown[:, 2], shown[:, 0]
        after = task_map(vectors, moved, sample=False)
    assert torch.allclose(after[0], before[0], atol=1e-6)
    assert after[1].item() == pytest.approx(before[1].item(), rel=1e-4)
