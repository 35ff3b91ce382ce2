"""Which epoch is kept, and when training stops."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from tango_ie.core.errors import ConfigurationError
from tango_ie.models.base import Model


class Evaluation(Protocol):
    """Scores of a model on the dev split, over the whole split (not a mean over batches).

    Attributes:
        metrics: names of the scores with the direction that is better; the first one decides
            which epoch is kept unless a config says otherwise.
    """

    @property
    def metrics(self) -> Mapping[str, Literal["max", "min"]]: ...

    def __call__(self, model: Model) -> Mapping[str, float]: ...


@dataclass
class Best:
    """The best epoch so far, and for how many epochs nothing has improved."""

    score: float | None = None
    epoch: int = 0
    step: int = 0
    reference: float | None = None
    stale_epochs: int = 0


@dataclass(frozen=True)
class EarlyStopping:
    """Keep the best epoch by a dev metric; stop when it has not improved for a while.

    Args:
        metric: name of a dev score; ``None`` for the evaluation's first (entity F1 for models of
            entities).
        patience: epochs without improvement after which training stops; ``None`` trains all
            epochs and still keeps the best.
        min_delta: what counts as an improvement for ``patience``; the best epoch is kept by the
            score alone.
        mode: whether higher or lower is better; ``"auto"`` knows for the evaluation's scores.

    Raises:
        ConfigurationError: patience below one or a negative ``min_delta``.
    """

    metric: str | None = None
    patience: int | None = None
    min_delta: float = 0.0
    mode: Literal["auto", "max", "min"] = "auto"

    def __post_init__(self) -> None:
        if self.patience is not None and self.patience < 1:
            raise ConfigurationError(f"patience must be at least 1, found {self.patience}")
        if self.min_delta < 0:
            raise ConfigurationError(f"min_delta must not be negative, found {self.min_delta}")

    def resolve(self, evaluation: Evaluation | None) -> tuple[str, float] | None:
        """The name of the metric and +1 (higher is better) or -1; ``None`` without evaluation.

        Raises:
            ConfigurationError: the evaluation has no such score, or a metric without evaluation.
        """
        if evaluation is None:
            if self.metric is not None or self.patience is not None:
                raise ConfigurationError(
                    "early stopping needs a dev split; give one (dev_split) or remove it"
                )
            return None
        name = self.metric or next(iter(evaluation.metrics))
        if name not in evaluation.metrics:
            raise ConfigurationError(
                f"there is no dev score {name!r}; known are: {', '.join(evaluation.metrics)}"
            )
        mode = evaluation.metrics[name] if self.mode == "auto" else self.mode
        return name, 1.0 if mode == "max" else -1.0

    def update(self, best: Best, score: float, sign: float, epoch: int, step: int) -> bool:
        """Take the score of an epoch into account; returns whether it is the best so far.

        A score that is not a number never is, unless it is the first.
        """
        value = -math.inf if math.isnan(score) else sign * score
        improved = best.score is None or value > sign * best.score
        if best.reference is None or value > sign * best.reference + self.min_delta:
            best.reference, best.stale_epochs = sign * value, 0
        else:
            best.stale_epochs += 1
        if improved:
            best.score, best.epoch, best.step = sign * value, epoch, step
        return improved

    def exhausted(self, best: Best) -> bool:
        """Whether patience has run out."""
        return self.patience is not None and best.stale_epochs >= self.patience
