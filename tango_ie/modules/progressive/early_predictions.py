"""Heads of both tasks, and what they predict early as evidence for other heads.

Legend: W words, H hidden, L tags, R relation types, S sides, E evidence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, nn

from tango_ie.data.schema import Schema
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.pairs.grid_functions import Side
from tango_ie.modules.pairs.pair_grid import PairGrid, kept_labels
from tango_ie.modules.pairs.pair_layout import GoldCells, PairLayout
from tango_ie.modules.progressive.settings import Progress

SIDES: dict[str, tuple[Side, ...]] = {"head": ("head",), "both": ("head", "tail")}


class JointHeads(nn.Module):
    """BIOES tags of words, and a grid of relations between them.

    Args:
        tags: scores the tags.
        grid: scores the relations.
    """

    def __init__(self, tags: EntityHead, grid: PairGrid) -> None:
        super().__init__()
        self.tags = tags
        self.grid = grid

    def adapt(self, schema: Schema) -> None:
        """Change to another schema."""
        self.tags = self.tags.adapted(schema)
        self.grid = self.grid.adapted(schema.relation_types)


class Evidence(NamedTuple):
    """What each task is shown, and the losses of the heads that said so.

    Shapes:
        entities (W, E), relations (W, E); losses () each
    """

    entities: Tensor
    relations: Tensor
    tag_loss: Tensor | None
    grid_loss: Tensor | None


class Columns(NamedTuple):
    """Columns of evidence that another schema keeps: where they are, and where they were.

    Shapes:
        here, there (N,) int
    """

    here: Tensor
    there: Tensor


class EarlyPredictions(JointHeads):
    """Probabilities of tags, and of each relation with the partner for which it is highest.

    Args:
        heads: the early ones.
        progress: which predictions a task is shown, and which sides of pairs.

    Shapes:
        vectors (W, H)
    """

    def __init__(self, heads: JointHeads, progress: Progress) -> None:
        super().__init__(heads.tags, heads.grid)
        self.shared = progress.early == "both"
        self.sides = SIDES[progress.pool]

    @property
    def sizes(self) -> tuple[int, int]:
        """E of entities and of relations."""
        tags, relations = len(self.tags.tags), len(self.sides) * len(self.grid.names)
        return (tags + relations,) * 2 if self.shared else (tags, relations)

    def forward(
        self,
        vectors: Tensor,
        layout: PairLayout,
        tag_ids: Tensor | None = None,
        cells: GoldCells | None = None,
    ) -> Evidence:
        logits = self.tags(vectors)  # (W, L)
        grid_loss, relations = self.grid.pooled(vectors, layout, cells, self.sides)  # (W, S * R)
        entities = logits.softmax(-1)
        if self.shared:
            entities = relations = torch.cat([entities, relations], dim=-1)
        if tag_ids is None or cells is None:
            return Evidence(entities, relations, None, None)
        return Evidence(entities, relations, tag_loss(self.tags, logits, tag_ids), grid_loss)

    def kept_columns(self, old_tags: Sequence[str], old_types: Sequence[str]) -> list[Columns]:
        """The evidence of entities and of relations, against that of other heads."""
        tags = Columns(*kept_labels(self.tags.tags, old_tags))
        types = Columns(*kept_labels(self.grid.names, old_types))
        parts = [
            Columns(types.here + side * len(self.grid.names), types.there + side * len(old_types))
            for side in range(len(self.sides))
        ]
        relations = Columns(*map(torch.cat, zip(*parts, strict=True)))
        if not self.shared:
            return [tags, relations]
        here = torch.cat([tags.here, relations.here + len(self.tags.tags)])
        there = torch.cat([tags.there, relations.there + len(old_tags)])
        return [Columns(here, there)] * 2


def tag_loss(head: EntityHead, logits: Tensor, tag_ids: Tensor) -> Tensor:
    """Cross-entropy in sum over words that stand end to end.

    Shapes:
        logits (W, L), tag_ids (W,) int; returns ()
    """
    everywhere = torch.ones_like(tag_ids, dtype=torch.bool).unsqueeze(0)
    return head.loss(logits.unsqueeze(0), tag_ids.unsqueeze(0), everywhere)[0]
