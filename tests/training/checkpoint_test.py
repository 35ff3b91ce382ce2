"""Checkpoints: written whole or not at all, read only by the training that they belong to."""

from __future__ import annotations

import errno
import logging
import resource
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import SafetensorError
from torch import nn

from tango_ie.training import checkpoint as module
from tango_ie.training.checkpoint import (
    Checkpoint,
    CheckpointFolder,
    changing_tensors,
    copy_into,
    flatten_optimizer,
    restore_optimizer,
)


def make(step: int, best_step: int | None = None, size: int = 4) -> Checkpoint:
    tensors = {"weight": torch.full((size,), float(step))}
    best = None if best_step is None else {"weight": torch.full((size,), float(best_step))}
    return Checkpoint(
        step, {"at": step, "loss": 0.1}, tensors, {"0.step": torch.tensor(1.0)}, best, best_step
    )


def test_latest_is_what_was_saved_last(tmp_path: Path) -> None:
    folder = CheckpointFolder(tmp_path / "c", "a")
    assert folder.latest() is None
    for step, best in [(1, None), (2, 2), (3, 2), (4, 2), (5, 5)]:
        assert folder.save(make(step, best))
        latest = CheckpointFolder(tmp_path / "c", "a").latest()
        assert latest is not None
        assert latest.step == step
        assert latest.state == {"at": step, "loss": 0.1}
        assert latest.weights["weight"].tolist() == [step] * 4
        assert latest.optimizer["0.step"].shape == ()
        assert (latest.best or {"weight": torch.tensor([])})["weight"].tolist() == [
            best
        ] * 4 * bool(best)
        assert [path.name for path in (tmp_path / "c").iterdir()] == [f"step-{step:010d}"]
    folder.discard()
    assert not (tmp_path / "c").exists()


def test_other_settings_and_broken_files_are_not_read(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert CheckpointFolder(tmp_path, "a").save(make(7))
    assert CheckpointFolder(tmp_path, "b").latest() is None
    assert "other settings" in caplog.text
    (tmp_path / "step-0000000007" / "weights.safetensors").write_bytes(b"broken")
    assert CheckpointFolder(tmp_path, "a").latest() is None
    assert "cannot be read" in caplog.text
    # The place is free for those that can be read.
    assert CheckpointFolder(tmp_path, "a").save(make(7))
    assert CheckpointFolder(tmp_path, "a").latest() is not None


def test_half_written_is_neither_read_nor_kept(tmp_path: Path) -> None:
    (tmp_path / ".writing-9-1").mkdir()
    folder = CheckpointFolder(tmp_path, "a")
    assert folder.latest() is None
    assert folder.save(make(1))
    assert [path.name for path in tmp_path.iterdir()] == ["step-0000000001"]


@pytest.mark.parametrize(
    "error",
    [OSError(errno.ENOSPC, "No space left on device"), SafetensorError("I/O error: No space left")],
)
def test_full_disk_keeps_the_last_one(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    folder = CheckpointFolder(tmp_path, "a")
    assert folder.save(make(1))

    def fail(*_: Any) -> None:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(module, "save_file", fail)
        assert not folder.save(make(2))
        assert not folder.save(make(3))
    assert caplog.text.count("training goes on") == 1
    latest = folder.latest()
    assert latest is not None and latest.step == 1
    assert len(list(tmp_path.iterdir())) == 1
    assert folder.save(make(4)), "and when there is room again, it is used"


def test_real_write_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    folder = CheckpointFolder(tmp_path, "a")
    assert folder.save(make(1))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
    try:
        with caplog.at_level(logging.WARNING):
            written = folder.save(make(2, size=50_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not written
    latest = folder.latest()
    assert latest is not None and latest.step == 1


def test_optimizer_and_model_round_trip() -> None:
    def build() -> tuple[nn.Module, torch.optim.Optimizer]:
        model = nn.Sequential(nn.Linear(3, 3), nn.BatchNorm1d(3))
        model[0].bias.requires_grad_(False)
        trained = [p for p in model.parameters() if p.requires_grad]
        return model, torch.optim.AdamW(trained, lr=0.1, fused=True)

    model, optimizer = build()
    other, other_optimizer = build()
    inputs = torch.randn(5, 3)

    def step(model: nn.Module, optimizer: torch.optim.Optimizer) -> None:
        model(inputs).square().sum().backward()
        optimizer.step()
        optimizer.zero_grad()

    step(model, optimizer)
    assert "0.bias" not in changing_tensors(model)
    assert "1.running_mean" in changing_tensors(model)
    kept = {name: tensor.clone() for name, tensor in changing_tensors(model).items()}
    copy_into(other, kept)
    other[0].bias.data.copy_(model[0].bias)  # type: ignore[union-attr,operator]
    restore_optimizer(
        other_optimizer, {k: v.clone() for k, v in flatten_optimizer(optimizer).items()}
    )
    for _ in range(3):
        step(model, optimizer)
        step(other, other_optimizer)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, other.state_dict()[name]), name
