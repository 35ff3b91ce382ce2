"""The objective that says whether two neighbouring words belong together.

Legend: B batch, T words, D features of a bigram.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.bigrams import bigram_mask
from tango_ie.modules.tag_set import TagSet

UNLINKED, LINKED = 0, 1
_IGNORED = -100


@dataclass(frozen=True)
class LinkObjective:
    """How much the links of neighbouring words count in the loss, and which are positive.

    Args:
        weight: λ, at least 0; 0 leaves the objective out. The paper's is not known; a second-hand
            implementation adds the two losses as they are.
        positive: ``entity``: both words are in one entity; ``group``: also where both are outside
            of all entities, so that the head learns boundaries. The abstract's "group-consistency"
            permits both; words of one entity are what it describes.
        positive_weight: of positive bigrams, against 1 for the others; above 0.

    Raises:
        ConfigurationError: a weight outside its range.
    """

    weight: float = 1.0
    positive: Literal["entity", "group"] = "entity"
    positive_weight: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.weight < float("inf"):
            raise ConfigurationError(f"must be 0 or more, found {self.weight}", "weight")
        if not 0 < self.positive_weight < float("inf"):
            raise ConfigurationError(
                f"must be more than 0, found {self.positive_weight}", "positive_weight"
            )


class LinkHead(nn.Module):
    """Whether the two words of a bigram are linked; needed in training only.

    Source: CNNBiF (Sung et al. 2021), read as an analogue of next-sentence prediction: is the next
    word the continuation of this group?

    Args:
        input_size: D of the bigrams.
        objective: which bigrams are positive, and what they count.

    Shapes:
        bigrams (B, T + 1, D) float, as :class:`~tango_ie.modules.bigrams.Bigrams` gives them
        returns logits (B, T + 1, 2) float: unlinked, linked
    """

    class_weights: Tensor  # (2,)

    def __init__(self, input_size: int, objective: LinkObjective) -> None:
        super().__init__()
        self.objective = objective
        self.linear = nn.Linear(input_size, 2)
        nn.init.normal_(self.linear.weight, std=0.02)
        nn.init.zeros_(self.linear.bias)
        weights = self.linear.bias.detach().new_tensor([1.0, objective.positive_weight])
        self.register_buffer("class_weights", weights, persistent=False)

    def forward(self, bigrams: Tensor) -> Tensor:
        logits: Tensor = self.linear(bigrams)
        return logits

    def loss(self, bigrams: Tensor, tag_ids: Tensor, word_mask: Tensor, tag_set: TagSet) -> Tensor:
        """λ times the cross-entropy, summed over bigrams, each times the weight of its class.

        Shapes:
            bigrams (B, T + 1, D), tag_ids (B, T) int, word_mask (B, T) bool; returns ()
        """
        labels = link_labels(tag_ids, tag_set, self.objective.positive)
        targets = labels.masked_fill(~bigram_mask(word_mask), _IGNORED)  # (B, T + 1)
        logits = self(bigrams)  # (B, T + 1, 2)
        logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
        losses = nn.functional.cross_entropy(
            logits.flatten(0, 1),
            targets.flatten(),
            self.class_weights.to(logits.dtype),
            ignore_index=_IGNORED,
            reduction="sum",
        )
        return self.objective.weight * losses


def link_labels(
    tag_ids: Tensor, tag_set: TagSet, positive: Literal["entity", "group"] = "entity"
) -> Tensor:
    """Which neighbours are linked, by legal tags; meaningless where there is no bigram.

    Shapes:
        tag_ids (B, T) int; returns (B, T + 1) int, :data:`LINKED` or :data:`UNLINKED`
    """
    left, right = nn.functional.pad(tag_ids, (1, 0)), nn.functional.pad(tag_ids, (0, 1))
    linked = tag_set.joins[left, right]  # (B, T + 1)
    if positive == "group":
        outside = tag_set.labels < 0  # (L,)
        linked = linked | (outside[left] & outside[right])
    return linked.long()
