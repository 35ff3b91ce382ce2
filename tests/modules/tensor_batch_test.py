"""Batches that move as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from tango_ie.modules.tensor_batch import TensorBatch


@dataclass
class _Inner(TensorBatch):
    ids: Tensor


@dataclass
class _Outer(TensorBatch):
    inner: Any
    gold: Tensor | None
    size: int


class _Foreign:
    """A batch of another kind, as encoders made of encoders have."""

    def __init__(self, ids: Tensor) -> None:
        self.ids = ids

    def to(self, device: torch.device, non_blocking: bool = False) -> _Foreign:
        return _Foreign(self.ids.to(device, non_blocking=non_blocking))


def test_batches_of_other_kinds_move_too() -> None:
    batch = _Outer(_Foreign(torch.ones(2)), None, 2)
    assert batch.to(torch.device("meta")).inner.ids.device.type == "meta"


def test_everything_inside_moves() -> None:
    batch = _Outer(_Inner(torch.ones(2)), None, 2)
    moved = batch.to(torch.device("meta"), non_blocking=True)
    assert moved.inner.ids.device.type == "meta"
    assert (moved.gold, moved.size) == (None, 2)
    assert batch.inner.ids.device.type == "cpu"
