"""What the multi-task tagger keeps of sentences, and what it gives.

Legend: B batch, T words, L tags of a task, K tasks, I layers given as input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.models.base import Output
from tango_ie.modules.tag_head import pad_tags
from tango_ie.modules.task_head import Gold
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass(frozen=True, slots=True)
class MultitaskFeatures:
    """One sentence; ``gold`` has an item for each task, and is ``None`` in prediction.

    Shapes:
        inputs: (T,) for each layer that is given as input
    """

    words: Any
    gold: tuple[Gold, ...] | None
    inputs: tuple[NDArray[np.int16], ...] = ()

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class MultitaskBatch(TensorBatch):
    """Padded sentences.

    ``num_labelled`` says how many sentences have gold for each task, so that nobody has to wait
    for a GPU to know.

    Shapes:
        tag_ids (K, B, T) int, zero at padding, and labelled (K, B) bool: which sentences have gold
        for which task; both are ``None`` in prediction
        inputs (I, B, T) int
    """

    words: Any
    tag_ids: Tensor | None
    labelled: Tensor | None
    inputs: Tensor
    num_labelled: tuple[int, ...] = ()

    @classmethod
    def padded(
        cls, words: Any, features: Sequence[MultitaskFeatures], num_tasks: int
    ) -> MultitaskBatch:
        """The batch of these sentences (at least one); ``words`` is the encoder's part of it."""
        mask = words.word_mask  # (B, T)
        num_inputs = len(features[0].inputs)
        inputs = mask.new_zeros((num_inputs, *mask.shape), dtype=torch.long)  # (I, B, T)
        for place in range(num_inputs):
            inputs[place] = pad_tags([item.inputs[place] for item in features], mask)
        gold = [item.gold for item in features if item.gold is not None]
        if len(gold) < len(features):
            return cls(words, None, None, inputs)
        tag_ids = mask.new_zeros((num_tasks, *mask.shape), dtype=torch.long)  # (K, B, T)
        labelled = mask.new_zeros((num_tasks, len(mask)))  # (K, B)
        for task, given in enumerate(zip(*gold, strict=True)):
            rows = [row for row, ids in enumerate(given) if ids is not None]
            if rows:
                labelled[task, rows] = True
                there = [ids for ids in given if ids is not None]
                tag_ids[task, rows] = pad_tags(there, mask[rows])
        counts = tuple(labelled.sum(1).tolist())
        return cls(words, tag_ids, labelled, inputs, counts)


@dataclass
class MultitaskOutput(Output):
    """``logits`` (B, T, L) of each task that was run, in float32 at least."""

    logits: Mapping[str, Tensor] = field(default_factory=dict)
