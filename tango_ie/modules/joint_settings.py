"""What may be varied in the task-specific joint model: layers, and how both tasks are scored."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout
from tango_ie.modules.dense import Activation
from tango_ie.modules.recurrent import Cell


@dataclass(frozen=True)
class TaskLayers:
    """Bidirectional recurrent layers, shared by both tasks and of each of them.

    A task without layers takes the output of the shared ones; without these, that of the encoder.

    Args:
        shared: how many layers both tasks share, 0 or more.
        entities: how many only entities have.
        relations: how many only relations have.
        size: of a layer, per direction.
        cell: ``gru`` or ``lstm``.
        dropout: probability in [0, 1), applied to what goes into each layer.
        variational: drop the same dimensions at all words of a sentence.

    Raises:
        ConfigurationError: a number out of range.
    """

    shared: int = 1
    entities: int = 1
    relations: int = 2
    size: int = 256
    cell: Cell = "gru"
    dropout: float = 0.35
    variational: bool = False

    def __post_init__(self) -> None:
        check_at_least(0, shared=self.shared, entities=self.entities, relations=self.relations)
        check_at_least(1, size=self.size)
        check_dropout(dropout=self.dropout)


@dataclass(frozen=True)
class EntityScoring:
    """The hidden layer below the tags.

    Args:
        size: of the layer.
        activation: ``tanh`` or ``relu``.
        scheme: of the tags.

    Raises:
        ConfigurationError: a size below one.
    """

    size: int = 64
    activation: Activation = "tanh"
    scheme: Literal["iob2", "bioes"] = "iob2"

    def __post_init__(self) -> None:
        check_at_least(1, size=self.size)


@dataclass(frozen=True)
class RelationScoring:
    """How pairs of entities are scored, and how much their loss weighs.

    Args:
        size: of the hidden layer of an entity.
        activation: ``relu`` or ``tanh``.
        label_size: of the vector of an entity's tag.
        dropout: probability in [0, 1), applied to all that is known of a pair.
        threshold: a relation's probability must be above it; in (0, 1).
        weight: λ, of the loss.
        reduction: the loss of a sentence is the ``mean`` over its pairs and relation types, or the
            ``sum``, with which a sentence of many entities counts more (and ten to a hundred times
            as much as with the mean: λ needs another value).
        self_pairs: whether an entity makes a pair with itself.

    Raises:
        ConfigurationError: a number out of range.
    """

    size: int = 128
    activation: Activation = "relu"
    label_size: int = 25
    dropout: float = 0.5
    threshold: float = 0.9
    weight: float = 5.0
    reduction: Literal["mean", "sum"] = "mean"
    self_pairs: bool = False

    def __post_init__(self) -> None:
        check_at_least(1, size=self.size, label_size=self.label_size)
        check_dropout(dropout=self.dropout)
        if not 0 < self.threshold < 1:
            raise ConfigurationError(f"must lie in (0, 1), found {self.threshold}", "threshold")
        if not (self.weight >= 0 and math.isfinite(self.weight)):
            raise ConfigurationError(f"must be 0 or more, found {self.weight}", "weight")
