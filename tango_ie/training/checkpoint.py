"""Checkpoints that survive ``kill -9`` and a full disk.

A checkpoint is a folder ``step-N`` with ``state.json``, ``weights.safetensors``,
``optimizer.safetensors`` and, when there is a best epoch, ``best.safetensors``. It is written under
another name, brought to the disk, and renamed; only then the one before is removed. So there is
always a complete one once the first has been written, and a half-written one is never read.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

logger = logging.getLogger(__name__)
_FINAL, _TEMPORARY = "step-", ".writing-"
_STATE, _WEIGHTS, _OPTIMIZER, _BEST = (
    "state.json",
    "weights.safetensors",
    "optimizer.safetensors",
    "best.safetensors",
)
FORMAT = 1


@dataclass
class Checkpoint:
    """Everything that training continues from.

    Args:
        step: optimiser steps done.
        state: JSON-able position, scores and history.
        weights: tensors that change in training, by name.
        optimizer: flattened state of the optimiser.
        best: weights of the best epoch so far, if there is one.
        best_step: the step that they are from.
    """

    step: int
    state: dict[str, Any]
    weights: Mapping[str, Tensor]
    optimizer: Mapping[str, Tensor]
    best: Mapping[str, Tensor] | None = None
    best_step: int | None = None


class CheckpointFolder:
    """The checkpoints of one training.

    Args:
        folder: where they lie.
        fingerprint: of everything that determines the result; checkpoints with another one are
            left alone and not used.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self.fingerprint = fingerprint
        self._warned = False

    def latest(self) -> Checkpoint | None:
        """The newest checkpoint that belongs to this training and can be read."""
        for path in reversed(self._finished()):
            try:
                header = json.loads((path / _STATE).read_text(encoding="utf-8"))
                if header["format"] != FORMAT or header["fingerprint"] != self.fingerprint:
                    logger.warning(
                        "ignoring the checkpoint %s: it was made with other settings", path
                    )
                    continue
                best = path / _BEST
                return Checkpoint(
                    step=header["step"],
                    state=header["state"],
                    weights=load_file(path / _WEIGHTS),
                    optimizer=load_file(path / _OPTIMIZER),
                    best=load_file(best) if best.exists() else None,
                    best_step=header["best_step"],
                )
            except (OSError, SafetensorError, ValueError, KeyError) as error:
                logger.warning("ignoring the checkpoint %s: it cannot be read (%s)", path, error)
        return None

    def save(self, checkpoint: Checkpoint) -> bool:
        """Write a checkpoint and remove the older ones.

        Returns:
            Whether it was written. A full disk costs no training: the last checkpoint stays, a
            warning is given once, and training goes on.
        """
        final = self.folder / f"{_FINAL}{checkpoint.step:010d}"
        temporary = self.folder / f"{_TEMPORARY}{checkpoint.step}-{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._discard_unfinished()
            temporary.mkdir()
            self._write(checkpoint, temporary)
            if final.exists():  # of other settings, or unreadable: latest() would have taken it
                shutil.rmtree(final)
            temporary.rename(final)
            _synchronise(self.folder)
        except (OSError, SafetensorError) as error:
            shutil.rmtree(temporary, ignore_errors=True)
            if not self._warned:
                logger.warning(
                    "cannot write a checkpoint into %s (%s); training goes on, and if it is "
                    "interrupted it will resume from an earlier one",
                    self.folder,
                    error,
                )
                self._warned = True
            return False
        for path in self._finished():
            if path != final:
                shutil.rmtree(path, ignore_errors=True)
        return True

    def discard(self) -> None:
        """Remove all checkpoints."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _write(self, checkpoint: Checkpoint, folder: Path) -> None:
        save_file(_storable(checkpoint.weights), folder / _WEIGHTS)
        save_file(_storable(checkpoint.optimizer), folder / _OPTIMIZER)
        if checkpoint.best is not None:
            self._write_best(checkpoint, folder)
        header = {
            "format": FORMAT,
            "fingerprint": self.fingerprint,
            "step": checkpoint.step,
            "best_step": checkpoint.best_step,
            "state": checkpoint.state,
        }
        (folder / _STATE).write_text(json.dumps(header), encoding="utf-8")
        for path in folder.iterdir():
            _synchronise(path)
        _synchronise(folder)

    def _write_best(self, checkpoint: Checkpoint, folder: Path) -> None:
        """Write the best weights, or link to a file that holds the same already."""
        source = None
        if checkpoint.best_step == checkpoint.step:
            source = folder / _WEIGHTS
        else:
            for path in self._finished():
                with contextlib.suppress(OSError, ValueError, KeyError):
                    header = json.loads((path / _STATE).read_text(encoding="utf-8"))
                    same = header["fingerprint"] == self.fingerprint
                    if same and header["best_step"] == checkpoint.best_step:
                        source = path / _BEST
        if source is not None:
            try:
                os.link(source, folder / _BEST)
                return
            except OSError:  # no hard links on this file system
                pass
        assert checkpoint.best is not None
        save_file(_storable(checkpoint.best), folder / _BEST)

    def _finished(self) -> list[Path]:
        return sorted(self.folder.glob(f"{_FINAL}*"))

    def _discard_unfinished(self) -> None:
        for path in self.folder.glob(f"{_TEMPORARY}*"):
            shutil.rmtree(path, ignore_errors=True)


def changing_tensors(model: nn.Module) -> dict[str, Tensor]:
    """The tensors that training can change: parameters with gradients, and buffers.

    Frozen weights are not among them; a resumed run builds them as the first one did.
    """
    return dict(_changing(model))


def copy_into(model: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Put tensors of :func:`changing_tensors` back into a model."""
    with torch.no_grad():
        for name, tensor in _changing(model):
            tensor.copy_(tensors[name])


def flatten_optimizer(optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """The state of an optimiser as named tensors."""
    return {
        f"{index}.{key}": value if isinstance(value, Tensor) else torch.tensor(value)
        for index, entries in optimizer.state_dict()["state"].items()
        for key, value in entries.items()
    }


def restore_optimizer(optimizer: torch.optim.Optimizer, tensors: Mapping[str, Tensor]) -> None:
    """The inverse of :func:`flatten_optimizer`, for an optimiser over the same parameters."""
    state: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, _, key = name.partition(".")
        state.setdefault(int(index), {})[key] = tensor
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def _changing(model: nn.Module) -> Iterator[tuple[str, Tensor]]:
    persistent = model.state_dict(keep_vars=True)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            yield name, parameter
    for name, buffer in model.named_buffers():
        if name in persistent:
            yield name, buffer


def _storable(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}


def _synchronise(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
