"""The contract that all models keep, and that the trainer and the predictor rely on."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import torch
from torch import Tensor, nn

from tango_ie.core.registry import Registrable
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema


class Features(Protocol):
    """What a model keeps of one sentence; made once and used in every epoch."""

    @property
    def cost(self) -> int:
        """Length that a batch is billed for, in sub-words (special tokens included)."""


class Batch(Protocol):
    """Padded tensors of several sentences."""

    def to(self, device: torch.device, non_blocking: bool = False) -> Batch:
        """The same batch on another device."""


@dataclass
class Output:
    """What ``forward`` gives; models derive their own.

    ``loss`` is a *sum* over the units of the batch (words, sentences, …) and ``loss_weight`` their
    number, so that a batch split over ranks or micro-batches gives the gradient of the whole:
    the trainer minimises ``sum(loss) / sum(loss_weight)``. Both are ``None`` without gold.

    A model of several tasks whose gradients are to be seen one by one has a ``gradient_rule``
    (:class:`tango_ie.modules.losses.GradientRule`), and gives for each task its own sum and the
    number of its units, () each, in ``task_losses``: the same tasks in the same order for every
    batch.
    """

    loss: Tensor | None = None  # ()
    loss_weight: Tensor | None = None  # ()
    task_losses: Mapping[str, tuple[Tensor, Tensor]] | None = field(default=None, kw_only=True)


class Model(nn.Module, Registrable):
    """Base of all models.

    A model is built from its config and a :class:`Schema`. Metrics are not inside models: they
    compare decoded annotations with the gold of the corpus.
    """

    GIVEN_ARGUMENTS = frozenset({"schema"})

    def __init__(self, schema: Schema) -> None:
        super().__init__()
        self.schema = schema

    @abstractmethod
    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[Any]:
        """Features of sentences; called once per corpus.

        With ``with_gold=False`` the annotations of the sentences are not even looked at.

        Raises:
            DataError: gold with a label that the schema does not have (``with_gold`` only).
        """

    @abstractmethod
    def collate(self, features: Sequence[Any]) -> Any:
        """Pad features into a :class:`Batch` on the CPU."""

    @abstractmethod
    def forward(self, batch: Any) -> Any:
        """An :class:`Output`; ``loss`` is set when the batch has gold."""

    @abstractmethod
    def decode(self, batch: Any, output: Any) -> list[Annotations]:
        """Annotations with scores, one per sentence. Never sees gold."""

    @abstractmethod
    def adapt(self, schema: Schema) -> None:
        """Change to another schema in place: kept labels keep their weights, new ones are new."""

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Relation types that the model predicts; none where it finds no relations at all.

        The schema does not tell: a tagger has that of its corpus, relations included.
        """
        return ()

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """How many gold items this model cannot represent, by reason (``{"nested": 12}``)."""
        return {}


@runtime_checkable
class SeveralLayers(Protocol):
    """A model that tags several layers, and can leave out those that sentences have no gold for."""

    @property
    def main_layer(self) -> str:
        """The layer that decides which epoch is kept: ``entities``, or a layer of word tags."""

    def describe_tasks(self) -> dict[str, Any]:
        """What training has made of the tasks, for people; JSON-able."""

    def encode(
        self,
        sentences: Sequence[Sentence],
        with_gold: bool = True,
        layers: Sequence[str] | None = None,
    ) -> list[Any]:
        """See :meth:`Model.encode`; gold is taken from ``layers`` only, unless that is ``None``."""
