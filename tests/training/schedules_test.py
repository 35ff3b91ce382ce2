"""Schedules: shape, ends and settings."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.training.schedules import CosineWithRestarts, Schedule


def factors(total: int, **params: object) -> list[float]:
    schedule = Schedule.from_params(params)
    return [schedule.factor(step, total) for step in range(total)]


@given(
    name=st.sampled_from(["linear", "cosine", "cosine_with_restarts", "constant"]),
    warmup=st.floats(min_value=0, max_value=30),
    total=st.integers(min_value=1, max_value=50),
)
def test_always_in_range(name: str, warmup: float, total: int) -> None:
    assert all(0 <= factor <= 1 for factor in factors(total, type=name, warmup=warmup))
    assert factors(total, type=name, warmup=warmup)[0] > 0, "the first step must not be lost"


def test_linear_falls_to_zero_after_training() -> None:
    values = factors(10, type="linear", warmup=0)
    assert values == pytest.approx([1 - step / 10 for step in range(10)])
    assert factors(10, type="linear", warmup=0, final=0.5)[-1] == pytest.approx(0.55)


@pytest.mark.parametrize("warmup", [0.25, 5])
def test_warmup_in_shares_and_steps(warmup: float) -> None:
    values = factors(20, type="constant", warmup=warmup)
    assert values[:5] == pytest.approx([1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6])
    assert values[5:] == [1.0] * 15


def test_default_is_linear_with_warmup() -> None:
    assert Schedule.from_params({}).factor(0, 100) == pytest.approx(1 / 11)


def test_cosine() -> None:
    values = factors(10, type="cosine", warmup=0)
    assert values[0] == 1.0
    assert values[5] == pytest.approx(0.5)
    assert values == sorted(values, reverse=True)


def test_restarts() -> None:
    values = factors(12, type="cosine_with_restarts", warmup=0, cycles=3)
    assert [step for step, value in enumerate(values) if value == 1.0] == [0, 4, 8]
    grown = factors(14, type="cosine_with_restarts", warmup=0, cycles=3, growth=2)
    assert [step for step, value in enumerate(grown) if value == 1.0] == [0, 2, 6]
    assert CosineWithRestarts(warmup=0, cycles=2).factor(10, 10) == pytest.approx(0)


@pytest.mark.parametrize(("first", "growth"), [(4, 1), (2, 2)])
def test_restarts_are_those_of_torch(first: int, growth: int) -> None:
    lengths = [first * growth**cycle for cycle in range(3)]
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    theirs = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        optimizer, T_0=first, T_mult=growth, eta_min=0.1
    )
    expected = []
    for _ in range(sum(lengths)):
        expected.append(theirs.get_last_lr()[0])
        optimizer.step()
        theirs.step()
    params = {"cycles": 3, "growth": growth, "warmup": 0, "final": 0.1}
    ours = factors(sum(lengths), type="cosine_with_restarts", **params)
    assert ours == pytest.approx(expected)


def test_restarts_follow_the_warmup() -> None:
    # As in QPMRC-NER: 10,000 steps, a hundredth of them to warm up, a restart every 2,000 or so.
    schedule = CosineWithRestarts(warmup=0.01, cycles=5)
    values = [schedule.factor(step, 10_000) for step in range(10_000)]
    rises = [step for step in range(101, 10_000) if values[step] > values[step - 1]]
    assert values[99] < values[100] == 1.0
    assert rises == [2080, 4060, 6040, 8020]


def test_refuses_nonsense() -> None:
    for params in [{"warmup": -1}, {"type": "cosine_with_restarts", "cycles": 0}]:
        with pytest.raises(ConfigurationError):
            Schedule.from_params(params)
    with pytest.raises(ConfigurationError, match="growth"):
        CosineWithRestarts(growth=0)
