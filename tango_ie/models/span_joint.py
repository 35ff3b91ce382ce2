"""Entities and relations together, by classifying spans and pairs of spans.

Legend: B batch, T words of a padded sentence, W words of the batch, H hidden, S spans that were
drawn, P pairs, R relation types, N entities.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_dropout
from tango_ie.data.annotations import Annotations, Relation, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.pairs.entity_pairs import EntityPairs
from tango_ie.modules.recurrent import widened
from tango_ie.modules.said_once import SaidOnce
from tango_ie.modules.spans.drawn_spans import ALL, DrawnSpans
from tango_ie.modules.spans.found_entities import FoundEntities
from tango_ie.modules.spans.gold import SentenceSpans, SpanGold
from tango_ie.modules.spans.range_maximum import RangeMaximum
from tango_ie.modules.spans.settings import Candidates, Negatives, SpanRelations
from tango_ie.modules.spans.span_classifier import SpanClassifier
from tango_ie.modules.spans.span_pairs import SpanPairs
from tango_ie.modules.tensor_batch import TensorBatch

logger = logging.getLogger(__name__)
_DEFAULTS: Any = {}


@dataclass(frozen=True, slots=True)
class SpanFeatures:
    """One sentence; ``gold`` is ``None`` without it."""

    words: Any
    gold: SentenceSpans | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class SpanBatch(TensorBatch):
    """Sentences, padded for the encoder only.

    Args:
        lengths: of the sentences, in words.

    Shapes:
        places (W,) int: of the words among B * T; sentences (W,) int: whose they are; remaining
        (W,) int: words from there to the end of the sentence
    """

    words: Any
    lengths: tuple[int, ...]
    places: Tensor
    sentences: Tensor
    remaining: Tensor
    drawn: DrawnSpans | None


@dataclass
class SpanOutput(Output):
    """What decoding needs, and the terms of the loss before they are weighted.

    Shapes:
        words (W, H), contexts (B, H); terms () each
    """

    words: Tensor | None = None
    contexts: Tensor | None = None
    terms: Mapping[str, Tensor] = field(default_factory=dict)


@Model.register("tango_ie::span_joint")
class SpanJoint(Model):
    """All spans of up to so many words are classified, and all pairs of those that are entities.

    Source: SpERT (Eberts and Ulges, ECAI 2020). With max over vectors of words, column by column:

        span           = [max of its words; vector of its width]
        p(type | span) = softmax over entity types and none of [span; context of the sentence]
        p(type | pair) = sigmoid of [head; tail; max of the words between them]
        loss           = CE(drawn spans) + λ BCE(drawn pairs)

    Differences: spans are pooled from words (an encoder with ``pooling: max`` makes these the
    maxima of their sub-words, as there); the context of the sentence is the maximum of its words,
    for an encoder gives no other vector of the whole; both losses are means within a sentence, and
    averaged over sentences; of entities that overlap the most probable one stays, unless
    ``candidates.overlaps`` is ``keep``. The mean over the spans of a whole batch would not be known
    before all its parts are; this way a batch that is split over ranks or micro-batches gives the
    gradient of the whole.

    What training sees of a sentence is gold and some negatives, see
    :class:`~tango_ie.modules.spans.settings.Negatives`; they are drawn where a batch is collated in
    training mode, from torch's generator, which the trainer seeds for each step. In evaluation
    mode the loss is over all spans and all pairs of gold entities.

    Entities have the probability of their type, relations that of their pair. A threshold that is
    found for relations on a dev split can only be higher than the model's own; set that low before
    one is looked for.

    Args:
        schema: entity types and relation types.
        encoder: gives the words' vectors.
        candidates: which spans there are, and what is done with entities that overlap.
        negatives: what is drawn in training.
        relations: how relations are chosen, and the weight of their loss.
        dropout: probability in [0, 1), applied to all that is classified.
        strict: gold that spans cannot hold is an error.
        pair_memory: megabytes that a slice of the pairs may take in prediction; changes memory and
            speed, not results.

    Raises:
        ConfigurationError: the schema has no entity or relation types, or an argument is wrong.
    """

    SKIP_ID_ARGUMENTS = frozenset({"pair_memory"})

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        candidates: Candidates = _DEFAULTS,
        negatives: Negatives = _DEFAULTS,
        relations: SpanRelations = _DEFAULTS,
        dropout: float = 0.1,
        strict: bool = False,
        pair_memory: float = 64,
    ) -> None:
        super().__init__(schema)
        check_dropout(dropout=dropout)
        if not pair_memory > 0:
            raise ConfigurationError(f"must be more than 0, found {pair_memory}", "pair_memory")
        self.candidates = build(Candidates, candidates, "candidates")
        self.negatives = build(Negatives, negatives, "negatives")
        self.relations = build(SpanRelations, relations, "relations")
        self.encoder = encoder
        self.strict = strict
        self.pair_memory = pair_memory
        size, of_width = encoder.output_size, self.candidates.width_size
        self.spans = SpanClassifier(
            size, schema.entity_types, self.candidates.max_width, of_width, dropout
        )
        self.pairs = SpanPairs(size + of_width, size, schema.relation_types, dropout)
        self._said = SaidOnce(logger)

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Those that the model predicts."""
        return self.pairs.names

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[SpanFeatures]:
        """See :meth:`Model.encode`."""
        words, gold = self.encoder.encode(sentences), self._gold
        return [
            SpanFeatures(item, gold.of(sentence) if with_gold else None)
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[SpanFeatures]) -> SpanBatch:
        """See :meth:`Model.collate`; in training mode it draws what the loss is made of."""
        words = self.encoder.collate([item.words for item in features])
        mask = words.word_mask  # (B, T)
        sentences, places = mask.nonzero(as_tuple=True)  # (W,) each
        sizes = mask.sum(1)  # (B,)
        gold = [item.gold for item in features if item.gold is not None]
        lengths = tuple(sizes.tolist())
        drawn = None
        if features and len(gold) == len(features):
            negatives = self.negatives if self.training else ALL
            drawn = DrawnSpans.of(gold, lengths, self.candidates.max_width, negatives)
        return SpanBatch(
            words,
            lengths,
            sentences * mask.size(1) + places,
            sentences,
            sizes.index_select(0, sentences) - places,
            drawn,
        )

    def forward(self, batch: SpanBatch) -> SpanOutput:
        """See :meth:`Model.forward`."""
        padded = self.encoder(batch.words)  # (B, T, H)
        padded = padded.to(widened(padded.dtype))
        words = padded.flatten(0, 1).index_select(0, batch.places)  # (W, H)
        contexts = _highest(padded, batch.words.word_mask)  # (B, H)
        output = SpanOutput(words=words, contexts=contexts)
        if batch.drawn is None:
            return output
        with torch.autocast(words.device.type, enabled=False):
            output.terms = self._terms(words, contexts, batch.drawn)
        output.loss = output.terms["entities"] + self.relations.weight * output.terms["relations"]
        output.loss_weight = torch.tensor(len(batch.lengths), device=words.device)
        return output

    def decode(self, batch: SpanBatch, output: SpanOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.words is None or output.contexts is None:
            raise ValueError("decode needs the output of forward")
        words, contexts = output.words.detach(), output.contexts.detach()
        with torch.no_grad(), torch.autocast(words.device.type, enabled=False):
            spans = self.spans.find(words, batch.sentences, batch.remaining, contexts)
            found = FoundEntities.of(spans, batch.lengths)
            if self.candidates.overlaps == "drop":
                found = found.disjoint()
            relations = self._between(found, words)
        entities = found.by_sentence(self.spans.names)
        return [Annotations(own, tuple(new)) for own, new in zip(entities, relations, strict=True)]

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The linear layers of entities and relations are replaced: make the optimiser afterwards.
        """
        spans = self.spans.adapted(schema.entity_types)
        pairs = self.pairs.adapted(schema.relation_types)
        self.spans, self.pairs = spans, pairs
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Gold left out of training.

        Entities that are ``too_wide``, or have the ``same_span`` as another; with ``overlaps:
        drop`` also those that are ``nested`` in or ``crossing`` with a kept one;
        ``relation_of_left_out_entity``; ``relation_with_itself``.
        """
        return self._gold.unrepresentable(sentences)

    @property
    def _gold(self) -> SpanGold:
        return SpanGold(
            {label: place for place, label in enumerate(self.spans.names)},
            {label: place for place, label in enumerate(self.relation_types)},
            self.candidates.max_width,
            self.candidates.overlaps == "drop",
            self.strict,
        )

    def _terms(self, words: Tensor, contexts: Tensor, drawn: DrawnSpans) -> dict[str, Tensor]:
        """Cross-entropies, in mean over a sentence's spans and pairs, in sum over sentences.

        Shapes:
            words (W, H), contexts (B, H); returns () each
        """
        maxima = RangeMaximum(words, drawn.longest)
        starts, ends = drawn.starts, drawn.ends
        features = self.spans.features(maxima(starts, ends), ends - starts)  # (S, F)
        logits = self.spans(features, contexts.index_select(0, drawn.sentences))  # (S, L + 1)
        of_spans = nn.functional.cross_entropy(logits, drawn.label_ids, reduction="none")  # (S,)
        pairs = self.pairs(features, starts, ends, drawn.heads, drawn.tails, maxima)  # (P, R)
        # −log σ(x) = softplus(x) − x; −log (1 − σ(x)) = softplus(x)
        all_false = nn.functional.softplus(pairs).sum(1)  # (P,)
        truth = pairs[drawn.true_pairs, drawn.true_labels]  # (G,)
        shares = drawn.pair_shares  # (P,)
        of_pairs = (all_false * shares).sum() - (truth * shares[drawn.true_pairs]).sum()
        return {
            "entities": (of_spans * drawn.shares).sum(),
            "relations": of_pairs / len(self.relation_types),
        }

    def _between(self, found: FoundEntities, words: Tensor) -> list[list[Relation]]:
        """The relations between the entities of each sentence.

        Shapes:
            words (W, H)
        """
        relations: list[list[Relation]] = [[] for _ in found.bounds]
        chosen = found.most_probable(self.relations.keep)
        ends = found.only(chosen)
        if len(ends) < len(found):
            self._said.warn(
                "some sentences have more than %d predicted entities; relations are looked for "
                "between the most probable of them (see relations.keep)",
                self.relations.keep,
            )
        if ends.counts.max(initial=0) < 2:
            return relations
        starts, stops = (torch.from_numpy(it).to(words.device) for it in (ends.starts, ends.ends))
        maxima = RangeMaximum(words, ends.longest)
        features = self.spans.features(maxima(starts, stops), stops - starts)  # (N, F)
        cells = self.pairs.find(
            features,
            starts,
            stops,
            EntityPairs.of(ends.counts.tolist()).to(words.device),
            maxima,
            self.relations.threshold,
            self.pair_memory,
        )
        rows = ends.sentences.tolist()  # (N,)
        firsts = found.counts.cumsum() - found.counts  # (B,)
        places = (np.flatnonzero(chosen) - firsts[ends.sentences]).tolist()  # (N,) in the sentence
        for head, tail, label, score in zip(*(column.tolist() for column in cells), strict=True):
            relation = Relation(self.relation_types[label], places[head], places[tail], score)
            relations[rows[head]].append(relation)
        return relations


def _highest(words: Tensor, mask: Tensor) -> Tensor:
    """Of the words of each sentence, column by column; zeros where there is none.

    Shapes:
        words (B, T, H), mask (B, T) bool; returns (B, H)
    """
    if mask.size(1) == 0:
        return words.new_zeros(len(words), words.size(2))
    highest = words.masked_fill(~mask.unsqueeze(2), -torch.inf).amax(1)  # (B, H)
    return highest.masked_fill(~mask.any(1, keepdim=True), 0.0)
