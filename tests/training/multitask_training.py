"""A model of two tasks whose gradients can be written down, for tests of the training loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from tango_ie.core.config import build
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output
from tango_ie.modules.losses import GradientRule, TaskWeighting
from tango_ie.modules.tensor_batch import TensorBatch
from tango_ie.training.trainer import Trainer, TrainingResult


@dataclass
class Targets(TensorBatch):
    """What each task wants, (K, B, D), and whether it wants anything, (K, B)."""

    wanted: Tensor
    present: Tensor


class Quadratics(Model):
    """``|shared + own - wanted|² / 2`` for each word of each task; one word is one sentence."""

    def __init__(self, weighting: Any, tasks: int = 2, size: int = 3) -> None:
        super().__init__(Schema())
        generator = torch.Generator().manual_seed(4)
        self.wanted = torch.randn(40, tasks, size, generator=generator)
        self.present = torch.rand(40, tasks, generator=generator) < 0.7
        self.shared = nn.Parameter(torch.zeros(size))
        self.own = nn.ParameterList(nn.Parameter(torch.ones(size)) for _ in range(tasks))
        self.unused = nn.Parameter(torch.ones(2))
        self.weighting: TaskWeighting = build(
            TaskWeighting, weighting, extras={"weights": [1.0] * tasks}
        )

    @property
    def gradient_rule(self) -> GradientRule | None:
        return self.weighting if isinstance(self.weighting, GradientRule) else None

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[Any]:
        return [_Item(int(sentence.words[0])) for sentence in sentences]

    def collate(self, features: Sequence[Any]) -> Targets:
        numbers = [item.number for item in features]
        return Targets(self.wanted[numbers].transpose(0, 1), self.present[numbers].T)

    def forward(self, batch: Targets) -> Output:
        losses = {}
        for task, (wanted, present) in enumerate(zip(batch.wanted, batch.present, strict=True)):
            distance = self.shared + self.own[task] - wanted  # (B, D)
            losses[str(task)] = (distance.square().sum(1) / 2 * present).sum(), present.sum()
        sums = torch.stack([loss for loss, _ in losses.values()])
        counts = torch.stack([count for _, count in losses.values()])
        weight = batch.present.any(0).sum()
        return Output(self.weighting(sums, counts), weight, task_losses=losses)

    def decode(self, batch: Any, output: Any) -> list[Annotations]:
        return []

    def adapt(self, schema: Schema) -> None:
        raise NotImplementedError


@dataclass
class _Item:
    number: int
    cost: int = 1


SENTENCES = [Sentence((str(number),)) for number in range(40)]


def train(folder: Path, model: Model, **params: Any) -> TrainingResult:
    given = {
        "epochs": 3,
        "gradient_clip": None,
        "optimizer": {"learning_rate": 0.05},
        "batching": {"max_sentences": 7},
        "hardware": {"device": "cpu", **params.pop("hardware", {})},
        **params,
    }
    return Trainer.from_params(given).train(model, SENTENCES, folder, 5)
