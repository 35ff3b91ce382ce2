"""What all layers that turn words' vectors into tags share: scores, loss, best labellings.

Legend: B batch, T words, L tags, H hidden.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.modules.crf import ConditionalRandomField
from tango_ie.modules.linear_chain import Chain

_IGNORED = -100

Head = TypeVar("Head", bound="TagHead")


class TagHead(nn.Linear):
    """A linear layer that knows its tags, with or without a CRF on top.

    :class:`~tango_ie.modules.entity_head.EntityHead` derives from it for entities, and
    :class:`~tango_ie.modules.layer_head.LayerHead` for any other layer of tags. Calling a head
    gives logits, in float32 at least.

    Args:
        input_size: H of the words' vectors.
        tags: the tags, in the order of the outputs.
        allowed: which tag may follow which, begin a sentence, and end one.
        with_crf: whether neighbouring tags are scored, too.

    Shapes:
        vectors (B, T, H) float; returns logits (B, T, L) float
    """

    def __init__(
        self, input_size: int, tags: Sequence[str], allowed: Chain, with_crf: bool
    ) -> None:
        super().__init__(input_size, len(tags))
        # As BERT initialises its own layers; training begins near the uniform distribution.
        nn.init.normal_(self.weight, std=0.02)
        nn.init.zeros_(self.bias)
        self.tags = tuple(tags)
        self.crf = ConditionalRandomField(allowed) if with_crf else None

    def forward(self, vectors: Tensor) -> Tensor:
        logits = super().forward(vectors)  # (B, T, L)
        return logits.to(torch.promote_types(logits.dtype, torch.float32))

    def loss(self, logits: Tensor, tag_ids: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Negative log-likelihood, summed over words (or sentences, under a CRF), and its weight.

        The weight is the number of words with and without CRF, so that one learning rate and one
        loss scale serve both. Without CRF the mask may have holes: words without gold.

        Shapes:
            logits (B, T, L), tag_ids (B, T) int, mask (B, T) bool; returns (), ()
        """
        if self.crf is not None:
            loss = -self.crf.log_likelihood(logits, tag_ids, mask).sum()
        else:
            targets = tag_ids.masked_fill(~mask, _IGNORED)  # (B, T)
            loss = nn.functional.cross_entropy(
                logits.flatten(0, 1), targets.flatten(), ignore_index=_IGNORED, reduction="sum"
            )
        return loss, mask.sum()

    def best_paths(self, logits: Tensor, mask: Tensor) -> Tensor:
        """The most probable legal labelling. Returns (B, T) int, zeros as padding."""
        if self.crf is not None:
            return self.crf.best_paths(logits, mask)[0]
        return self._independent_paths(logits, mask)

    @abstractmethod
    def gold(self, sentence: Sentence) -> NDArray[np.int16] | None:
        """Ids of the gold tags, (T,); ``None`` where the sentence has no such layer.

        Raises:
            DataError: gold that the head does not know, or cannot hold.
        """

    @abstractmethod
    def decode(self, logits: Tensor, mask: Tensor) -> list[Annotations]:
        """What the best labellings mean, one item per sentence."""

    @abstractmethod
    def adapted(self: Head, schema: Schema) -> Head:
        """A new head for another schema: kept tags keep their weights, new ones are new."""

    @abstractmethod
    def _independent_paths(self, logits: Tensor, mask: Tensor) -> Tensor:
        """:meth:`best_paths` when words are independent."""

    def _take(self: Head, old: TagHead, here: Tensor, there: Tensor) -> Head:
        """Take over weights, device and precision; tag ``there[k]`` of ``old`` is ``here[k]``."""
        self.to(old.weight.device, old.weight.dtype)
        with torch.no_grad():
            self.weight[here] = old.weight[there]
            self.bias[here] = old.bias[there]
            if self.crf is not None and old.crf is not None:
                pairs = old.crf.transitions[there.unsqueeze(1), there]
                self.crf.transitions[here.unsqueeze(1), here] = pairs
                self.crf.starts[here] = old.crf.starts[there]
                self.crf.ends[here] = old.crf.ends[there]
        return self.train(old.training)


def pad_tags(tag_ids: Sequence[NDArray[Any]], word_mask: Tensor) -> Tensor:
    """The tags of several sentences as one tensor, zero at padding.

    Shapes:
        tag_ids: (T,) int for each sentence, word_mask (B, T) bool; returns (B, T) int

    >>> pad_tags([np.array([3]), np.array([1, 2])], torch.tensor([[1, 0], [1, 1]]).bool()).tolist()
    [[3, 0], [1, 2]]
    """
    padded = torch.zeros(word_mask.shape, dtype=torch.long)  # (B, T)
    padded[word_mask] = torch.from_numpy(np.concatenate(tag_ids).astype(np.int64))
    return padded
