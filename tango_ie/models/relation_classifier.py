"""Relations between entities that are given: the second half of a pipeline.

Legend: B batch, T words, N entities, P pairs, H hidden, R relation types, G gold relations.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.pairs.context_scorer import ContextScorer
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.pairs.pair_loss import Reduction, pair_loss
from tango_ie.modules.pairs.relation_cells import WITH_ITSELF
from tango_ie.modules.pairs.typed_spans import TypedSpans
from tango_ie.modules.said_once import SaidOnce
from tango_ie.modules.tensor_batch import TensorBatch

_said = SaidOnce(logging.getLogger(__name__))


@dataclass(frozen=True, slots=True)
class RelationFeatures:
    """One sentence; ``relations`` is ``None`` without gold.

    Args:
        given: the entities, as the sentence has them.
        first: for each different entity its first place among them.

    Shapes:
        spans (N, 3) int: of different entities; first word, word behind the last, type
        relations (G, 3) int: head and tail among the different entities, label
    """

    words: Any
    given: tuple[Entity, ...]
    first: tuple[int, ...]
    spans: NDArray[np.int64]
    relations: NDArray[np.int64] | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class GoldRelations(TensorBatch):
    """Which pairs are true; pairs, labels (G,) int, each relation once."""

    pairs: Tensor
    labels: Tensor


@dataclass
class RelationBatch(TensorBatch):
    """Padded sentences, and their entities end to end; see :class:`RelationFeatures`."""

    words: Any
    spans: TypedSpans
    pairs: EntityPairs
    given: tuple[tuple[Entity, ...], ...]
    first: tuple[tuple[int, ...], ...]
    gold: GoldRelations | None


@dataclass
class RelationOutput(Output):
    """``words`` (B, T, H) for decoding; ``logits`` (P, R) with gold only."""

    words: Tensor | None = None
    logits: Tensor | None = None


@Model.register("tango_ie::relation_classifier")
class RelationClassifier(Model):
    """Score every relation type for every ordered pair of a sentence's entities.

    Entities are **input**, as the words are: those that a sentence comes with are read in training
    and in prediction, and are given back as they are, with their scores. Gold's are right in
    training. What comes out of a corpus with gold entities is an upper bound; a pipeline finds its
    own, with another model: ``predict`` with a tagger, ``predicted_entities`` to make a corpus of
    that, ``predict`` with this model on it, and ``join_predictions`` to score both against the gold
    of the original corpus. Relations of a sentence are looked at in training alone.

    Which epoch is kept is decided on the dev split with its gold entities
    (:class:`tango_ie.training.evaluation.RelationEvaluation`): by F1 of relations, where that of
    entities is 1 at all times. It is higher than that of a joint model, and no score of a pipeline.

    Pairs are scored by :class:`~tango_ie.modules.pairs.context_scorer.ContextScorer`. The loss of a
    sentence is the binary cross-entropy over its pairs and relation types; the loss of a batch is
    the sum over its sentences. Entities may overlap and nest. Those that repeat count once.

    Args:
        schema: entity types and relation types.
        encoder: gives the words' vectors.
        size: of the hidden layer of a pair.
        type_size: of the vector of an entity's type.
        dropout: probability in [0, 1), applied to what pairs are scored from.
        threshold: a relation's probability must be above it; in (0, 1).
        reduction: the loss of a sentence is the ``mean`` or ``sum`` over its pairs and types.
        self_pairs: whether an entity makes a pair with itself.
        strict: relations of an entity with itself are an error where it makes no such pair.

    Raises:
        ConfigurationError: the schema has no entity or relation types, or an argument is wrong.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        size: int = 256,
        type_size: int = 25,
        dropout: float = 0.1,
        threshold: float = 0.5,
        reduction: Reduction = "mean",
        self_pairs: bool = False,
        strict: bool = False,
    ) -> None:
        super().__init__(schema)
        if not 0 < threshold < 1:
            raise ConfigurationError(f"must lie in (0, 1), found {threshold}", "threshold")
        self.encoder = encoder
        self.threshold = threshold
        self.reduction: Reduction = reduction
        self.self_pairs = self_pairs
        self.strict = strict
        labels = schema.entity_types, schema.relation_types
        self.scorer = ContextScorer(encoder.output_size, *labels, size, type_size, dropout)

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Those that the model predicts."""
        return self.scorer.names

    def encode(
        self, sentences: Sequence[Sentence], with_gold: bool = True
    ) -> list[RelationFeatures]:
        """See :meth:`Model.encode`; entities are read without gold, too.

        Raises:
            DataError: an entity of a type that the model does not know.
        """
        if sentences and not any(sentence.entities for sentence in sentences):
            _said.warn(
                "not one of %d sentences has entities: this model finds relations between entities "
                "that it is given, and finds no entities itself",
                len(sentences),
            )
        words = self.encoder.encode(sentences)
        return [
            self._features(item, sentence, with_gold)
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[RelationFeatures]) -> RelationBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        spans = TypedSpans.of([item.spans for item in features], words.word_mask.size(1))
        pairs = EntityPairs.of(spans.counts, self.self_pairs)
        given, first = tuple(i.given for i in features), tuple(i.first for i in features)
        batch = RelationBatch(words, spans, pairs, given, first, None)
        relations = [item.relations for item in features if item.relations is not None]
        if len(relations) == len(features) and features:
            batch.gold = _gold(relations, pairs)
        return batch

    def forward(self, batch: RelationBatch) -> RelationOutput:
        """See :meth:`Model.forward`."""
        words = self.encoder(batch.words)  # (B, T, H)
        output = RelationOutput(words=words)
        if batch.gold is None:
            return output
        output.logits = self.scorer(words, batch.spans, batch.pairs)  # (P, R)
        gold = batch.gold
        output.loss = pair_loss(output.logits, batch.pairs, gold.pairs, gold.labels, self.reduction)
        output.loss_weight = torch.tensor(len(batch.given), device=words.device)
        return output

    def decode(self, batch: RelationBatch, output: RelationOutput) -> list[Annotations]:
        """See :meth:`Model.decode`: the given entities, and the relations between them."""
        if output.words is None:
            raise ValueError("decode needs the output of forward")
        with torch.no_grad():
            words = output.words.detach()
            found = self.scorer.find(words, batch.spans, batch.pairs, self.threshold)
        counts = batch.spans.counts
        rows = np.repeat(np.arange(len(counts)), counts).tolist()  # (N,) sentence
        places = [place for first in batch.first for place in first]  # (N,) in the sentence
        relations: list[list[Relation]] = [[] for _ in batch.given]
        columns = (column.tolist() for column in found)
        for head, tail, label, score in zip(*columns, strict=True):
            ends = places[head], places[tail]
            relations[rows[head]].append(Relation(self.relation_types[label], *ends, score))
        return [
            Annotations(given, tuple(own))
            for given, own in zip(batch.given, relations, strict=True)
        ]

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The scorer's parameters are replaced: make the optimiser afterwards.
        """
        self.scorer = self.scorer.adapted(schema.entity_types, schema.relation_types)
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Relations left out of training: ``relation_with_itself``."""
        if self.self_pairs:
            return {}
        reasons = Counter(
            WITH_ITSELF
            for sentence in sentences
            for relation in sentence.relations
            if sentence.entities[relation.head] == sentence.entities[relation.tail]
        )
        return dict(reasons)

    def _features(self, words: Any, sentence: Sentence, with_gold: bool) -> RelationFeatures:
        places: dict[Entity, int] = {}  # of the different entities
        first = []
        for place, entity in enumerate(sentence.entities):
            if entity not in places:
                places[entity] = len(places)
                first.append(place)
        spans = [
            (entity.start, entity.end, _known(entity.label, self.scorer.types, "entity", sentence))
            for entity in places
        ]
        return RelationFeatures(
            words,
            sentence.entities,
            tuple(first),
            np.array(spans, np.int64).reshape(-1, 3),
            self._relations(sentence, places) if with_gold else None,
        )

    def _relations(self, sentence: Sentence, places: dict[Entity, int]) -> NDArray[np.int64]:
        rows = set()
        for relation in sentence.relations:
            label = _known(relation.label, self.relation_types, "relation", sentence)
            head, tail = (
                places[sentence.entities[place]] for place in (relation.head, relation.tail)
            )
            if head != tail or self.self_pairs:
                rows.add((head, tail, label))
            elif self.strict:
                raise DataError(
                    f"{relation.label} of {_shown(sentence)} is a relation of an entity with "
                    "itself, which is no pair; allow it with strict = false"
                )
        return np.array(sorted(rows), np.int64).reshape(-1, 3)


def _gold(relations: Sequence[NDArray[np.int64]], pairs: EntityPairs) -> GoldRelations:
    counts = np.array(pairs.counts, np.int64)  # (B,)
    starts = np.repeat(counts.cumsum() - counts, [len(own) for own in relations])  # (G,)
    together = np.concatenate(relations)  # (G, 3)
    ends = torch.from_numpy(together[:, :2] + starts[:, np.newaxis])  # (G, 2)
    heads, tails = (column.contiguous() for column in ends.unbind(1))
    return GoldRelations(pairs.find(heads, tails), torch.from_numpy(together[:, 2].copy()))


def _known(label: str, labels: tuple[str, ...], kind: str, sentence: Sentence) -> int:
    if label not in labels:
        raise DataError(
            f"the {kind} type {label!r} of {_shown(sentence)} is not known to the model; "
            f"it knows {', '.join(labels)}"
        )
    return labels.index(label)


def _shown(sentence: Sentence) -> str:
    return repr(" ".join(sentence.words)[:80])
