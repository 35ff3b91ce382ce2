"""PMEI: entities and relations together, each by what was predicted early of both.

Legend: B batch, T words of a padded sentence, W words of the batch, H hidden, L tags, R relation
types, E evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.ranges import check_dropout
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.schema import Schema
from tango_ie.models.base import Model, Output
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.pairs.pair_grid import PairGrid
from tango_ie.modules.pairs.pair_layout import GoldCells, PairLayout
from tango_ie.modules.pairs.relation_cells import RelationCells
from tango_ie.modules.progressive.early_predictions import EarlyPredictions, JointHeads, tag_loss
from tango_ie.modules.progressive.relation_reading import between_entities, between_words
from tango_ie.modules.progressive.settings import Pairs, Progress
from tango_ie.modules.progressive.task_map import TaskMap
from tango_ie.modules.recurrent import widened
from tango_ie.modules.tensor_batch import TensorBatch

_DEFAULTS: Any = {}


@dataclass(frozen=True, slots=True)
class ProgressiveFeatures:
    """One sentence; tag ids (T,) and cells (G, 3) are ``None`` without gold."""

    words: Any
    tag_ids: NDArray[np.int16] | None
    cells: NDArray[np.int32] | None

    @property
    def cost(self) -> int:
        """See :class:`tango_ie.models.base.Features`."""
        return int(self.words.cost)


@dataclass
class ProgressiveBatch(TensorBatch):
    """Sentences, padded for the encoder only.

    Shapes:
        places (W,) int: of the words among B * T; tag_ids (W,) int, ``None`` without gold
    """

    words: Any
    layout: PairLayout
    places: Tensor
    tag_ids: Tensor | None
    cells: GoldCells | None


@dataclass
class ProgressiveOutput(Output):
    """What decoding needs, and the terms of the loss before they are weighted.

    Shapes:
        tag_logits (W, L), relation_words (W, H); terms () each
    """

    tag_logits: Tensor | None = None
    relation_words: Tensor | None = None
    terms: Mapping[str, Tensor] = field(default_factory=dict)


@Model.register("tango_ie::progressive_joint")
class ProgressiveJoint(Model):
    """BIOES tags for entities, a grid of word pairs for relations, and early predictions of both.

    Source: PMEI (Sun et al., AAAI 2021). With h the encoder's vectors:

        y'_e = softmax of tags of h             y'_r = maximum over partners of the grid of h
        t_e ~ p(t_e | h, y'_e, y'_r)            t_r ~ p(t_r | h, y'_e, y'_r)
        tags of t_e                             grid of t_r
        loss = CE + BCE + α (CE' + BCE') + β_e KL_e + β_r KL_r

    in sum over words, cells and dimensions of each sentence, and averaged over sentences: α and β
    have their meaning in this reduction only. For p and KL see
    :class:`~tango_ie.modules.progressive.task_map.TaskMap`. Table 6 of the paper:

    =====================  ==========================================================
    row                    ``progress``
    =====================  ==========================================================
    PMEI                   ``{}``
    MTL                    ``{early: "none", stochastic: false}``
    MTL + SM               ``{early: "none"}``
    PMEI w/o SM            ``{stochastic: false}``
    PMEI w/o interaction   ``{early: "own"}``
    PMEI w/o GRU           ``{cell: "linear"}``
    =====================  ==========================================================

    An entity stands in the grid at one word, its anchor. In training entities that overlap are
    flattened (the longest are kept, ties: the first); what is left out is counted by
    :meth:`unrepresentable`. In prediction a relation joins the entities whose anchors it lies at;
    see :class:`Pairs` for relations without them. Relations have the probability of their cell,
    entities that of their tags.

    Args:
        schema: entity types and relation types.
        encoder: gives the words' vectors.
        progress: early predictions and maps.
        pairs: the grid.
        dropout: probability in [0, 1), applied to the words' vectors.
        strict: gold that tags or the grid cannot hold is an error.
        grid_memory: megabytes that a slice of the grid may take; changes memory and speed, not
            results.

    Raises:
        ConfigurationError: the schema has no entity or relation types, or an argument is wrong.
    """

    SKIP_ID_ARGUMENTS = frozenset({"grid_memory"})

    def __init__(
        self,
        schema: Schema,
        encoder: Encoder,
        progress: Progress = _DEFAULTS,
        pairs: Pairs = _DEFAULTS,
        dropout: float = 0.1,
        strict: bool = False,
        grid_memory: float = 256,
    ) -> None:
        super().__init__(schema)
        check_dropout(dropout=dropout)
        if not grid_memory > 0:
            raise ConfigurationError(f"must be more than 0, found {grid_memory}", "grid_memory")
        _check_schema(schema)
        self.progress = build(Progress, progress, "progress")
        self.pairs = build(Pairs, pairs, "pairs")
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.strict = strict
        size = encoder.output_size

        def heads() -> JointHeads:
            types, hidden = schema.relation_types, self.pairs.size or size
            grid = PairGrid(size, types, hidden, self.pairs.self_pairs, grid_memory)
            return JointHeads(EntityHead(size, schema, "bioes", strict=strict), grid)

        # Drawn in this order, so that arms begin with the same heads.
        self.heads = heads()
        shown = self.progress.early != "none"
        self.early = EarlyPredictions(heads(), self.progress) if shown else None
        sizes = (0, 0) if self.early is None else self.early.sizes
        self.entity_map = self._map(sizes[0], self.progress.beta_entities)
        self.relation_map = self._map(sizes[1], self.progress.beta_relations)

    @property
    def relation_types(self) -> tuple[str, ...]:
        """Those that the model predicts."""
        return self.heads.grid.names

    def encode(
        self, sentences: Sequence[Sentence], with_gold: bool = True
    ) -> list[ProgressiveFeatures]:
        """See :meth:`Model.encode`."""
        words = self.encoder.encode(sentences)
        cells = self._cells
        return [
            ProgressiveFeatures(item, self.heads.tags.gold(sentence), cells.of(sentence))
            if with_gold
            else ProgressiveFeatures(item, None, None)
            for item, sentence in zip(words, sentences, strict=True)
        ]

    def collate(self, features: Sequence[ProgressiveFeatures]) -> ProgressiveBatch:
        """See :meth:`Model.collate`."""
        words = self.encoder.collate([item.words for item in features])
        lengths = words.word_mask.sum(1).tolist()
        places = words.word_mask.flatten().nonzero().squeeze(1)  # (W,)
        batch = ProgressiveBatch(words, PairLayout.of(lengths), places, None, None)
        tag_ids = [item.tag_ids for item in features if item.tag_ids is not None]
        cells = [item.cells for item in features if item.cells is not None]
        if len(tag_ids) < len(features) or not features:
            return batch
        together = torch.from_numpy(np.concatenate(tag_ids).astype(np.int64))  # (W,)
        return replace(batch, tag_ids=together, cells=GoldCells.of(cells, lengths))

    def forward(self, batch: ProgressiveBatch) -> ProgressiveOutput:
        """See :meth:`Model.forward`."""
        words = self.dropout(self.encoder(batch.words))  # (B, T, H)
        words = words.to(widened(words.dtype))
        vectors = words.flatten(0, 1).index_select(0, batch.places)  # (W, H)
        terms: dict[str, Tensor | None] = {}
        shown = vectors[:, :0], vectors[:, :0]  # (W, E) each
        if self.early is not None:
            early = self.early(vectors, batch.layout, batch.tag_ids, batch.cells)
            shown = early.entities, early.relations
            terms |= {"early entities": early.tag_loss, "early relations": early.grid_loss}
        with_gold = batch.tag_ids is not None
        of_entities, terms["divergence of entities"] = self._mapped(
            self.entity_map, vectors, shown[0], with_gold
        )
        of_relations, terms["divergence of relations"] = self._mapped(
            self.relation_map, vectors, shown[1], with_gold
        )
        tag_logits = self.heads.tags(of_entities)  # (W, L)
        output = ProgressiveOutput(tag_logits=tag_logits, relation_words=of_relations)
        if batch.tag_ids is None or batch.cells is None:
            return output
        terms["entities"] = tag_loss(self.heads.tags, tag_logits, batch.tag_ids)
        terms["relations"] = self.heads.grid.loss(of_relations, batch.layout, batch.cells)
        output.terms = {name: term for name, term in terms.items() if term is not None}
        weights = self._weights
        weighted = [weights.get(name, 1.0) * term for name, term in output.terms.items()]
        output.loss = torch.stack(weighted).sum()
        output.loss_weight = torch.tensor(len(batch.layout.lengths), device=words.device)
        return output

    def decode(self, batch: ProgressiveBatch, output: ProgressiveOutput) -> list[Annotations]:
        """See :meth:`Model.decode`."""
        if output.tag_logits is None or output.relation_words is None:
            raise ValueError("decode needs the output of forward")
        mask = batch.words.word_mask  # (B, T)
        logits = output.tag_logits.detach()
        padded = logits.new_zeros(mask.numel(), logits.size(1))
        padded.index_copy_(0, batch.places, logits)
        tags, grid, words = self.heads.tags, self.heads.grid, output.relation_words.detach()
        with torch.no_grad():
            found = tags.decode(padded.view(*mask.shape, -1), mask)
            entities = [one.entities for one in found]
            if self.pairs.orphans == "drop":
                return between_entities(grid, words, batch.layout, entities, self.pairs)
            return between_words(
                grid, words, batch.layout, entities, self.pairs, tags.tag_set, logits
            )

    def adapt(self, schema: Schema) -> None:
        """See :meth:`Model.adapt`.

        The heads' parameters, and those that read early predictions, are replaced: make the
        optimiser afterwards.
        """
        _check_schema(schema)
        self.heads.adapt(schema)
        if self.early is not None:
            before = self.early.tags.tags, self.early.grid.names
            self.early.adapt(schema)
            columns, sizes = self.early.kept_columns(*before), self.early.sizes
            maps = (self.entity_map, self.relation_map)
            for task_map, kept, size in zip(maps, columns, sizes, strict=True):
                if task_map is not None:
                    task_map.adapt(*kept, size)
        self.schema = schema

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Gold left out of training.

        Entities that are ``same_span``, ``nested`` or ``crossing`` with a kept one;
        ``relation_of_left_out_entity``; ``relation_with_itself``.
        """
        tags, cells = self.heads.tags, self._cells
        return tags.unrepresentable(sentences) | cells.unrepresentable(sentences)

    @property
    def _cells(self) -> RelationCells:
        labels = {label: place for place, label in enumerate(self.relation_types)}
        return RelationCells(labels, self.pairs.anchor, self.pairs.self_pairs, self.strict)

    @property
    def _weights(self) -> dict[str, float]:
        """Of the terms of the loss that do not count fully."""
        return {
            "early entities": self.progress.alpha,
            "early relations": self.progress.alpha,
            "divergence of entities": self.progress.beta_entities,
            "divergence of relations": self.progress.beta_relations,
        }

    def _mapped(
        self, task_map: TaskMap | None, vectors: Tensor, evidence: Tensor, with_gold: bool
    ) -> tuple[Tensor, Tensor | None]:
        """A task's vectors (W, H) and their divergence (); without a map those it was given."""
        if task_map is None:
            return vectors, None
        sample = self.training or self.progress.sample == "always"
        mapped: tuple[Tensor, Tensor | None] = task_map(vectors, evidence, sample, with_gold)
        return mapped

    def _map(self, evidence_size: int, beta: float) -> TaskMap | None:
        kind = self.progress.kind
        if kind is None:
            return None
        return TaskMap(
            self.encoder.output_size,
            evidence_size,
            kind,
            self.progress.stochastic,
            bounded=beta > 0,
            least_variance=self.progress.least_variance,
        )


def _check_schema(schema: Schema) -> None:
    if not schema.relation_types:
        raise ConfigurationError(
            "a joint model needs relation types, but the corpus has none; train a tagger on it"
        )
