"""The plain tagger: words of an encoder, a linear layer, tags.

Legend: B batch, T words, L tags, H hidden, N spans.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output
from tango_ie.modules.crf import ConditionalRandomField
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.tag_head import pad_tags
from tango_ie.modules.tag_set import TagSet
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass(frozen=True, slots=True)
class TaggerFeatures:
    """One sentence; ``tag_ids`` (T,) is ``None`` without gold."""

    words: Any
    tag_ids: NDArray[np.int16] | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class TaggerBatch(TensorBatch):
    """Padded sentences; ``tag_ids`` (B, T) is ``None`` without gold, zero at padding."""

    words: Any
    tag_ids: Tensor | None


@dataclass
class TaggerOutput(Output):
    """``logits`` (B, T, L), in float32 at least."""

    logits: Tensor | None = None


@Model.register("tango_ie::tagger")
class Tagger(Model):
    """One tag per word, from a linear layer over the encoder's vectors.

    With the softmax head words are independent given the encoder; the CRF head adds scores of
    neighbouring tags. Both decode only legal sequences, and both give each entity its probability:
    that of its tags together with the event that the next word does not continue it (under the CRF
    the exact posterior).

    Tags cannot hold entities that nest or overlap. In training the longest of them are kept
    (ties: the first); what is left out is counted by :meth:`unrepresentable`.

    The loss of a batch is the sum over its words (softmax) or sentences (CRF) of the negative
    log-likelihood, and its weight is the number of words for both, so that one learning rate and
    one loss scale serve both heads.

    Args:
        schema: the entity types.
        encoder: gives the words' vectors.
        head: ``softmax`` or ``crf``.
        scheme: ``iob2`` by default, because with it each type costs two tags instead of four, which
            few examples learn more easily, and because published baselines use it.
        dropout: probability in [0, 1), applied to the words' vectors.
        strict: gold that tags cannot hold is an error.

    Raises:
        ConfigurationError: the schema has no entity types, or ``dropout`` lies outside [0, 1).
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        head: Literal["softmax", "crf"] = "softmax",
        scheme: Literal["iob2", "bioes"] = "iob2",
        dropout: float = 0.1,
        strict: bool = False,
    ) -> None:
        super().__init__(schema)
        if not 0 <= dropout < 1:
            raise ConfigurationError(f"dropout must lie in [0, 1), found {dropout}")
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.head = EntityHead(encoder.output_size, schema, scheme, head == "crf", strict)
        self.register_load_state_dict_pre_hook(_with_new_names)

    @property
    def tag_set(self) -> TagSet:
        """The tags, in the order of the logits."""
        return self.head.tag_set

    @property
    def crf(self) -> ConditionalRandomField | None:
        """The head's field, if it has one."""
        return self.head.crf

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[TaggerFeatures]:
        """See :meth:`Model.encode`."""
        words = self.encoder.encode(sentences)
        return [
            TaggerFeatures(item, self.head.gold(sentence) if with_gold else None)
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[TaggerFeatures]) -> TaggerBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        gold = [item.tag_ids for item in features if item.tag_ids is not None]
        if len(gold) < len(features):
            return TaggerBatch(words, None)
        return TaggerBatch(words, pad_tags(gold, words.word_mask))

    def forward(self, batch: TaggerBatch) -> TaggerOutput:
        """See :meth:`Model.forward`."""
        words = self.dropout(self.encoder(batch.words))  # (B, T, H)
        logits = self.head(words)  # (B, T, L)
        if batch.tag_ids is None:
            return TaggerOutput(logits=logits)
        loss, weight = self.head.loss(logits, batch.tag_ids, batch.words.word_mask)
        return TaggerOutput(loss=loss, loss_weight=weight, logits=logits)

    def decode(self, batch: TaggerBatch, output: TaggerOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.logits is None:
            raise ValueError("decode needs the logits of forward")
        return self.head.decode(output.logits, batch.words.word_mask)

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The head's parameters are replaced: make the optimiser afterwards.
        """
        self.schema = schema
        self.head = self.head.adapted(schema)

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Entities left out of training: ``same_span``, ``nested`` or ``crossing`` a kept one."""
        return self.head.unrepresentable(sentences)


def _with_new_names(module: nn.Module, state: dict[str, Any], prefix: str, *_: Any) -> None:
    """Weights of archives from before the field became a part of the head."""
    old = f"{prefix}crf."
    for name in [name for name in state if name.startswith(old)]:
        state[f"{prefix}head.{name[len(prefix) :]}"] = state.pop(name)
