"""A cascade: entities first, and then the objects of each of them, by relation type.

Legend: B batch, T words of a padded sentence, W words of the batch, H hidden, E entity types, R
relation types, M subjects, N objects.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import torch
from torch import Tensor, nn

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_dropout
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output
from tango_ie.modules.cascade.gold import CascadeGold
from tango_ie.modules.cascade.object_tagger import ObjectTagger
from tango_ie.modules.cascade.reading import (
    best_types,
    distinct_subjects,
    found_entities,
    found_triples,
    joined,
)
from tango_ie.modules.cascade.settings import EntityTagging, RelationTagging
from tango_ie.modules.cascade.span_layer import SpanLayer
from tango_ie.modules.cascade.span_pairing import find_spans
from tango_ie.modules.cascade.targets import CascadeTargets, SentenceTargets
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.pairs.pair_layout import PairLayout
from tango_ie.modules.recurrent import widened
from tango_ie.modules.tensor_batch import TensorBatch

_DEFAULTS: Any = {}


@dataclass(frozen=True, slots=True)
class CascadeFeatures:
    """One sentence; targets are ``None`` without gold."""

    words: Any
    targets: SentenceTargets | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class CascadeBatch(TensorBatch):
    """Sentences, padded for the encoder only.

    Args:
        layout: of the words; where each one's sentence starts, and how long it is.

    Shapes:
        places (W,) int: of the words among B * T
    """

    words: Any
    layout: PairLayout
    places: Tensor
    gold: CascadeGold | None


@dataclass
class CascadeOutput(Output):
    """What decoding needs, and the terms of the loss before they are weighted.

    Shapes:
        words (W, H), entity_logits (W, 2 E): of starts, then of ends; terms () each
    """

    words: Tensor | None = None
    entity_logits: Tensor | None = None
    terms: Mapping[str, Tensor] = field(default_factory=dict)


@Model.register("tango_ie::cascade_joint")
class CascadeJoint(Model):
    """Tag starts and ends of subjects, and for each subject starts and ends of its objects.

    Source: CasRel (Wei et al. 2020). With h the encoder's vectors of words and v_s a vector of the
    subject s:

        p(start of a subject at i) = σ(w · h_i + b), and the same for ends
        p(start of an object of s by r at i) = f_r(h_i, v_s), and the same for ends
        a span is a start with the nearest end at it or after it
        loss = BCE of subjects + λ BCE of objects

    In the paper f_r(h, v) = σ(w_r · (h + v) + b_r), which a word-level model cannot do with: it is
    the same for both directions of a relation between two words. Ours has a hidden layer; see
    :class:`~tango_ie.modules.cascade.object_tagger.ObjectTagger` for this, and for the choices.

    The paper knows no entities but those in triples, and no types of them. Here the first tagger
    has a start and an end per entity type, and there is one rule: what it finds are the subjects
    that the second is asked about; in training, what it is to find of gold, with objects or
    without. By default these are all entities, and a relation joins two entities that were found.
    The paper's way is ``entities: {targets: 'subjects'}``, for sets of triples (WebNLG, NYT) whose
    entities are of one type: the first tagger looks for subjects, and objects that it has not found
    become entities, too. With several types such an object gets the one that the first tagger,
    which was not taught so, finds most probable. (``relations: {fusion: 'shared', vector: 'ends',
    subjects: 'one'}`` are the paper's equations and its authors' vectors and draws, over words in
    place of sub-words.)

    Losses are computed for each sentence and averaged over sentences, so that a batch that is split
    gives the gradient of the whole. ``mean``: over the words, and the subjects, of a sentence, in
    sum over types, starts and ends, which is how the authors' program reduces; ``sum``: the
    log-likelihood of the paper. Without subjects the second term is 0.

    Two spans of one type cannot both be read if an end lies between start and end of the other; in
    training the longest are kept (ties: the first), and what is left out is counted by
    :meth:`unrepresentable`. Of entities with the same span but different types one alone takes part
    in relations. The probability of an entity, and of a relation given its subject, is the product
    of those of start and end.

    Args:
        schema: entity types and relation types.
        encoder: gives the words' vectors.
        entities: the first tagger.
        relations: the second.
        reduction: of the loss of a sentence, ``mean`` or ``sum``.
        dropout: probability in [0, 1), applied to the words' vectors.
        strict: gold that cannot be read back is an error.
        memory: megabytes that a slice of words × subjects × relation types may take; changes memory
            and speed, not results.

    Raises:
        ConfigurationError: the schema has no entity or relation types, or an argument is wrong.
    """

    SKIP_ID_ARGUMENTS = frozenset({"memory"})

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        entities: EntityTagging = _DEFAULTS,
        relations: RelationTagging = _DEFAULTS,
        reduction: Literal["mean", "sum"] = "mean",
        dropout: float = 0.1,
        strict: bool = False,
        memory: float = 256,
    ) -> None:
        super().__init__(schema)
        check_dropout(dropout=dropout)
        _check_schema(schema)
        self.entities = build(EntityTagging, entities, "entities")
        self.relations = build(RelationTagging, relations, "relations")
        self.tails = self.relations.tails_for(self.entities.targets)
        self.reduction = reduction
        self.strict = strict
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        size, wanted = encoder.output_size, self.relations
        self.spans = SpanLayer(size, schema.entity_types)
        self.objects = ObjectTagger(size, schema.relation_types, wanted.fusion, wanted.size, memory)

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Those that the model predicts."""
        return self.objects.names

    def encode(
        self, sentences: Sequence[Sentence], with_gold: bool = True
    ) -> list[CascadeFeatures]:
        """See :meth:`Model.encode`."""
        words = self.encoder.encode(sentences)
        targets = self._targets
        return [
            CascadeFeatures(item, targets.of(sentence) if with_gold else None)
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[CascadeFeatures]) -> CascadeBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        lengths = words.word_mask.sum(1).tolist()
        places = words.word_mask.flatten().nonzero().squeeze(1)  # (W,)
        targets = [item.targets for item in features if item.targets is not None]
        with_gold = bool(features) and len(targets) == len(features)
        gold = CascadeGold.of(targets, lengths) if with_gold else None
        return CascadeBatch(words, PairLayout.of(lengths), places, gold)

    def forward(self, batch: CascadeBatch) -> CascadeOutput:
        """See :meth:`Model.forward`."""
        padded = self.dropout(self.encoder(batch.words))  # (B, T, H)
        padded = padded.to(widened(padded.dtype))
        words = padded.flatten(0, 1).index_select(0, batch.places)  # (W, H)
        entity_logits = self.spans(words)  # (W, 2 E)
        output = CascadeOutput(words=words, entity_logits=entity_logits)
        if batch.gold is None:
            return output
        gold = batch.gold
        if self.training and self.relations.subjects == "one":
            gold = gold.one_subject_each()
        output.terms = {
            "entities": self._entity_loss(entity_logits, gold, batch.layout),
            "relations": self._relation_loss(words, gold),
        }
        output.loss = output.terms["entities"] + self.relations.weight * output.terms["relations"]
        output.loss_weight = torch.tensor(len(batch.layout.lengths), device=words.device)
        return output

    def decode(self, batch: CascadeBatch, output: CascadeOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.words is None or output.entity_logits is None:
            raise ValueError("decode needs the output of forward")
        words, logits, layout = output.words.detach(), output.entity_logits.detach(), batch.layout
        with torch.no_grad():
            # The first word of a sentence tells it from others.
            found = find_spans(logits, layout.starts, self.entities.threshold)
            subjects = distinct_subjects(found, layout)
            vectors = subjects.vectors(words, self.relations.vector)
            threshold = self.relations.threshold
            objects = self.objects.find(words, vectors, subjects, threshold)
            entities = found_entities(found, layout, self.spans.names)
            types = best_types(logits, objects)  # (N,)
            triples = found_triples(objects, subjects, types, self.objects.names, self.spans.names)
        return [
            joined(own, own_triples, self.tails)
            for own, own_triples in zip(entities, triples, strict=True)
        ]

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The parameters of both taggers are replaced: make the optimiser afterwards.
        """
        _check_schema(schema)
        self.spans = self.spans.adapted(schema.entity_types)
        self.objects = self.objects.adapted(schema.relation_types)
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Gold left out of training.

        Entities that are ``nested`` or ``crossing`` with a kept one of their type;
        ``relation_of_left_out_entity``; ``relation_with_overlapping_tail``, of the same subject and
        type; ``relation_of_same_spans``, which differs from a kept one by entity types alone; where
        subjects are looked for, ``entity_without_relation``.
        """
        return self._targets.unrepresentable(sentences)

    @property
    def _targets(self) -> CascadeTargets:
        names = self.spans.names, self.objects.names
        return CascadeTargets(*names, self.entities.targets, self.tails, self.strict)

    def _entity_loss(self, logits: Tensor, gold: CascadeGold, layout: PairLayout) -> Tensor:
        """Binary cross-entropy of starts and ends, as a sum over sentences, ().

        Shapes:
            logits (W, 2 E)
        """
        shares = torch.ones_like(logits[:, 0])  # (W,)
        if self.reduction == "mean":
            shares = shares / layout.sizes
        words, columns = gold.entity_cells.unbind(1)
        # −log σ(x) = softplus(x) − x; −log (1 − σ(x)) = softplus(x)
        all_false = nn.functional.softplus(logits).sum(1) @ shares
        return all_false - logits[words, columns] @ shares[words]

    def _relation_loss(self, words: Tensor, gold: CascadeGold) -> Tensor:
        """Binary cross-entropy of the objects of gold's subjects, as a sum over sentences, ().

        Shapes:
            words (W, H)
        """
        subjects = gold.subjects
        shares = torch.ones_like(subjects.sizes, dtype=words.dtype)  # (M,)
        if self.reduction == "mean":
            shares = shares / (subjects.sizes * subjects.siblings)
        vectors = subjects.vectors(words, self.relations.vector)  # (M, H)
        return self.objects.loss(words, vectors, subjects, gold.object_cells, shares)


def _check_schema(schema: Schema) -> None:
    if not schema.entity_types:
        raise ConfigurationError("a joint model needs entity types, but the corpus has none")
    if not schema.relation_types:
        raise ConfigurationError(
            "a joint model needs relation types, but the corpus has none; train a tagger on it"
        )
