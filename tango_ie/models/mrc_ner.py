"""BERT-MRC: named entities as answers to queries, one query for each type.

Legend: B batch, T words, P pairs of sentence and query in a pass, Q queries, K spans, N gold spans,
H hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.core.ranges import check_dropout
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.data.label_queries import LabelQueries
from tango_ie.data.schema import Schema
from tango_ie.data.schemes import flatten
from tango_ie.models.base import Model, Output
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.subwords import Layout, SubwordFeatures
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.reading.objective import GoldMarks, LossSums, SpanObjective
from tango_ie.modules.reading.pair_encoder import check_reads_pairs, pair_states, takes_segments
from tango_ie.modules.reading.pair_format import PairFormat, QueryTable
from tango_ie.modules.reading.passes import PairPass, all_pairs, passes
from tango_ie.modules.reading.sentence_rows import SentenceRows, split_sentences
from tango_ie.modules.reading.span_reading import SpanReading
from tango_ie.modules.spans.disjoint_spans import best_disjoint
from tango_ie.modules.tensor_batch import TensorBatch

_DEFAULTS: Any = {}
# Sub-words of a pass: enough to keep the device busy, few enough for a processor's caches.
_PASS = {"cpu": 2048, "cuda": 32768}


@dataclass(frozen=True, slots=True)
class MrcFeatures:
    """One sentence, once for all types; ``spans`` is ``None`` without gold.

    Shapes:
        spans (N, 3) int: type, first word, last word
    """

    words: SubwordFeatures
    spans: NDArray[np.int32] | None
    cost: int


@dataclass
class MrcBatch(TensorBatch):
    """Padded sentences; ``gold`` (N, 4) int stays on the CPU: sentence, type, first, last word."""

    rows: SentenceRows
    gold: NDArray[np.int64] | None


@dataclass
class MrcOutput(Output):
    """The spans that were found.

    Shapes:
        spans (K, 4) int: sentence, type, first word, last word; scores (K,)
    """

    spans: Tensor | None = None
    scores: Tensor | None = None


@Model.register("tango_ie::mrc_ner")
class MrcNer(Model):
    """Reads each sentence once for each type, with the type's query before it.

    Source: BERT-MRC (Li et al., ACL 2020); its open points as the authors' code has them. For every
    type a transformer reads ``[CLS] query [SEP] sentence [SEP]``, and with its states h

        start_i = w_s · h_i          h_i: of the first sub-word of word i
        end_j   = w_e · h_j          h_j: of the last sub-word of word j
        match_ij = w · gelu(W [h_i; h_j] + b)      for i ≤ j
        loss = (α BCE(start) + β BCE(end) + γ BCE(match)) / (α + β + γ)

    An entity is a span whose three logits are above 0; its score is the least of the three
    probabilities. No weight belongs to a type, so that a model can be asked for types that it has
    never seen: :meth:`adapt` changes nothing but the queries.

    The authors average each term over a batch. Here terms are averaged over the words (of all
    types) or the candidates of a sentence and then over sentences, so that a batch that is split
    over ranks or micro-batches gives the gradient of the whole.

    Unless ``nested``, gold that overlaps is flattened in training (the longest are kept, ties: the
    first), and of entities that overlap the one with the higher score is found, of whatever type.
    What is left out is counted by :meth:`unrepresentable`.

    Pairs of sentence and query are made when they are read, in passes of similar length. A sentence
    costs (see :class:`~tango_ie.data.batching.Batching`) what all its pairs do.

    Args:
        schema: the entity types.
        encoder: a ``tango_ie::transformer``.
        queries: how types are put into words; by default their names.
        objective: what is learned.
        match_size: of the inner layer that scores spans.
        dropout: probability in [0, 1), on that layer.
        nested: entities may overlap, and are all kept.
        max_query: sub-words that the longest query may have. A sentence that does not fit into the
            rest goes through overlapping windows, the same ones for all queries.
        pass_size: sub-words that are read at a time, padding counted; ``None``: 2,048 on a CPU,
            32,768 on a GPU. Changes speed and memory, not results (but the draws of dropout).

    Raises:
        ConfigurationError: the schema has no entity types, two types have one query, a query does
            not fit, another encoder, or a number outside its range.
    """

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        queries: LabelQueries = _DEFAULTS,
        objective: SpanObjective = _DEFAULTS,
        match_size: int = 2048,
        dropout: float = 0.3,
        nested: bool = False,
        max_query: int = 64,
        pass_size: int | None = None,
    ) -> None:
        super().__init__(schema)
        check_dropout(dropout=dropout)
        for name, value in (("match_size", match_size), ("pass_size", pass_size)):
            if value is not None and value < 1:
                raise ConfigurationError(f"must be at least 1, found {value}", name)
        self.encoder = check_reads_pairs(encoder)
        self.queries = build(LabelQueries, queries, "queries")
        self.objective = build(SpanObjective, objective, "objective")
        self.nested = nested
        self.max_query = max_query
        self.pass_size = pass_size
        self.format = PairFormat.of(self.encoder.tokenizer)
        self.segments = self.format.segments if takes_segments(self.encoder, self.format) else None
        self.capacity = self.encoder.max_length - self.format.num_special - max_query
        if max_query < 1 or self.capacity < 1:
            raise ConfigurationError(
                f"must lie between 1 and {self.capacity + max_query - 1} for this encoder, which "
                f"reads {self.encoder.max_length} sub-words, found {max_query}",
                "max_query",
            )
        self.reading = SpanReading(self.encoder.output_size, match_size, dropout)
        self.table = self._tabled(schema)
        self.queries.warn_of_misspelt(schema)

    def encode(self, sentences: Sequence[Sentence], with_gold: bool = True) -> list[MrcFeatures]:
        """See :meth:`Model.encode`; what is kept does not grow with the number of types."""
        overlap = min(self.encoder.window_overlap, self.capacity // 2)
        words = split_sentences(sentences, self.encoder.tokenizer, self.capacity, overlap)
        labels = {label: place for place, label in enumerate(self.schema.entity_types)}
        types, first_parts = len(labels), int(self.table.sizes.sum())
        return [
            MrcFeatures(
                item,
                self._spans(sentence, labels) if with_gold else None,
                max(1, types * item.cost + len(item.windows.starts) * first_parts),
            )
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[MrcFeatures]) -> MrcBatch:
        """See :meth:`Model.collate`."""
        layout = Layout(self.capacity, (), self.format.after, self.format.pad_id, "all")
        rows = SentenceRows.of([item.words for item in features], layout)
        spans = [item.spans for item in features if item.spans is not None]
        if len(spans) < len(features) or not features:
            return MrcBatch(rows, None)
        owners = np.repeat(np.arange(len(spans)), [len(own) for own in spans])  # (N,)
        return MrcBatch(rows, np.column_stack([owners, np.concatenate(spans)]).astype(np.int64))

    def forward(self, batch: MrcBatch) -> MrcOutput:
        """See :meth:`Model.forward`."""
        rows, gold = batch.rows, batch.gold
        device = rows.ids.device
        pairs = self._asked(len(rows.counts), gold)
        sums = LossSums.none(len(rows.counts), device)
        spans, scores = [torch.zeros(0, 4, dtype=torch.long, device=device)], [sums.words[:0]]
        budget = self.pass_size or _PASS.get(device.type, 8192)
        for one in passes(pairs, rows, self.table.to(device), self.format, budget):
            sentences, types = (
                torch.from_numpy(np.ascontiguousarray(ids)).to(device)
                for ids in (one.sentences, one.queries)
            )  # (P,)
            firsts, lasts = self._words(one)  # (P, T, H) each
            if gold is None:
                scored = self.reading(firsts, lasts, one.word_mask)
            else:
                size = one.word_mask.size(1)
                marks = GoldMarks.of(gold, one.sentences, one.queries, size, device)
                wanted = marks.candidates(self.objective, one.word_mask)
                scored = self.reading(firsts, lasts, one.word_mask, wanted)
                sums = sums.plus(scored, marks, one.word_mask, sentences)
            found = scored.found()  # (K,)
            owners = scored.pairs[found]
            columns = sentences[owners], types[owners], scored.firsts[found], scored.lasts[found]
            spans.append(torch.stack(columns, dim=1))
            scores.append(scored.probabilities()[found].detach())
        output = MrcOutput(spans=torch.cat(spans), scores=torch.cat(scores))
        if gold is not None:
            output.loss = sums.total(self.objective)
            output.loss_weight = torch.tensor(len(rows.counts), device=device)
        return output

    def decode(self, batch: MrcBatch, output: MrcOutput) -> list[Annotations]:
        """See :meth:`Model.decode`; entities in reading order."""
        if output.spans is None or output.scores is None:
            raise ValueError("decode needs the spans of forward")
        spans, scores = output.spans.cpu().numpy(), output.scores.cpu().numpy()
        order = np.lexsort((spans[:, 1], spans[:, 3], spans[:, 2], spans[:, 0]))
        spans, scores = spans[order], scores[order]
        if not self.nested and len(spans):
            words = spans[:, 0] * int(batch.rows.num_words.max())  # (K,) where sentences begin
            kept = best_disjoint(words + spans[:, 2], words + spans[:, 3] + 1, scores)
            spans, scores = spans[kept], scores[kept]
        labels = self.schema.entity_types
        found: list[list[Entity]] = [[] for _ in batch.rows.counts]
        for (row, label, first, last), score in zip(spans.tolist(), scores.tolist(), strict=True):
            found[row].append(Entity(labels[label], first, last + 1, score))
        return [Annotations(tuple(entities)) for entities in found]

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`; all weights are kept, whatever the types."""
        self.table = self._tabled(schema)
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Entities left out of training: ``same_span``, ``nested`` or ``crossing`` a kept one."""
        return {} if self.nested else EntityHead.unrepresentable(sentences)

    def _tabled(self, schema: Schema) -> QueryTable:
        if not schema.entity_types:
            raise ConfigurationError("this model needs entity types, but the corpus has none")
        queries = self.queries.of(schema)
        texts = [queries[label] for label in schema.entity_types]
        table = QueryTable.of(texts, self.encoder.tokenizer, self.format)
        longest = int(table.sizes.argmax())
        size = int(table.sizes[longest]) - len(self.format.before) - len(self.format.between)
        if size > self.max_query:
            raise ConfigurationError(
                f"the query of {schema.entity_types[longest]!r} has {size} sub-words, more than "
                f"max_query = {self.max_query}: {texts[longest]!r}",
                "max_query",
            )
        return table

    def _asked(self, num_sentences: int, gold: NDArray[np.int64] | None) -> NDArray[np.int64]:
        """The pairs of sentence and query that are read: (P, 2)."""
        num_types = len(self.schema.entity_types)
        pairs = all_pairs(num_sentences, num_types)
        share = self.objective.negatives
        if gold is None or not self.training or share == 1:
            return pairs
        draws = torch.rand(num_sentences, num_types).numpy()
        kept = draws < share
        kept[gold[:, 0], gold[:, 1]] = True
        kept |= ~kept.any(1, keepdims=True) & (draws == draws.min(1, keepdims=True))
        return pairs[kept.ravel()]

    def _words(self, one: PairPass) -> tuple[Tensor, Tensor]:
        """Vectors of words as first and as last words of spans, (P, T, H) each."""
        states = pair_states(self.encoder, one, self.segments).flatten(0, 1)  # (R * S, H)
        if states.dtype in (torch.bfloat16, torch.float16):
            states = states.float()
        return states[one.first_cells], states[one.last_cells]

    def _spans(self, sentence: Sentence, labels: dict[str, int]) -> NDArray[np.int32]:
        """The entities that are trained on, each once: type, first word, last word."""
        for entity in sentence.entities:
            if entity.label not in labels:
                raise DataError(
                    f"the entity type {entity.label!r} of {' '.join(sentence.words)[:80]!r} is not "
                    f"known to the model; it knows {', '.join(labels)}"
                )
        entities: Sequence[Entity] = tuple(dict.fromkeys(sentence.entities))
        if not self.nested:
            entities = flatten(entities)[0]
        spans = sorted((labels[one.label], one.start, one.end - 1) for one in entities)
        return np.array(spans, np.int32).reshape(-1, 3)
