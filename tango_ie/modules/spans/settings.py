"""What may be varied in the span model: candidates, what is drawn in training, and relations."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least


@dataclass(frozen=True)
class Candidates:
    """Which spans are looked at, and what is done where those that are found overlap.

    Args:
        max_width: words of the widest span.
        width_size: of the vector that a width has.
        overlaps: ``drop`` entities that overlap with a more probable one; then training flattens
            gold, too. Or ``keep`` all that are found, for corpora in which entities nest.

    Raises:
        ConfigurationError: a number below one.
    """

    max_width: int = 10
    width_size: int = 25
    overlaps: Literal["drop", "keep"] = "drop"

    def __post_init__(self) -> None:
        check_at_least(1, max_width=self.max_width, width_size=self.width_size)


@dataclass(frozen=True)
class Negatives:
    """How many spans that are no entities, and pairs without a relation, a training step sees.

    They are drawn for each sentence, anew at each step.

    Args:
        spans: at most so many of a sentence; ``None``: all.
        pairs: at most so many of a sentence; ``None``: all.
        strong: pairs are those of two gold entities, not of any two spans that were drawn.

    Raises:
        ConfigurationError: a number below 0.
    """

    spans: int | None = 100
    pairs: int | None = 100
    strong: bool = True

    def __post_init__(self) -> None:
        for name in ("spans", "pairs"):
            if getattr(self, name) is not None:
                check_at_least(0, **{name: getattr(self, name)})


@dataclass(frozen=True)
class SpanRelations:
    """How relations are chosen, and how much their loss weighs.

    Args:
        threshold: a relation's probability must be above it; in (0, 1).
        weight: of the loss.
        keep: relations are looked for between so many entities of a sentence, the most probable
            ones; ``None``: between all, of which a model that has learned little finds thousands.

    Raises:
        ConfigurationError: a number out of range.
    """

    threshold: float = 0.4
    weight: float = 1.0
    keep: int | None = 100

    def __post_init__(self) -> None:
        if not 0 < self.threshold < 1:
            raise ConfigurationError(f"must lie in (0, 1), found {self.threshold}", "threshold")
        if not (self.weight >= 0 and math.isfinite(self.weight)):
            raise ConfigurationError(f"must be 0 or more, found {self.weight}", "weight")
        if self.keep is not None:
            check_at_least(2, keep=self.keep)
