"""Gold that a query-parallel model does not learn from, or could never find."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.modules.entity_head import EntityHead
from tango_ie.modules.queries.settings import Overlaps


def left_out(sentences: Sequence[Sentence], overlaps: Overlaps, kind: str) -> dict[str, int]:
    """How many entities, by reason.

    >>> two = Sentence(("a", "b"), (Entity("PER", 0, 1), Entity("PER", 1, 2)))
    >>> left_out([two], "drop", "spans"), left_out([two], "drop", "words")
    ({}, {'run_together': 2})
    """
    reasons = Counter(EntityHead.unrepresentable(sentences) if overlaps == "drop" else {})
    if kind == "words":
        together = sum(_run_together(sentence.entities) for sentence in sentences)
        reasons.update({"run_together": together} if together else {})
    return dict(sorted(reasons.items()))


def _run_together(entities: Sequence[Entity]) -> int:
    """Entities that touch or overlap another one of their type, and so are no run of words."""
    by_type: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for label, start, end in sorted({(one.label, one.start, one.end) for one in entities}):
        by_type[label].append((start, end))
    return sum(
        any(
            start <= other_end and other <= end
            for other, other_end in spans
            if (other, other_end) != (start, end)
        )
        for spans in by_type.values()
        for start, end in spans
    )
