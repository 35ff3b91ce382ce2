"""Strict matching of entities, sentence by sentence.

An entity is found when a predicted one has its label and both its boundaries. Gold and predictions
are compared as sets per sentence, so that one entity given twice counts once, and nested or
overlapping entities need no special treatment. Over flat entities this is seqeval's strict mode.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.counts import Counts, macro, total

STRICT = "an entity counts as found when its label and both its boundaries equal gold's"


def count_entities(
    gold: Sequence[Iterable[Entity]], predicted: Sequence[Iterable[Entity]]
) -> list[dict[str, Counts]]:
    """Counts per sentence and label; labels that a sentence does not have are left out.

    Args:
        gold: the entities of each sentence, whether a model can represent them or not.
        predicted: the entities that were predicted for the same sentences, in the same order.

    Raises:
        DataError: when the numbers of sentences differ.

    >>> gold = [[Entity("PER", 0, 2), Entity("LOC", 3, 4)], []]
    >>> predicted = [[Entity("PER", 0, 2), Entity("ORG", 3, 4)], []]
    >>> for label, counts in count_entities(gold, predicted)[0].items():
    ...     print(label, counts)
    LOC Counts(tp=0, fp=0, fn=1)
    ORG Counts(tp=0, fp=1, fn=0)
    PER Counts(tp=1, fp=0, fn=0)
    """
    if len(gold) != len(predicted):
        raise DataError(
            f"{len(predicted)} predicted sentences cannot be compared with {len(gold)} gold ones: "
            "predict for every sentence of the split, in its order"
        )
    return [_count(*pair) for pair in zip(gold, predicted, strict=True)]


def per_label(counts: Iterable[Mapping[str, Counts]]) -> dict[str, Counts]:
    """Sums over sentences, per label, in the order of the labels' names."""
    sums: dict[str, Counts] = {}
    for sentence in counts:
        for label, item in sentence.items():
            sums[label] = sums.get(label, Counts()) + item
    return dict(sorted(sums.items()))


def entity_scores(
    gold: Sequence[Iterable[Entity]], predicted: Sequence[Iterable[Entity]]
) -> dict[str, float]:
    """Micro precision, recall and F1 and macro F1 by the strict rule, each in [0, 1].

    >>> entity_scores([[Entity("PER", 0, 2), Entity("LOC", 3, 4)]], [[Entity("PER", 0, 2)]])
    {'precision': 1.0, 'recall': 0.5, 'f1': 0.6666666666666666, 'macro_f1': 0.5}

    Raises:
        DataError: when the numbers of sentences differ.
    """
    labels = per_label(count_entities(gold, predicted))
    micro = total(labels.values())
    return {**micro.ratios._asdict(), "macro_f1": macro(list(labels.values())).f1}


def _count(gold: Iterable[Entity], predicted: Iterable[Entity]) -> dict[str, Counts]:
    gold, predicted = set(gold), set(predicted)
    if not gold and not predicted:
        return {}
    found = Counter(entity.label for entity in gold & predicted)
    invented = Counter(entity.label for entity in predicted - gold)
    missed = Counter(entity.label for entity in gold - predicted)
    return {
        label: Counts(found[label], invented[label], missed[label])
        for label in sorted({*found, *invented, *missed})
    }
