"""Entities and relations together, with recurrent layers that both share and layers of their own.

Legend: B batch, T words, N entities, P pairs, L tags, D encoder's output, H hidden, R relation
types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.config import build
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.data.schemes import flatten
from tango_ie.models.base import Model, Output
from tango_ie.modules.dense import Dense
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.joint_settings import EntityScoring, RelationScoring, TaskLayers
from tango_ie.modules.pairs.entity_pairs import EntityPairs, GoldEntities, flat_places
from tango_ie.modules.pairs.pair_loss import pair_loss
from tango_ie.modules.pairs.pair_scorer import PairScorer
from tango_ie.modules.pairs.relation_cells import RelationCells
from tango_ie.modules.recurrent import RecurrentStack
from tango_ie.modules.tag_head import pad_tags
from tango_ie.modules.tag_set import TagSet
from tango_ie.modules.tensor_batch import TensorBatch

_DEFAULTS: Any = {}


@dataclass(frozen=True, slots=True)
class JointFeatures:
    """One sentence; what is known of gold is ``None`` without it.

    Shapes:
        tag_ids (T,); last_words (N,) int: of entities, in order; cells (G, 3) int: last word of a
        relation's head, of its tail, label
    """

    words: Any
    tag_ids: NDArray[np.int16] | None
    last_words: NDArray[np.int64] | None
    cells: NDArray[np.int32] | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class JointBatch(TensorBatch):
    """Padded sentences.

    Shapes:
        lengths (B,) int, stays on the CPU; tag_ids (B, T) is ``None`` without gold, zero at padding
    """

    words: Any
    lengths: NDArray[np.int64]
    tag_ids: Tensor | None
    gold: GoldEntities | None


@dataclass
class JointOutput(Output):
    """What decoding needs, and the terms of the loss before they are weighted.

    Shapes:
        tag_logits (B, T, L), relation_words (B, T, H); pair_logits (P, R): of gold entities
        terms () each
    """

    tag_logits: Tensor | None = None
    relation_words: Tensor | None = None
    pair_logits: Tensor | None = None
    terms: Mapping[str, Tensor] = field(default_factory=dict)


@Model.register("tango_ie::task_specific_joint")
class TaskSpecificJoint(Model):
    """A CRF over tags, and pairs of entities, each task with recurrent layers of its own.

    Source: Crone (2020). With S shared layers, N of entities and R of relations:

        v = encoder's vectors         h = S layers over v
        tags of N layers over h: hidden layer, linear layer, CRF
        g_i = [R layers over h; vector of the tag], at the last word of entity i
        score of (i, j): see :class:`~tango_ie.modules.pairs.pair_scorer.PairScorer`
        loss = −log p(tags) + λ BCE(relations)

    Entities and their tags are gold's in training, and those that were found in prediction. The
    paper's ablation keeps the number of parameters, with (S, N, R) = (1, 1, 2), (2, 0, 2),
    (3, 1, 0) and (4, 0, 0). Defaults are its sizes for CoNLL04.

    The paper does not say how losses are reduced. Here both are computed for each sentence (BCE as
    the mean over its pairs and relation types, or their sum) and averaged over sentences. The mean
    over the pairs of a whole batch would not be known before all its parts are; this way a batch
    that is split over ranks or micro-batches gives the gradient of the whole.

    Tags cannot hold entities that overlap. In training the longest of them are kept (ties: the
    first), without the relations of the others; what is left out is counted by
    :meth:`unrepresentable`. Relations have the probability of their pair, entities that of their
    tags.

    Args:
        schema: entity types and relation types.
        encoder: gives the words' vectors.
        layers: recurrent layers.
        entities: how tags are scored.
        relations: how pairs are scored.
        strict: gold that tags or pairs cannot hold is an error.

    Raises:
        ConfigurationError: the schema has no entity or relation types, or an argument is wrong.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        layers: TaskLayers = _DEFAULTS,
        entities: EntityScoring = _DEFAULTS,
        relations: RelationScoring = _DEFAULTS,
        strict: bool = False,
    ) -> None:
        super().__init__(schema)
        self.layers = build(TaskLayers, layers, "layers")
        self.relations = build(RelationScoring, relations, "relations")
        tagging = build(EntityScoring, entities, "entities")
        self.encoder = encoder
        self.strict = strict
        self.shared_layers = self._stack(encoder.output_size, self.layers.shared)
        shared_size = self.shared_layers.output_size
        self.entity_layers = self._stack(shared_size, self.layers.entities)
        self.relation_layers = self._stack(shared_size, self.layers.relations)
        self.tag_features = Dense(self.entity_layers.output_size, tagging.size, tagging.activation)
        self.tags = EntityHead(tagging.size, schema, tagging.scheme, with_crf=True, strict=strict)
        self.tag_vectors = _tag_vectors(self.tags.tag_set, self.relations.label_size)
        self.scorer = PairScorer(
            self.relation_layers.output_size + self.relations.label_size,
            schema.relation_types,
            self.relations.size,
            self.relations.activation,
            self.relations.dropout,
        )

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Those that the model predicts."""
        return self.scorer.names

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[JointFeatures]:
        """See :meth:`Model.encode`."""
        words = self.encoder.encode(sentences)
        cells = self._cells
        return [
            JointFeatures(item, self.tags.gold(one), _last_words(one), cells.of(one))
            if with_gold
            else JointFeatures(item, None, None, None)
            for item, one in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[JointFeatures]) -> JointBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        lengths = words.word_mask.sum(1).numpy()
        tag_ids = [item.tag_ids for item in features if item.tag_ids is not None]
        if len(tag_ids) < len(features) or not features:
            return JointBatch(words, lengths, None, None)
        padded = pad_tags(tag_ids, words.word_mask)
        gold = GoldEntities.of(
            [item.last_words for item in features if item.last_words is not None],
            [item.cells for item in features if item.cells is not None],
            padded,
            self.relations.self_pairs,
        )
        return JointBatch(words, lengths, padded, gold)

    def forward(self, batch: JointBatch) -> JointOutput:
        """See :meth:`Model.forward`."""
        mask = batch.words.word_mask  # (B, T)
        lengths = torch.from_numpy(batch.lengths)
        words = self.encoder(batch.words)  # (B, T, D)
        shared = self.shared_layers(words, mask, lengths)  # (B, T, H)
        of_entities = self.entity_layers(shared, mask, lengths)
        of_relations = self.relation_layers(shared, mask, lengths)
        tag_logits = self.tags(self.tag_features(of_entities))  # (B, T, L)
        output = JointOutput(tag_logits=tag_logits, relation_words=of_relations)
        if batch.tag_ids is None or batch.gold is None:
            return output
        gold = batch.gold
        vectors = self._entity_vectors(of_relations, gold.places, gold.tag_ids)  # (N, H)
        output.pair_logits = self.scorer(vectors, gold.pairs)  # (P, R)
        output.terms = {
            "entities": self.tags.loss(tag_logits, batch.tag_ids, mask)[0],
            "relations": pair_loss(
                output.pair_logits,
                gold.pairs,
                gold.true_pairs,
                gold.true_labels,
                self.relations.reduction,
            ),
        }
        output.loss = output.terms["entities"] + self.relations.weight * output.terms["relations"]
        output.loss_weight = torch.tensor(len(batch.lengths), device=mask.device)
        return output

    def decode(self, batch: JointBatch, output: JointOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.tag_logits is None or output.relation_words is None:
            raise ValueError("decode needs the output of forward")
        with torch.no_grad():
            found = self.tags.decode(output.tag_logits.detach(), batch.words.word_mask)
            entities = [one.entities for one in found]
            relations = self._between(entities, output.relation_words.detach())
        return [Annotations(own, tuple(new)) for own, new in zip(entities, relations, strict=True)]

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The parameters of tags and relations are replaced: make the optimiser afterwards.
        """
        scorer = self.scorer.adapted(schema.relation_types)
        tags = self.tags.adapted(schema)
        old = self.tag_vectors.weight
        vectors = _tag_vectors(tags.tag_set, old.size(1)).to(old.device, old.dtype)
        here, there = tags.tag_set.kept(self.tags.tag_set)
        with torch.no_grad():
            vectors.weight[here] = old[there]
        self.scorer, self.tags, self.tag_vectors = scorer, tags, vectors.train(self.training)
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Gold left out of training.

        Entities that are ``same_span``, ``nested`` or ``crossing`` with a kept one;
        ``relation_of_left_out_entity``; ``relation_with_itself``.
        """
        return self.tags.unrepresentable(sentences) | self._cells.unrepresentable(sentences)

    @property
    def _cells(self) -> RelationCells:
        labels = {label: place for place, label in enumerate(self.relation_types)}
        return RelationCells(labels, "last", self.relations.self_pairs, self.strict)

    def _stack(self, input_size: int, layers: int) -> RecurrentStack:
        wanted = self.layers
        return RecurrentStack(
            input_size, wanted.size, layers, wanted.cell, wanted.dropout, wanted.variational
        )

    def _entity_vectors(self, words: Tensor, places: Tensor, tag_ids: Tensor) -> Tensor:
        """What relations are told of entities: their last words, and the tags of these.

        Shapes:
            words (B, T, H), places (N,) int, tag_ids (N,) int; returns (N, H + label_size)
        """
        vectors = words.flatten(0, 1).index_select(0, places)  # (N, H)
        return torch.cat([vectors, self.tag_vectors(tag_ids)], dim=-1)

    def _between(self, entities: Sequence[Sequence[Entity]], words: Tensor) -> list[list[Relation]]:
        """The relations between the entities of each sentence.

        Shapes:
            words (B, T, H)
        """
        device = words.device
        places = flat_places([[one.end - 1 for one in own] for own in entities], words.size(1))
        last_tags = self._last_tags
        tag_ids = torch.tensor(
            [last_tags[one.label, one.end - one.start == 1] for own in entities for one in own],
            dtype=torch.long,
        )
        counts = [len(own) for own in entities]
        pairs = EntityPairs.of(counts, self.relations.self_pairs).to(device)
        vectors = self._entity_vectors(words, places.to(device), tag_ids.to(device))  # (N, H)
        found = self.scorer.find(vectors, pairs, self.relations.threshold)
        rows = np.repeat(np.arange(len(counts)), counts).tolist()  # (N,) sentence
        starts = (np.cumsum(counts) - counts).tolist()  # (B,) first entity
        relations: list[list[Relation]] = [[] for _ in entities]
        columns = (column.tolist() for column in found)
        for head, tail, label, score in zip(*columns, strict=True):
            row = rows[head]
            ends = head - starts[row], tail - starts[row]
            relations[row].append(Relation(self.relation_types[label], *ends, score))
        return relations

    @property
    def _last_tags(self) -> dict[tuple[str, bool], int]:
        """The tag of an entity's last word, by its type and whether it is the only one."""
        tags = self.tags.tag_set
        return {
            (label, size == 1): tags.ids([Entity(label, 0, size)], size)[-1]
            for label in tags.entity_types
            for size in (1, 2)
        }


def _tag_vectors(tags: TagSet, size: int) -> nn.Embedding:
    vectors = nn.Embedding(len(tags), size)
    # Their squares sum to 1 on average, which is about what the vectors beside them have.
    bound = (3 / size) ** 0.5
    nn.init.uniform_(vectors.weight, -bound, bound)
    return vectors


def _last_words(sentence: Sentence) -> NDArray[np.int64]:
    """Of the entities that tags can hold, in order; (N,) int."""
    kept = flatten(tuple(dict.fromkeys(sentence.entities)))[0]
    return np.array(sorted(entity.end - 1 for entity in kept), np.int64)
