"""Entities of any type that has a name: all types are asked for at once, beside the sentence.

Legend: B batch, T words, Q queries, H hidden.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.label_queries import LabelQueries
from tango_ie.data.schema import Schema
from tango_ie.data.schemes import flatten
from tango_ie.models.base import Model, Output
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.queries.backbone import checked_encoder
from tango_ie.modules.queries.found import FoundSpans, find_runs, find_spans
from tango_ie.modules.queries.gold import GoldCells, gold_cells
from tango_ie.modules.queries.predictor import QueryBiaffine, QueryWords, entropy
from tango_ie.modules.queries.reader import QueryReader
from tango_ie.modules.queries.sentence_rows import SentenceRows
from tango_ie.modules.queries.settings import Overlaps, QueryPrediction, QueryReading
from tango_ie.modules.queries.together import read_together
from tango_ie.modules.queries.type_queries import TypeQueries
from tango_ie.modules.queries.unrepresentable import left_out
from tango_ie.modules.tensor_batch import TensorBatch

_DEFAULTS: Any = {}
_CELLS = {"cpu": 1 << 22, "cuda": 1 << 27}
"""Numbers that the predictor holds at once, where nothing is trained."""


@dataclass(frozen=True, slots=True)
class QueryFeatures:
    """One sentence; gold is ``None`` without it.

    Shapes:
        spans (G, 3) int: type, first and last word; inside (W, 2) int: type, word
    """

    words: Any
    spans: NDArray[Any] | None
    inside: NDArray[Any] | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class QueryBatch(TensorBatch):
    """Padded sentences; gold is ``None`` without it."""

    words: Any
    rows: SentenceRows
    spans: GoldCells | None
    inside: GoldCells | None


class Group(NamedTuple):
    """Neighbouring queries that were read. Shapes: words (B, T, H), states (B, Q, H)"""

    first: int
    last: int
    words: Tensor
    states: Tensor


@dataclass
class QueryOutput(Output):
    """What was found; ``None`` in training. ``terms`` () each: of the loss, before weighting."""

    found: FoundSpans | None = None
    terms: dict[str, Tensor] | None = None


@Model.register("tango_ie::query_parallel_ner")
class QueryParallelNER(Model):
    """Reads each sentence once, and beside it a query for each type; scores spans for all types.

    Source: QPMRC-NER (Zhang and Wang 2023). A query is a learned prompt, the same for all types,
    and the type's name. Queries read themselves and the sentence, never each other, and the
    sentence does not read them; so a type's scores do not depend on which other types there are.
    No weight belongs to a type: :meth:`adapt` to types that were never seen changes names only.

    The loss of a sentence is the sum over all spans and types of the binary cross-entropy, plus λ
    times that over all words and types; batches take the mean over sentences. (The paper gives the
    sums, not how they are reduced.)

    Gold that overlaps is flattened (the longest are kept, ties: the first) where overlaps are
    dropped; see :meth:`unrepresentable`. An entity's score is its span's probability.

    Args:
        schema: the entity types.
        encoder: a ``transformer`` that is built like BERT.
        queries: how types are put into words.
        reading: prompt and attention.
        prediction: what is predicted of words and queries.
        auxiliary_weight: λ, of the auxiliary task; 0: there is none.
        overlaps: of entities that overlap, ``drop`` the less probable, ``keep`` all, or
            ``drop_crossing``: keep those that nest.
        threshold: a span must be more probable; in (0, 1).

    Raises:
        ConfigurationError: the schema has no entity types, the encoder does not fit, or an argument
            is wrong.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        queries: LabelQueries = _DEFAULTS,
        reading: QueryReading = _DEFAULTS,
        prediction: QueryPrediction = _DEFAULTS,
        auxiliary_weight: float = 1.0,
        overlaps: Overlaps = "drop",
        threshold: float = 0.5,
    ) -> None:
        super().__init__(schema)
        if not (auxiliary_weight >= 0 and math.isfinite(auxiliary_weight)):
            raise ConfigurationError(
                f"must be 0 or more, found {auxiliary_weight}", "auxiliary_weight"
            )
        if not 0 < threshold < 1:
            raise ConfigurationError(f"must lie in (0, 1), found {threshold}", "threshold")
        self.queries = build(LabelQueries, queries, "queries")
        self.prediction = build(QueryPrediction, prediction, "prediction")
        self.overlaps: Overlaps = overlaps
        self.threshold = threshold
        self.auxiliary_weight = auxiliary_weight
        self.encoder = checked_encoder(encoder)
        self.reader = QueryReader(self.encoder, build(QueryReading, reading, "reading"))
        self.queries.warn_of_misspelt(schema)
        self.asked = self._queries(schema)
        size = encoder.output_size
        self.dropout = nn.Dropout(self.prediction.dropout)
        of_spans, of_words = self.prediction.kind == "spans", self._with_words
        self.spans = QueryBiaffine(size, self.prediction) if of_spans else None
        self.inside = QueryWords(size, self.prediction) if of_words else None

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[QueryFeatures]:
        """See :meth:`Model.encode`."""
        words = self.encoder.encode(sentences)
        if not with_gold:
            return [QueryFeatures(item, None, None) for item in words]
        places = {label: place for place, label in enumerate(self.asked.labels)}
        return [
            QueryFeatures(item, *gold_cells(self._gold(sentence, places)))
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[QueryFeatures]) -> QueryBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        rows = SentenceRows.of([len(item.words.windows.starts) for item in features])
        spans = [item.spans for item in features if item.spans is not None]
        inside = [item.inside for item in features if item.inside is not None]
        if len(spans) < len(features) or not features:
            return QueryBatch(words, rows, None, None)
        return QueryBatch(words, rows, GoldCells.of(spans), GoldCells.of(inside))

    def forward(self, batch: QueryBatch) -> QueryOutput:
        """See :meth:`Model.forward`; what is above the encoder is computed in float32."""
        mask = batch.words.word_mask  # (B, T)
        exists = _real_spans(mask)  # (B, 1, T, T)
        sums: dict[str, list[Tensor]] = {"spans": [], "words": []}
        found = []
        for group in self._read(batch):
            words, queries = self.dropout(group.words), self.dropout(group.states)
            with torch.autocast(mask.device.type, enabled=False):
                spans = None if self.spans is None else self.spans(words, queries)  # (B, Q, T, T)
                inside = None
                if self.inside is not None and (spans is None or batch.inside is not None):
                    inside = self.inside(words, queries)  # (B, Q, T)
                if spans is not None and batch.spans is not None:
                    gold = batch.spans.within(group.first, group.last)
                    sums["spans"].append(entropy(spans, exists, gold))
                if inside is not None and batch.inside is not None:
                    gold = batch.inside.within(group.first, group.last)
                    sums["words"].append(entropy(inside, mask.unsqueeze(1), gold))
            if self.training:
                continue
            if spans is not None:
                found.append(find_spans(spans.detach(), exists, self.threshold, group.first))
            elif inside is not None:
                found.append(find_runs(inside.detach(), mask, self.threshold, group.first))
        output = QueryOutput(found=FoundSpans.joined(found) if found else None)
        if batch.spans is None:
            return output
        output.terms = {name: torch.stack(parts).sum() for name, parts in sums.items() if parts}
        # Alone, the task is no auxiliary one.
        weights = {"spans": 1.0, "words": 1.0 if self.spans is None else self.auxiliary_weight}
        weighted = [weights[name] * term for name, term in output.terms.items()]
        output.loss = torch.stack(weighted).sum()
        output.loss_weight = torch.tensor(len(mask), device=mask.device)
        return output

    def decode(self, batch: QueryBatch, output: QueryOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.found is None:
            raise ValueError("decode needs the output of forward, not in training")
        size = len(batch.words.word_mask)
        return output.found.to_annotations(size, self.asked.labels, self.overlaps)

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`; no weight changes, whatever the types."""
        self.queries.warn_of_misspelt(schema)
        device = self.asked.ids.device
        self.asked = self._queries(schema).to(device)
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Gold left out of training, or never found.

        Where overlaps are dropped, entities that are ``same_span``, ``nested`` or ``crossing`` with
        a kept one; where runs of words are entities, those that are ``run_together`` with another
        of their type.
        """
        return left_out(sentences, self.overlaps, self.prediction.kind)

    def span_logits(self, batch: QueryBatch) -> Tensor:
        """The scores of all spans, types in the order of the schema; for looking into the model.

        Shapes:
            returns (B, Q, T, T): first word, last word; −∞ where there is no span
        """
        if self.spans is None:
            raise ValueError("this model scores words, not spans")
        exists = _real_spans(batch.words.word_mask)
        parts = [self.spans(group.words, group.states) for group in self._read(batch)]
        logits = torch.cat(parts, dim=1).masked_fill(~exists, -torch.inf)
        order = [self.asked.labels.index(label) for label in self.schema.entity_types]
        return logits[:, order]

    @property
    def _with_words(self) -> bool:
        return self.auxiliary_weight > 0 or self.prediction.kind == "words"

    def _queries(self, schema: Schema) -> TypeQueries:
        return TypeQueries(self.encoder, self.queries.of(schema), self.reader.settings.prompt)

    def _read(self, batch: QueryBatch) -> Iterator[Group]:
        """Groups of queries, no larger than what the predictor can hold where nothing is kept."""
        reader, encoder = self.reader, self.encoder
        if reader.parallel:
            context = reader.read_context(encoder, batch.words, batch.rows)
            words = context.words
            groups = reader.read_queries(encoder, context, self.asked)
        else:
            words, states = read_together(reader, encoder, batch.words, batch.rows, self.asked)
            groups = iter([(0, len(self.asked), states)])
        size = self._queries_at_once(words)
        for first, last, states in groups:
            for start in range(first, last, size):
                end = min(start + size, last)
                yield Group(start, end, words, states[:, start - first : end - first])

    def _queries_at_once(self, words: Tensor) -> int:
        if torch.is_grad_enabled():
            return len(self.asked)  # all of it is kept for the way back anyway
        batch, size = words.shape[:2]
        cells = batch * size * max(size, self.prediction.size)
        return max(1, _CELLS.get(words.device.type, 1 << 22) // max(1, cells))

    def _gold(self, sentence: Sentence, places: dict[str, int]) -> list[tuple[int, int, int]]:
        entities: Sequence[Entity] = tuple(dict.fromkeys(sentence.entities))
        if self.overlaps == "drop":
            entities = flatten(entities)[0]
        for entity in sentence.entities:
            if entity.label not in places:
                raise DataError(
                    f"the entity type {entity.label!r} in {' '.join(sentence.words)[:80]!r} is not "
                    f"known to the model; it knows {', '.join(self.schema.entity_types)}"
                )
        return [(places[entity.label], entity.start, entity.end) for entity in entities]


def _real_spans(word_mask: Tensor) -> Tensor:
    """Which cells of first and last word are spans. (B, T) → (B, 1, T, T)"""
    size = word_mask.size(1)
    forward = torch.ones(size, size, dtype=torch.bool, device=word_mask.device).triu()
    # The last word is real only if the first one is.
    return forward & word_mask[:, None, None]
