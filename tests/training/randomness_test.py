"""What is drawn in a step depends on seed, step and rank, and on nothing else."""

from __future__ import annotations

import random

import numpy as np
import torch

from tango_ie.training.randomness import seed_everything, seed_step

CPU = torch.device("cpu")


def draw() -> tuple[float, float, float]:
    return random.random(), float(np.random.rand()), float(torch.rand(()))


def test_steps() -> None:
    drawn = {}
    for seed, step, rank in [(0, 0, 0), (0, 1, 0), (0, 0, 1), (1, 0, 0), (-3, 10**12, 7)]:
        seed_step(seed, step, rank, CPU)
        drawn[seed, step, rank] = draw()
    for place, values in drawn.items():
        draw()
        seed_step(*place, CPU)
        assert draw() == values
    for position in range(3):
        assert len({values[position] for values in drawn.values()}) == len(drawn)


def test_everything() -> None:
    for seed in (0, 7, -1, 2**40):
        seed_everything(seed)
        first = draw()
        seed_everything(seed)
        assert draw() == first
