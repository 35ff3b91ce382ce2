"""The plain tagger: words of an encoder, a linear layer, tags.

Legend: B batch, T words, L tags, H hidden, N spans.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.data.schemes import flatten
from tango_ie.models.base import Model, Output
from tango_ie.modules.crf import ConditionalRandomField
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.linear_chain import Spans
from tango_ie.modules.tag_set import TagSet
from tango_ie.modules.tensor_batch import TensorBatch

_IGNORED = -100


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
        ConfigurationError: the schema has no entity types.
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
        self.scheme = scheme
        self.strict = strict
        self.dropout = nn.Dropout(dropout)
        self.tag_set = self._tag_set(schema)
        self.head = _new_head(encoder.output_size, len(self.tag_set))
        self.crf = ConditionalRandomField(self.tag_set.allowed) if head == "crf" else None

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[TaggerFeatures]:
        """See :meth:`Model.encode`."""
        words = self.encoder.encode([sentence.words for sentence in sentences])
        return [
            TaggerFeatures(item, self._gold(sentence) if with_gold else None)
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[TaggerFeatures]) -> TaggerBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        gold = [item.tag_ids for item in features if item.tag_ids is not None]
        if len(gold) < len(features):
            return TaggerBatch(words, None)
        tag_ids = torch.zeros(words.word_mask.shape, dtype=torch.long)  # (B, T)
        tag_ids[words.word_mask] = torch.from_numpy(np.concatenate(gold).astype(np.int64))
        return TaggerBatch(words, tag_ids)

    def forward(self, batch: TaggerBatch) -> TaggerOutput:
        """See :meth:`Model.forward`."""
        words = self.dropout(self.encoder(batch.words))  # (B, T, H)
        logits = self.head(words)  # (B, T, L)
        logits = logits.to(torch.promote_types(logits.dtype, torch.float32))
        if batch.tag_ids is None:
            return TaggerOutput(logits=logits)
        mask = batch.words.word_mask  # (B, T)
        if self.crf is not None:
            loss = -self.crf.log_likelihood(logits, batch.tag_ids, mask).sum()
        else:
            targets = batch.tag_ids.masked_fill(~mask, _IGNORED)  # (B, T)
            loss = nn.functional.cross_entropy(
                logits.flatten(0, 1), targets.flatten(), ignore_index=_IGNORED, reduction="sum"
            )
        return TaggerOutput(loss=loss, loss_weight=mask.sum(), logits=logits)

    def decode(self, batch: TaggerBatch, output: TaggerOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.logits is None:
            raise ValueError("decode needs the logits of forward")
        logits, mask = output.logits.detach(), batch.words.word_mask
        if self.crf is not None:
            paths = self.crf.best_paths(logits, mask)[0]  # (B, T)
        else:
            paths = self.tag_set.best_paths(logits, mask)
        spans, labels = self.tag_set.spans(paths, mask)
        if self.crf is not None:
            scores = self.crf.span_posteriors(logits, mask, paths, spans, self.tag_set.joins)
        else:
            scores = self.tag_set.span_probabilities(logits, mask, paths, spans)
        return self._annotations(len(mask), spans, labels, scores.detach())

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The head's parameters are replaced: make the optimiser afterwards.
        """
        old_tags, old_head, old_crf = self.tag_set, self.head, self.crf
        device, dtype = old_head.weight.device, old_head.weight.dtype
        self.schema = schema
        self.tag_set = self._tag_set(schema).to(device)
        self.head = _new_head(self.encoder.output_size, len(self.tag_set)).to(device, dtype)
        here, there = self.tag_set.kept(old_tags)
        with torch.no_grad():
            self.head.weight[here] = old_head.weight[there]
            self.head.bias[here] = old_head.bias[there]
            if old_crf is not None:
                self.crf = ConditionalRandomField(self.tag_set.allowed).to(device, dtype)
                pairs = old_crf.transitions[there.unsqueeze(1), there]
                self.crf.transitions[here.unsqueeze(1), here] = pairs
                self.crf.starts[here] = old_crf.starts[there]
                self.crf.ends[here] = old_crf.ends[there]

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Entities left out of training: ``same_span``, ``nested`` or ``crossing`` a kept one."""
        reasons: Counter[str] = Counter()
        for sentence in sentences:
            kept, dropped = _flatten(sentence)
            reasons.update(_reason(entity, kept) for entity in dropped)
        return dict(sorted(reasons.items()))

    def _tag_set(self, schema: Schema) -> TagSet:
        if not schema.entity_types:
            raise ConfigurationError("a tagger needs entity types, but the corpus has none")
        return TagSet(schema.entity_types, self.scheme)

    def _gold(self, sentence: Sentence) -> NDArray[np.int16]:
        for entity in sentence.entities:
            if entity.label not in self.schema.entity_types:
                raise DataError(
                    f"the entity type {entity.label!r} of {' '.join(sentence.words)[:80]!r} is not "
                    f"known to the model; it knows {', '.join(self.schema.entity_types)}"
                )
        kept, dropped = _flatten(sentence)
        if dropped and self.strict:
            entity = dropped[0]
            raise DataError(
                f"{entity.label} [{entity.start}, {entity.end}) overlaps another entity of "
                f"{' '.join(sentence.words)[:80]!r}, which tags cannot hold; allow it with "
                "strict = false, or choose a model for nested entities"
            )
        return np.array(self.tag_set.ids(kept, len(sentence)), np.int16)

    def _annotations(
        self, count: int, spans: Spans, labels: Tensor, scores: Tensor
    ) -> list[Annotations]:
        entities: list[list[Entity]] = [[] for _ in range(count)]
        types = self.schema.entity_types
        columns = (*spans, labels, scores)
        for sentence, start, end, label, score in zip(*(c.tolist() for c in columns), strict=True):
            entities[sentence].append(Entity(types[label], start, end, score))
        return [Annotations(entities=tuple(found)) for found in entities]


def _new_head(input_size: int, num_tags: int) -> nn.Linear:
    head = nn.Linear(input_size, num_tags)
    # As BERT initialises its own layers; training begins near the uniform distribution.
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return head


def _flatten(sentence: Sentence) -> tuple[list[Entity], list[Entity]]:
    """Entities that tags can hold, and the others; mere repetitions count as held."""
    return flatten(tuple(dict.fromkeys(sentence.entities)))


def _reason(entity: Entity, kept: Sequence[Entity]) -> str:
    if any((other.start, other.end) == (entity.start, entity.end) for other in kept):
        return "same_span"
    if any(other.start <= entity.start and entity.end <= other.end for other in kept):
        return "nested"
    return "crossing"
