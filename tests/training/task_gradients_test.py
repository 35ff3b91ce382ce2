"""Rules of gradients in the loop: against slow references, over ranks, after an interruption."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.optim.optimizer import register_optimizer_step_pre_hook

from tango_ie.modules.losses import PCGrad
from tango_ie.training.callbacks import Callback
from tango_ie.training.task_gradients import _generator
from tests.modules.losses.pcgrad_test import reference
from tests.training.multitask_training import SENTENCES, Quadratics, train

ONE_STEP = {"max_steps": 1, "schedule": {"type": "constant", "warmup": 0}, "batching": {}}


def first_gradients(model: Quadratics, folder: Path) -> dict[str, Tensor | None]:
    """What the optimiser is given in the first step, which sees 32 of the 40 words."""
    seen: dict[str, Tensor | None] = {}

    def look(*_: Any) -> None:
        seen.update({n: None if p.grad is None else p.grad.clone() for n, p in parameters})

    parameters = [*model.named_parameters()]
    handle = register_optimizer_step_pre_hook(look)
    try:
        train(folder, model, **ONE_STEP)
    finally:
        handle.remove()
    return seen


@pytest.mark.parametrize("tasks", [1, 2, 4])
def test_pcgrad_against_the_algorithm(tmp_path: Path, tasks: int) -> None:
    """Gradients of the quadratics by hand, projected vector by vector."""
    model = Quadratics("pcgrad", tasks)
    model.wanted[:, ::2] += 3.0  # let them conflict
    model.wanted[:, 1::2] -= 3.0
    start = copy.deepcopy(model)
    counted: list[list[int]] = []
    collate = model.collate
    model.collate = lambda features: (  # type: ignore[method-assign]
        counted.append([item.number for item in features]),
        collate(features),
    )[1]
    found = first_gradients(model, tmp_path)
    (numbers,) = counted
    present = start.present[numbers].T  # (K, B)
    means = [
        ((start.shared + start.own[task] - start.wanted[numbers, task])[present[task]]).mean(0)
        for task in range(tasks)
    ]
    shares = present.sum(1) / present.any(0).sum()
    expected = reference(torch.stack(means).detach(), shares, _generator(5, 0))
    torch.testing.assert_close(found["shared"], expected, atol=1e-5, rtol=1e-4)
    for task in range(tasks):
        own = (means[task] * shares[task]).detach()
        torch.testing.assert_close(found[f"own.{task}"], own, atol=1e-5, rtol=1e-4)
    assert found["unused"] is None, "what no task uses has no gradient, and so no decay"
    assert isinstance(model.weighting, PCGrad)
    assert (model.weighting.conflicts > 0) == (tasks > 1)


def test_without_conflict_pcgrad_is_the_plain_sum(tmp_path: Path) -> None:
    weights = []
    for weighting in ("pcgrad", "fixed"):
        model = Quadratics(weighting)
        model.wanted[:, 1] = model.wanted[:, 0] = 5.0
        result = train(tmp_path / weighting, model)
        weights.append([*model.parameters()])
        losses = [record["loss"] for record in result.history]
        assert losses[-1] < losses[0]
    for one, other in zip(*weights, strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_two_ranks_like_one(tmp_path: Path) -> None:
    """A last batch of a single word leaves one rank with nothing."""
    models = []
    for ranks in (1, 2):
        model = Quadratics("pcgrad", tasks=3)
        hardware = {"num_ranks": ranks}
        train(tmp_path / str(ranks), model, hardware=hardware, batching={"max_sentences": 3})
        models.append(model.state_dict())
    assert models[0]["weighting.conflicts"] > 0
    for name, tensor in models[0].items():
        torch.testing.assert_close(models[1][name], tensor, atol=1e-5, rtol=1e-4, msg=name)


class Stop(Callback):
    """Break off after some steps."""

    def __init__(self, after: int) -> None:
        self.after = after

    def step(self, step: int, loss: Callable[[], float]) -> None:
        if step == self.after:
            raise KeyboardInterrupt


@pytest.mark.parametrize("weighting", ["gradnorm", "pcgrad", "uncertainty"])
def test_resumed_bit_for_bit(tmp_path: Path, weighting: str) -> None:
    states = []
    for stops in ([], [2, 5, 11]):
        folder = tmp_path / str(len(stops))
        for stop in [*stops, None]:
            torch.rand(3)
            model = Quadratics(weighting, tasks=3)
            callbacks = () if stop is None else (Stop(stop),)
            watched = {"progress": False, "checkpoint_steps": 1, "callbacks": callbacks}
            try:
                train(folder, model, monitoring=watched)
            except KeyboardInterrupt:
                continue
        states.append(model.state_dict())
    assert all(torch.equal(states[0][name], states[1][name]) for name in states[0])
    assert len(SENTENCES) == 40 and states[0]["shared"].abs().sum() > 0


def test_gradnorm_moves_its_weights(tmp_path: Path) -> None:
    model = Quadratics("gradnorm")
    model.wanted[:, 1] *= 20
    train(tmp_path, model)
    weights = model.weighting.describe()["weights"]
    assert weights[0] > 1 > weights[1] and sum(weights) == pytest.approx(2.0)
