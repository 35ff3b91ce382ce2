"""Gold as spans and pairs of spans, and what of it has no place among them.

Legend: N spans, G relations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schemes import flatten
from tango_ie.modules.pairs.relation_cells import WITH_ITSELF, WITHOUT_ENTITY

TOO_WIDE = "too_wide"


class SentenceSpans(NamedTuple):
    """The gold of one sentence, each once.

    Shapes:
        spans (N, 3) int: start, end, label, in reading order; relations (G, 3) int: head and tail,
        by their places among the spans, and label
    """

    spans: NDArray[np.int32]
    relations: NDArray[np.int32]


@dataclass(frozen=True)
class SpanGold:
    """Which spans and pairs are true.

    A span has one label: of entities with the same span the first is kept. Relations of entities
    that are left out have no place, nor have those of an entity with itself.

    Args:
        entity_labels: entity types and their numbers.
        relation_labels: relation types and their numbers.
        max_width: words of the widest span.
        flat: entities that overlap are flattened (the longest are kept, ties: the first).
        strict: gold without a place is an error.
    """

    entity_labels: Mapping[str, int]
    relation_labels: Mapping[str, int]
    max_width: int
    flat: bool = False
    strict: bool = False

    def of(self, sentence: Sentence) -> SentenceSpans:
        """The gold of a sentence.

        Raises:
            DataError: a label that is not known; with ``strict``, gold without a place.
        """
        _check("entity", sentence, sentence.entities, self.entity_labels)
        _check("relation", sentence, sentence.relations, self.relation_labels)
        kept, relations, left_out = self._judged(sentence)
        if self.strict and left_out:
            item, reason = left_out[0]
            raise DataError(
                f"{item.label} of {' '.join(sentence.words)[:80]!r} has no place among spans of at "
                f"most {self.max_width} words ({reason.replace('_', ' ')}); allow it with "
                "strict = false"
            )
        spans = sorted(kept, key=lambda entity: (entity.start, entity.end))
        places = {entity: place for place, entity in enumerate(spans)}
        return SentenceSpans(
            _rows((one.start, one.end, self.entity_labels[one.label]) for one in spans),
            _rows(
                sorted(
                    (places[head], places[tail], self.relation_labels[label])
                    for head, tail, label in relations
                )
            ),
        )

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Entities and relations without a place, by reason."""
        reasons = Counter(
            reason for sentence in sentences for _, reason in self._judged(sentence).left_out
        )
        return dict(sorted(reasons.items()))

    def _judged(self, sentence: Sentence) -> _Judged:
        left_out: list[tuple[Entity | Relation, str]] = []
        fitting = []
        for entity in dict.fromkeys(sentence.entities):
            if entity.end - entity.start > self.max_width:
                left_out.append((entity, TOO_WIDE))
            else:
                fitting.append(entity)
        kept = flatten(fitting)[0] if self.flat else _first_labels(fitting)
        chosen = {*kept}
        left_out += [(one, _reason(one, kept)) for one in fitting if one not in chosen]
        relations = set()
        for relation in sentence.relations:
            head, tail = sentence.entities[relation.head], sentence.entities[relation.tail]
            if head not in chosen or tail not in chosen:
                left_out.append((relation, WITHOUT_ENTITY))
            elif head == tail:
                left_out.append((relation, WITH_ITSELF))
            else:
                relations.add((head, tail, relation.label))
        return _Judged(kept, relations, left_out)


class _Judged(NamedTuple):
    """Gold that has a place, each once; the rest, with the reason."""

    entities: Sequence[Entity]
    relations: set[tuple[Entity, Entity, str]]
    left_out: list[tuple[Entity | Relation, str]]


def _first_labels(entities: Sequence[Entity]) -> list[Entity]:
    first: dict[tuple[int, int], Entity] = {}
    for entity in entities:
        first.setdefault((entity.start, entity.end), entity)
    return [*first.values()]


def _reason(entity: Entity, kept: Sequence[Entity]) -> str:
    if any((other.start, other.end) == (entity.start, entity.end) for other in kept):
        return "same_span"
    if any(other.start <= entity.start and entity.end <= other.end for other in kept):
        return "nested"
    return "crossing"


def _check(
    kind: str,
    sentence: Sentence,
    items: Sequence[Entity] | Sequence[Relation],
    labels: Mapping[str, int],
) -> None:
    for item in items:
        if item.label not in labels:
            raise DataError(
                f"the {kind} type {item.label!r} of {' '.join(sentence.words)[:80]!r} is not known "
                f"to the model; it knows {', '.join(labels)}"
            )


def _rows(rows: Iterable[tuple[int, int, int]]) -> NDArray[np.int32]:
    return np.array([*rows], np.int32).reshape(-1, 3)
