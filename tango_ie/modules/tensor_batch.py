"""Batches that move between devices as one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

T = TypeVar("T", bound="TensorBatch")


@dataclass
class TensorBatch:
    """Base of dataclasses of padded tensors (and of further batches).

    >>> @dataclass
    ... class Pair(TensorBatch):
    ...     ids: Tensor
    ...     size: int
    >>> Pair(torch.ones(2), 2).to(torch.device("meta")).ids.device.type
    'meta'
    """

    def to(self: T, device: torch.device, non_blocking: bool = False) -> T:
        """The same batch on another device.

        With ``non_blocking`` a transfer to a GPU goes through pinned memory, so that it runs beside
        the computation.
        """
        moved = {
            field.name: _move(getattr(self, field.name), device, non_blocking)
            for field in fields(self)
        }
        return replace(self, **moved)


def _move(value: Any, device: torch.device, non_blocking: bool) -> Any:
    if not isinstance(value, Tensor):
        move = getattr(value, "to", None)  # a batch in the batch
        return value if move is None else move(device, non_blocking)
    if non_blocking and device.type == "cuda" and value.device.type == "cpu":
        value = value.pin_memory()
    return value.to(device, non_blocking=non_blocking)
