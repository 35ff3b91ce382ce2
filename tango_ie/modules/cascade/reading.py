"""From spans and the objects of subjects to entities and relations.

Legend: B batch, W words of the batch, E entity types, M subjects, N objects.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.modules.cascade.object_tagger import FoundObjects
from tango_ie.modules.cascade.settings import Tails
from tango_ie.modules.cascade.span_pairing import FoundSpans, span_scores
from tango_ie.modules.cascade.subjects import Subjects
from tango_ie.modules.pairs.pair_layout import PairLayout

Span = tuple[int, int]  # half-open


class FoundTriple(NamedTuple):
    """An object of a subject; ``type`` is the most probable entity type of the object's span."""

    head: Span
    label: str
    tail: Span
    score: float
    type: str


def joined(entities: Sequence[Entity], triples: Sequence[FoundTriple], tails: Tails) -> Annotations:
    """The annotations of one sentence, in the order of their words.

    Where a span was found with several entity types, relations join the most probable one. A free
    tail where no entity was found becomes one, of its most probable type, and has the probability
    of its most probable relation.

    Args:
        entities: what the first tagger has found.
        triples: what the second has; heads are among the spans of entities.
        tails: whether tails must be, too.

    >>> town = FoundTriple((0, 1), "in", (4, 5), 0.8, "LOC")
    >>> joined([Entity("PER", 0, 1)], [town], "found").relations
    ()
    >>> joined([Entity("PER", 0, 1)], [town], "free")
    Annotations(entities=(Entity(label='PER', start=0, end=1, score=None), \
Entity(label='LOC', start=4, end=5, score=0.8)), \
relations=(Relation(label='in', head=0, tail=1, score=0.8),), tags={})
    """
    known = {(entity.start, entity.end) for entity in entities}
    added: dict[Span, Entity] = {}
    for triple in triples:
        if tails == "free" and triple.tail not in known:
            before = added.get(triple.tail)
            if before is None or (before.score or 0) < triple.score:
                added[triple.tail] = Entity(triple.type, *triple.tail, triple.score)
    together = sorted([*entities, *added.values()], key=lambda one: (one.start, one.end, one.label))
    at: dict[Span, int] = {}
    for place, entity in enumerate(together):
        other = at.get((entity.start, entity.end))
        if other is None or (together[other].score or 0) < (entity.score or 0):
            at[entity.start, entity.end] = place
    relations = (
        Relation(triple.label, at[triple.head], at[triple.tail], triple.score)
        for triple in triples
        if triple.tail in at
    )
    ordered = sorted(relations, key=lambda one: (one.head, one.tail, one.label))
    return Annotations(tuple(together), tuple(ordered))


def distinct_subjects(found: FoundSpans, layout: PairLayout) -> Subjects:
    """A subject for each span, however many types it was found with; in order."""
    size = max(layout.num_words, 1)
    numbers = torch.unique(found.firsts * size + found.lasts)  # (M,) in order
    firsts, lasts = numbers // size, numbers % size
    sentences = torch.tensor(_places(layout.lengths)[0], dtype=torch.long)  # (W,)
    counts = torch.bincount(sentences[firsts.cpu()], minlength=len(layout.lengths))  # (B,)
    return Subjects.of(layout.lengths, counts.tolist(), firsts, lasts)


def best_types(logits: Tensor, objects: FoundObjects) -> Tensor:
    """The entity type that is most probable for each object's span, (N,) int.

    Shapes:
        logits (W, 2 E): of starts, then of ends
    """
    firsts, lasts = objects.firsts.unsqueeze(1), objects.lasts.unsqueeze(1)  # (N, 1)
    types = torch.arange(logits.size(1) // 2, device=logits.device).expand(len(firsts), -1)
    return span_scores(logits, firsts, lasts, types).argmax(1)


def found_entities(
    found: FoundSpans, layout: PairLayout, types: Sequence[str]
) -> list[list[Entity]]:
    """The entities of each sentence."""
    sentences, starts = _places(layout.lengths)
    entities: list[list[Entity]] = [[] for _ in layout.lengths]
    for first, last, label, score in zip(*(part.tolist() for part in found), strict=True):
        start = starts[first]
        entity = Entity(types[label], first - start, last + 1 - start, score)
        entities[sentences[first]].append(entity)
    return entities


def found_triples(
    objects: FoundObjects,
    subjects: Subjects,
    best: Tensor,
    labels: Sequence[str],
    types: Sequence[str],
) -> list[list[FoundTriple]]:
    """The triples of each sentence.

    Shapes:
        best (N,) int: see :func:`best_types`
    """
    sentences, starts = _places(subjects.lengths)
    owners = objects.subjects
    columns = (subjects.firsts[owners], subjects.lasts[owners], *objects[1:], best)
    triples: list[list[FoundTriple]] = [[] for _ in subjects.lengths]
    for first, last, start, end, label, score, kind in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        begin = starts[first]
        head, tail = (first - begin, last + 1 - begin), (start - begin, end + 1 - begin)
        triple = FoundTriple(head, labels[label], tail, score, types[kind])
        triples[sentences[first]].append(triple)
    return triples


def _places(lengths: Sequence[int]) -> tuple[list[int], list[int]]:
    """For each word its sentence, and the sentence's first word."""
    counts = torch.tensor(lengths, dtype=torch.long)
    sentences = torch.arange(len(counts)).repeat_interleave(counts)
    return sentences.tolist(), (counts.cumsum(0) - counts)[sentences].tolist()
