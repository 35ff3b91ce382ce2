"""What the two taggers of a cascade learn from gold, and what of it they cannot give back.

Legend: C cells of entities, M subjects, G cells of objects.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.modules.cascade.settings import Tails, Targets

Span = tuple[int, int]  # half-open
Triple = tuple[Span, str, Span]

WITHOUT_ENTITY = "relation_of_left_out_entity"
OVERLAPPING_TAIL = "relation_with_overlapping_tail"
SAME_SPANS = "relation_of_same_spans"
WITHOUT_RELATION = "entity_without_relation"


@dataclass(frozen=True, slots=True)
class SentenceTargets:
    """Cells that are true, each once; all others are false.

    Shapes:
        entity_cells (C, 2) int: word, one of 2 types: starts, then ends; subjects (M, 2) int: first
        and last word; object_cells (G, 3) int: subject, word, one of 2 R: starts, then ends
    """

    entity_cells: NDArray[np.int32]
    subjects: NDArray[np.int32]
    object_cells: NDArray[np.int32]


@dataclass
class JudgedGold:
    """What can be given back, entities of the first tagger and triples; and what cannot."""

    entities: list[Entity] = field(default_factory=list)
    triples: set[Triple] = field(default_factory=set)
    reasons: list[str] = field(default_factory=list)

    @property
    def subjects(self) -> list[Span]:
        """The spans of the entities, in order."""
        return sorted({(entity.start, entity.end) for entity in self.entities})


@dataclass(frozen=True)
class CascadeTargets:
    """Which cells are true.

    Spans of one label are read back if the nearest end of each start is its own. Of others the
    longest are kept (ties: the first), by entity type, and by subject and relation type.

    Args:
        entity_types: in the order of the tagger.
        relation_types: in the order of the tagger.
        targets: what the first tagger finds.
        tails: whether an object must be among it.
        strict: gold that cannot be given back is an error.
    """

    entity_types: tuple[str, ...]
    relation_types: tuple[str, ...]
    targets: Targets
    tails: Tails
    strict: bool = False

    def of(self, sentence: Sentence) -> SentenceTargets:
        """The cells of gold.

        Raises:
            DataError: a label that is not known; with ``strict``, gold that cannot be given back.
        """
        types = self._places(sentence, "entity", self.entity_types)
        labels = self._places(sentence, "relation", self.relation_types)
        judged = self.judge(sentence)
        if judged.reasons and self.strict:
            raise DataError(
                f"{' '.join(sentence.words)[:80]!r} has gold that starts and ends of words cannot "
                f"hold ({judged.reasons[0].replace('_', ' ')}); allow it with strict = false"
            )
        places = {span: place for place, span in enumerate(judged.subjects)}
        entity_cells = (
            cell
            for entity in judged.entities
            for cell in _ends((entity.start, entity.end), types[entity.label], len(types))
        )
        object_cells = (
            (places[head], *cell)
            for head, label, tail in judged.triples
            for cell in _ends(tail, labels[label], len(labels))
        )
        subjects = [(start, end - 1) for start, end in judged.subjects]
        return SentenceTargets(
            _table(entity_cells, 2),
            np.array(subjects, np.int32).reshape(-1, 2),
            _table(object_cells, 3),
        )

    def judge(self, sentence: Sentence) -> JudgedGold:
        """Gold that can be given back, and why the rest cannot."""
        gold = JudgedGold()
        entities = list(dict.fromkeys(sentence.entities))
        named = {
            (sentence.entities[one.head], one.label, sentence.entities[one.tail])
            for one in sentence.relations
        }
        # In an order that does not depend on that of relations.
        relations = sorted(named, key=lambda one: (_rank(one[0]), one[1], _rank(one[2])))
        heads = {head for head, _, _ in relations}
        wanted = [one for one in entities if self.targets == "entities" or one in heads]
        gold.entities = self._readable_entities(wanted, gold.reasons)
        found = {*gold.entities}
        tails: dict[tuple[Span, str], list[Span]] = defaultdict(list)
        for head, label, tail in relations:
            if head not in found or (self.tails == "found" and tail not in found):
                gold.reasons.append(WITHOUT_ENTITY)
            elif _span(tail) in tails[_span(head), label]:
                gold.reasons.append(SAME_SPANS)
            else:
                tails[_span(head), label].append(_span(tail))
        for (span, label), own in tails.items():
            kept = readable(own)
            gold.reasons += [OVERLAPPING_TAIL] * (len(own) - len(kept))
            gold.triples.update((span, label, other) for other in kept)
        if self.targets == "subjects":
            objects = {tail for _, _, tail in gold.triples}
            lost = (one for one in entities if one not in heads and _span(one) not in objects)
            gold.reasons += [WITHOUT_RELATION for _ in lost]
        return gold

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """How much gold cannot be given back, by reason."""
        reasons = Counter(reason for one in sentences for reason in self.judge(one).reasons)
        return dict(sorted(reasons.items()))

    @staticmethod
    def _readable_entities(wanted: Sequence[Entity], reasons: list[str]) -> list[Entity]:
        by_type: dict[str, list[Span]] = defaultdict(list)
        for entity in wanted:
            by_type[entity.label].append(_span(entity))
        kept = {label: readable(spans) for label, spans in by_type.items()}
        for label, spans in by_type.items():
            for start, end in {*spans} - {*kept[label]}:
                inside = any(first <= start and end <= last for first, last in kept[label])
                reasons.append("nested" if inside else "crossing")
        return [entity for entity in wanted if _span(entity) in kept[entity.label]]

    @staticmethod
    def _places(sentence: Sentence, what: str, names: Sequence[str]) -> dict[str, int]:
        items = sentence.entities if what == "entity" else sentence.relations
        places = {name: place for place, name in enumerate(names)}
        for item in items:
            if item.label not in places:
                raise DataError(
                    f"the {what} type {item.label!r} of {' '.join(sentence.words)[:80]!r} is not "
                    f"known to the model; it knows {', '.join(names)}"
                )
        return places


def readable(spans: Iterable[Span]) -> list[Span]:
    """Spans whose starts are all nearest to their own ends; the longest are kept (ties: the first).

    Spans that nest are among them if they end together.

    >>> readable([(0, 1), (0, 3), (2, 3), (5, 6)])
    [(0, 3), (2, 3), (5, 6)]
    """
    kept: list[Span] = []
    for span in sorted({*spans}, key=lambda one: (one[0] - one[1], one)):
        if not any(_parted(span, other) or _parted(other, span) for other in kept):
            kept.append(span)
    return sorted(kept)


def _parted(span: Span, other: Span) -> bool:
    """Whether the other's end lies between start and end of the span."""
    return span[0] < other[1] < span[1]


def _span(entity: Entity) -> Span:
    return entity.start, entity.end


def _rank(entity: Entity) -> tuple[int, int, str]:
    return entity.start, entity.end, entity.label


def _ends(span: Span, label: int, num_labels: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """The cells of a span: its first word, as a start, and its last word, as an end."""
    return (span[0], label), (span[1] - 1, num_labels + label)


def _table(cells: Iterable[tuple[int, ...]], columns: int) -> NDArray[np.int32]:
    return np.array(sorted({*cells}), np.int32).reshape(-1, columns)
