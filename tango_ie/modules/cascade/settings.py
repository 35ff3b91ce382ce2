"""What may be varied in the cascade tagger: its two taggers, and how they are read together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least

Targets = Literal["entities", "subjects"]
Tails = Literal["found", "free"]
Fusion = Literal["shared", "own", "hidden"]


@dataclass(frozen=True)
class EntityTagging:
    """The first tagger.

    Args:
        targets: what it finds, which is also what the second tagger is then asked about: all
            ``entities``, or, as in the paper, only the ``subjects`` of relations.
        threshold: a start's and an end's probability must be above it; in (0, 1).

    Raises:
        ConfigurationError: a number out of range.
    """

    targets: Targets = "entities"
    threshold: float = 0.5

    def __post_init__(self) -> None:
        _check_threshold(self.threshold)


@dataclass(frozen=True)
class RelationTagging:
    """The second tagger.

    Args:
        tails: an object must be an entity that was ``found`` by the first tagger, with the same
            start and end, or it is ``free``, and becomes an entity where there is none. ``None``:
            ``found`` if the first tagger's targets are all entities, ``free`` otherwise.
        subjects: train with ``all`` of a sentence, or with ``one``, drawn anew each time, as the
            authors do; its loss is that of all on average.
        vector: of a subject: the ``mean`` of its words, or of its two ``ends``, as in the authors'
            code.
        fusion: how word and subject come together: by ``shared`` weights, as in the paper, by their
            ``own``, or in a ``hidden`` layer. For what the first two cannot do see
            :class:`~tango_ie.modules.cascade.object_tagger.ObjectTagger`.
        size: of the hidden layer; ``None``: that of the encoder.
        threshold: a start's and an end's probability must be above it; in (0, 1).
        weight: of the loss.

    Raises:
        ConfigurationError: a number out of range.
    """

    tails: Tails | None = None
    subjects: Literal["all", "one"] = "all"
    vector: Literal["mean", "ends"] = "mean"
    fusion: Fusion = "hidden"
    size: int | None = None
    threshold: float = 0.5
    weight: float = 1.0

    def __post_init__(self) -> None:
        check_at_least(1, size=1 if self.size is None else self.size)
        if self.size is not None and self.fusion != "hidden":
            raise ConfigurationError(f"the fusion {self.fusion} has no hidden layer", "size")
        _check_threshold(self.threshold)
        if not (self.weight >= 0 and math.isfinite(self.weight)):
            raise ConfigurationError(f"must be 0 or more, found {self.weight}", "weight")

    def tails_for(self, targets: Targets) -> Tails:
        """What ``tails`` means together with the first tagger's targets.

        Raises:
            ConfigurationError: objects must be found by a tagger that is not to find them.
        """
        if self.tails == "found" and targets == "subjects":
            raise ConfigurationError(
                "the first tagger is to find subjects only, so objects cannot be among what it "
                "finds; choose free, or entities as its targets",
                "tails",
            )
        return self.tails or ("found" if targets == "entities" else "free")


def _check_threshold(threshold: float) -> None:
    if not 0 < threshold < 1:
        raise ConfigurationError(f"must lie in (0, 1), found {threshold}", "threshold")
