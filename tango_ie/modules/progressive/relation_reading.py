"""Reading relations off a grid of word pairs, between the entities that were found.

Legend: W words, H hidden, L tags, N entities.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.modules.pairs.pair_grid import PairGrid
from tango_ie.modules.pairs.pair_layout import PairLayout
from tango_ie.modules.pairs.relation_cells import anchor_word
from tango_ie.modules.progressive.settings import Pairs
from tango_ie.modules.tag_set import TagSet

Entities = Sequence[Sequence[Entity]]


def between_entities(
    grid: PairGrid, words: Tensor, layout: PairLayout, entities: Entities, pairs: Pairs
) -> list[Annotations]:
    """Relations between entities, which lie at their anchors; the rest of the grid is not made.

    Args:
        entities: of each sentence; no two have one anchor.

    Shapes:
        words (W, H)
    """
    starts = _starts(layout.lengths)
    places = [
        start + anchor_word(entity, pairs.anchor)
        for start, own in zip(starts, entities, strict=True)
        for entity in own
    ]
    at = words.index_select(0, torch.tensor(places, dtype=torch.long, device=words.device))
    # The entities of a batch make pairs as its words do.
    counts = [len(own) for own in entities]
    found = grid.find(at, PairLayout.of(counts).to(words.device), pairs.threshold)
    relations = _by_sentence(grid, found, counts)
    return [
        Annotations(tuple(own), tuple(Relation(*item) for item in items))
        for own, items in zip(entities, relations, strict=True)
    ]


def between_words(
    grid: PairGrid,
    words: Tensor,
    layout: PairLayout,
    entities: Entities,
    pairs: Pairs,
    tag_set: TagSet,
    tag_logits: Tensor,
) -> list[Annotations]:
    """Relations between any words; where no entity is anchored, the word becomes one.

    Such entities stand behind the others, and have the highest probability of a type, whatever the
    tag's prefix.

    Shapes:
        words (W, H), tag_logits (W, L)
    """
    found = grid.find(words, layout, pairs.threshold)
    relations = _by_sentence(grid, found, layout.lengths)
    typed = _type_probabilities(tag_set, tag_logits).max(-1)  # (W,) each
    scores, types = typed.values.tolist(), typed.indices.tolist()
    annotations = []
    for start, own, items in zip(_starts(layout.lengths), entities, relations, strict=True):
        together = list(own)
        at = {anchor_word(entity, pairs.anchor): place for place, entity in enumerate(own)}
        for word in sorted({word for _, *ends, _ in items for word in ends} - at.keys()):
            at[word] = len(together)
            label = tag_set.entity_types[types[start + word]]
            together.append(Entity(label, word, word + 1, scores[start + word]))
        moved = (Relation(label, at[head], at[tail], score) for label, head, tail, score in items)
        annotations.append(Annotations(tuple(together), tuple(moved)))
    return annotations


def _by_sentence(
    grid: PairGrid, found: Sequence[Tensor], lengths: Sequence[int]
) -> list[list[tuple[str, int, int, float]]]:
    """Cells with their label and score; places count from 0 in each sentence."""
    counts = torch.tensor(lengths, dtype=torch.long)
    sentences = torch.arange(len(counts)).repeat_interleave(counts).tolist()
    starts = _starts(lengths)
    cells: list[list[tuple[str, int, int, float]]] = [[] for _ in lengths]
    columns = (column.tolist() for column in found)
    for head, tail, label, score in zip(*columns, strict=True):
        sentence = sentences[head]
        start = starts[sentence]
        cells[sentence].append((grid.names[label], head - start, tail - start, score))
    return cells


def _starts(lengths: Sequence[int]) -> list[int]:
    counts = torch.tensor(lengths, dtype=torch.long)
    starts: list[int] = (counts.cumsum(0) - counts).tolist()
    return starts


def _type_probabilities(tag_set: TagSet, logits: Tensor) -> Tensor:
    """How probable it is that a word belongs to an entity of each type. (W, L) → (W, types)"""
    inside = tag_set.labels >= 0  # (L,)
    probabilities = logits.softmax(-1)[:, inside]
    sums = logits.new_zeros(len(logits), len(tag_set.entity_types))
    return sums.index_add_(1, tag_set.labels[inside], probabilities).clamp(max=1)
