"""TensorBoard, with the package itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .tracked_training import InterruptionError, curve, train

pytest.importorskip("tensorboard", reason="needs pip install 'tango-ie[tensorboard]'")
# TensorBoard's own imports use what newer libraries deprecate.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


def read(folder: Path) -> Any:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    accumulator = EventAccumulator(str(folder))
    return accumulator.Reload()


@pytest.mark.parametrize("interrupted_at", [None, 7])
def test_curves(tmp_path: Path, interrupted_at: int | None) -> None:
    callback = {"type": "tensorboard", "folder": str(tmp_path / "board")}
    if interrupted_at is not None:
        with pytest.raises(InterruptionError):
            train(tmp_path, [callback], interrupted_at)
    result, _ = train(tmp_path, [callback])
    assert result.info["resumed"] == (interrupted_at is not None)
    events = read(tmp_path / "board" / "tiny")
    for key in ("loss", "epoch_loss", "dev_accuracy", "learning_rate"):
        found = [(event.step, event.value) for event in events.Scalars(key)]
        expected = curve(result.history, key)
        assert [step for step, _ in found] == [step for step, _ in expected], key
        assert [value for _, value in found] == pytest.approx([value for _, value in expected])
    (best,) = events.Scalars("best_score")
    assert best.value == pytest.approx(result.info["best_score"])
    text = events.Tensors("config/text_summary")[-1]
    assert b'"pattern": "^head"' in text.tensor_proto.string_val[0]
    assert len(events.PluginTagToContent("hparams")) == 3


def test_a_second_training_takes_the_place_of_the_first(tmp_path: Path) -> None:
    callback = {"type": "tensorboard", "folder": str(tmp_path / "board")}
    train(tmp_path / "a", [callback])
    result, _ = train(tmp_path / "b", [callback])
    found = read(tmp_path / "board" / "tiny").Scalars("dev_accuracy")
    assert len(found) == len(curve(result.history, "dev_accuracy"))
