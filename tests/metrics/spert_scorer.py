"""SpERT's way of counting, written down anew as a reference: sets of tuples, then scikit-learn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sklearn.metrics import precision_recall_fscore_support

from tango_ie.data.annotations import Annotations, Entity, Sentence

Tuples = list[tuple[Any, Any, str]]
"""The label stands last."""


def entity_tuples(entities: Iterable[Entity], typed: bool) -> Tuples:
    return [(item.start, item.end, item.label if typed else "entity") for item in entities]


def relation_tuples(annotations: Annotations | Sentence, typed: bool, symmetric: str) -> Tuples:
    """Ends without direction change places where the tail's first word comes first."""
    tuples: Tuples = []
    for relation in annotations.relations:
        head, tail = (annotations.entities[place] for place in (relation.head, relation.tail))
        if relation.label in symmetric and tail.start < head.start:
            head, tail = tail, head
        ends = [(end.start, end.end, *([end.label] if typed else [])) for end in (head, tail)]
        tuples.append((ends[0], ends[1], relation.label))
    return tuples


def spert_scores(
    gold: Sequence[Tuples], predicted: Sequence[Tuples]
) -> dict[str, tuple[float, ...]]:
    """Precision, recall and F1 per label, ``micro`` and ``macro``; nothing where there is nothing.

    Each item of either side is a row, with its label where a side has it and none where not.
    """
    wanted, found = [], []
    for one, other in zip(gold, predicted, strict=True):
        for item in {*one, *other}:
            wanted.append(item[2] if item in one else "none")
            found.append(item[2] if item in other else "none")
    labels = sorted({*wanted, *found} - {"none"})
    if not labels:
        return {}
    settings: dict[str, Any] = {"labels": labels, "zero_division": 0}
    rows = precision_recall_fscore_support(wanted, found, average=None, **settings)
    scores = {label: tuple(row) for label, *row in zip(labels, *rows[:3], strict=True)}
    for average in ("micro", "macro"):
        whole = precision_recall_fscore_support(wanted, found, average=average, **settings)
        scores[average] = whole[:3]
    return scores
