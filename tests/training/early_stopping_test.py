"""Which epoch is best, and when patience runs out."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Literal

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.training.early_stopping import Best, EarlyStopping


class Scores:
    metrics: Mapping[str, Literal["max", "min"]] = {"f1": "max", "loss": "min"}

    def __call__(self, model: Any) -> dict[str, float]:
        return {"f1": 0.0, "loss": 1.0}


def follow(stopping: EarlyStopping, scores: list[float], sign: float) -> tuple[Best, int]:
    """The best, and the number of epochs after which training stops."""
    best = Best()
    for epoch, score in enumerate(scores, start=1):
        stopping.update(best, score, sign, epoch, step=10 * epoch)
        if stopping.exhausted(best):
            return best, epoch
    return best, len(scores)


def test_higher_is_better() -> None:
    best, epochs = follow(EarlyStopping(patience=2), [0.1, 0.5, 0.4, 0.5, 0.9], 1.0)
    assert (best.epoch, best.step, best.score, epochs) == (2, 20, 0.5, 4)


def test_lower_is_better() -> None:
    # Tango's own callback ignored the direction and stopped while the loss was falling.
    best, epochs = follow(EarlyStopping(patience=1), [1.3, 1.1, 0.8, 0.9], -1.0)
    assert (best.epoch, best.score, epochs) == (3, 0.8, 4)


def test_without_patience_all_epochs() -> None:
    assert follow(EarlyStopping(), [0.9, *[0.1] * 20], 1.0)[1] == 21


def test_min_delta_is_for_patience_only() -> None:
    best, epochs = follow(EarlyStopping(patience=2, min_delta=0.1), [0.5, 0.55, 0.58, 0.9], 1.0)
    assert (best.epoch, best.score, epochs) == (3, 0.58, 3)
    slow = follow(EarlyStopping(patience=2, min_delta=0.1), [0.5, 0.55, 0.62, 0.7, 0.73], 1.0)
    assert slow[1] == 5


def test_not_a_number_never_improves() -> None:
    best, _ = follow(EarlyStopping(), [0.2, math.nan, 0.1], 1.0)
    assert best.epoch == 1
    assert follow(EarlyStopping(), [math.nan, 0.1], -1.0)[0].epoch == 2


def test_metric_and_direction() -> None:
    assert EarlyStopping().resolve(Scores()) == ("f1", 1.0)
    assert EarlyStopping(metric="loss").resolve(Scores()) == ("loss", -1.0)
    assert EarlyStopping(metric="loss", mode="max").resolve(Scores()) == ("loss", 1.0)
    assert EarlyStopping().resolve(None) is None
    with pytest.raises(ConfigurationError, match="no dev score 'f2'; known are: f1, loss"):
        EarlyStopping(metric="f2").resolve(Scores())
    with pytest.raises(ConfigurationError, match="dev split"):
        EarlyStopping(patience=3).resolve(None)
    for nonsense in ({"patience": 0}, {"min_delta": -0.1}):
        with pytest.raises(ConfigurationError):
            EarlyStopping(**nonsense)  # type: ignore[arg-type]
