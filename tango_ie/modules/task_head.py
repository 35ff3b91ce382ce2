"""One task of several on a common encoder: what it tags, and the layers that are its own.

Legend: B batch, T words, L tags, H hidden.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_at_least, check_dropout
from tango_ie.data.schema import Schema
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.layer_head import LayerHead
from tango_ie.modules.recurrent import RecurrentStack

ENTITIES = "entities"
Gold = NDArray[np.int16] | None
"""Ids of a sentence's tags, (T,); ``None`` where it has no gold for the task."""


@dataclass(frozen=True)
class OwnLayers:
    """Bidirectional recurrent layers that belong to one task.

    Args:
        size: of a layer, per direction, at least 1.
        layers: how many, at least 1.
        cell: ``lstm`` or ``gru``.
    """

    size: int = 64
    layers: int = 1
    cell: Literal["lstm", "gru"] = "gru"

    def __post_init__(self) -> None:
        check_at_least(1, size=self.size, layers=self.layers)


@dataclass(frozen=True)
class Task:
    """A layer of gold, and how it is tagged.

    Args:
        layer: ``entities``, or the name of a layer of word tags. ``None``: ``entities`` for a task
            that is called ``ner``, else the layer of the task's own name.
        head: ``softmax`` or ``crf``.
        weight: of the task's loss, above 0.
        dropout: probability in [0, 1), applied to the words' vectors. Each task draws its own.
        recurrent: layers of its own between the words' vectors and the head.
        scheme: of entities; see :class:`~tango_ie.models.tagger.Tagger`.
        strict: entities that tags cannot hold are an error.
        shuffle: a control. The tags of the training set are dealt out anew to its words: what is
            learned from them then cannot be what they say. Another deal with every seed of the
            training; not for entities, whose tags would break their scheme.

    Raises:
        ConfigurationError: a number outside its range, or entities that are shuffled.
    """

    layer: str | None = None
    head: Literal["softmax", "crf"] = "softmax"
    weight: float = 1.0
    dropout: float = 0.1
    recurrent: OwnLayers | None = None
    scheme: Literal["iob2", "bioes"] = "iob2"
    strict: bool = False
    shuffle: bool = False

    def __post_init__(self) -> None:
        check_dropout(dropout=self.dropout)
        if not 0 < self.weight < float("inf"):
            raise ConfigurationError(
                f"must be more than 0, found {self.weight}; leave the task out instead", "weight"
            )

    def layer_of(self, name: str) -> str:
        """What the task of this name tags."""
        return self.layer or (ENTITIES if name == "ner" else name)


class TaskHead(nn.Module):
    """Dropout, recurrent layers if there are any, and a tag head.

    Args:
        input_size: H of the words' vectors.
        schema: the labels.
        layer: what is tagged, see :meth:`Task.layer_of`.
        task: how.

    Shapes:
        vectors (B, T, H) float, mask (B, T) bool; returns logits (B, T, L) float

    Raises:
        ConfigurationError: the schema has no such layer.
    """

    def __init__(self, input_size: int, schema: Schema, layer: str, task: Task) -> None:
        super().__init__()
        self.layer = layer
        self.dropout = nn.Dropout(task.dropout)
        own = task.recurrent
        self.recurrent = (
            None if own is None else RecurrentStack(input_size, own.size, own.layers, own.cell)
        )
        size = input_size if self.recurrent is None else self.recurrent.output_size
        with_crf = task.head == "crf"
        self.tags: EntityHead | LayerHead = (
            EntityHead(size, schema, task.scheme, with_crf, task.strict)
            if layer == ENTITIES
            else LayerHead(size, schema, layer, with_crf)
        )

    def forward(self, vectors: Tensor, mask: Tensor) -> Tensor:
        vectors = self.dropout(vectors)
        if self.recurrent is not None:
            vectors = self.recurrent(vectors, mask)  # (B, T, 2 * size)
        logits: Tensor = self.tags(vectors)
        return logits

    def adapt(self, schema: Schema) -> None:
        """Change to another schema; a layer of tags that it does not have stays as it was."""
        if self.layer == ENTITIES or schema.tag_layers.get(self.layer):
            self.tags = self.tags.adapted(schema)


def shuffled(gold: list[Gold], generator: np.random.Generator) -> list[Gold]:
    """The same tags dealt out anew to the words that have one.

    >>> tags = [np.array([1, 2], np.int16), None, np.array([3], np.int16)]
    >>> dealt = shuffled(tags, np.random.default_rng(1))
    >>> sorted(int(tag) for ids in dealt if ids is not None for tag in ids), dealt[1]
    ([1, 2, 3], None)
    """
    given = [ids for ids in gold if ids is not None]
    if not given:
        return gold
    dealt = generator.permutation(np.concatenate(given))
    ends = np.cumsum([len(ids) for ids in given])
    parts = iter(np.split(dealt, ends[:-1]))
    return [None if ids is None else next(parts) for ids in gold]
