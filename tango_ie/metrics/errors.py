"""What went wrong with entities: each wrong one gets exactly one kind.

Gold and predictions are compared as sets per sentence, as the strict counts do, so that the errors
add up to them: a missed entity of the counts (fn) is the gold side of one error, an invented one
(fp) the predicted side of one. What is correct is set aside first. Of the others, a gold entity and
a prediction that share words are paired, each with one partner at most: those of the same span
first, then those of the same type, then the rest, and within each of these the pair with the
largest share of words in common first. Ties go to what stands first in the sentence, so neither
the order of the lists nor the scores change the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, TypeAlias

import numpy as np

from tango_ie.data.annotations import Entity
from tango_ie.metrics.diagnosis import Diagnosis, ItemError, diagnose_all, error_place, surest
from tango_ie.metrics.pairing import Flags, likeness, numbered, pair_off, share_words, spans_of
from tango_ie.metrics.relation_mentions import item_place

EntityError: TypeAlias = ItemError[Entity]
EntityErrorKind = Literal[
    "missed", "spurious", "boundary", "type", "boundary + type", "nested conflict"
]

# Each kind with its definition, for the tables that show them.
ENTITY_ERRORS: Mapping[EntityErrorKind, str] = MappingProxyType(
    {
        "missed": "a gold entity that no prediction answers, nested conflicts apart",
        "spurious": "a prediction that answers no gold entity, nested conflicts apart",
        "boundary": "a prediction of gold's type whose span shares words with gold's but differs",
        "type": "a prediction with gold's span and another type",
        "boundary + type": "as boundary, but of another type than gold",
        "nested conflict": (
            "an entity without a partner that lies in, around or across one that has a partner: it "
            "shares words with that gold entity and with the prediction that answers it"
        ),
    }
)

# In the order in which pairs are taken.
_PAIR_KINDS: tuple[EntityErrorKind, ...] = ("type", "boundary", "boundary + type")

_Pair = tuple[EntityErrorKind, Entity, Entity]


def diagnose_entities(
    gold: Sequence[Iterable[Entity]], predicted: Sequence[Iterable[Entity]]
) -> list[Diagnosis[Entity]]:
    """What was right and wrong in each sentence.

    Args:
        gold: the entities of each sentence, whether a model can represent them or not.
        predicted: the entities that were predicted for the same sentences, in the same order.

    Raises:
        DataError: when the numbers of sentences differ.

    >>> gold = [[Entity("PER", 0, 2), Entity("LOC", 3, 4), Entity("LOC", 5, 6)]]
    >>> predicted = [[Entity("PER", 0, 3), Entity("ORG", 3, 4, score=0.7), Entity("LOC", 8, 9)]]
    >>> for error in diagnose_entities(gold, predicted)[0].errors:
    ...     print(error.kind, error.label, error.confidence)
    boundary PER None
    type LOC 0.7
    missed LOC None
    spurious LOC None
    """
    return diagnose_all(diagnose_sentence, gold, predicted)


def diagnose_sentence(gold: Iterable[Entity], predicted: Iterable[Entity]) -> Diagnosis[Entity]:
    """What was right and wrong in one sentence; duplicates count once."""
    wanted, found = surest(gold), surest(predicted)
    correct = sorted((item for item in found.values() if item in wanted), key=item_place)
    missed = sorted((item for item in wanted.values() if item not in found), key=item_place)
    invented = sorted((item for item in found.values() if item not in wanted), key=item_place)
    pairs = _pairs(missed, invented)
    errors: list[EntityError] = [ItemError(*pair) for pair in pairs]
    errors += _unpaired(missed, invented, correct, pairs)
    return Diagnosis(tuple(correct), tuple(sorted(errors, key=error_place)))


def _pairs(missed: Sequence[Entity], invented: Sequence[Entity]) -> list[_Pair]:
    if not missed or not invented:
        return []
    wanted, found = spans_of(missed), spans_of(invented)  # (N, 2), (M, 2)
    gold, predicted = np.nonzero(share_words(wanted, found))  # 2 × (E,)
    wanted, found = wanted[gold], found[predicted]  # 2 × (E, 2)
    same_span = (wanted == found).all(axis=1)  # (E,)
    labels = numbered(entity.label for entity in (*missed, *invented))  # (N + M,)
    same_label = labels[gold] == labels[len(missed) + predicted]  # (E,)
    ranks = np.select([same_span, same_label], [0, 1], 2)  # (E,), places in _PAIR_KINDS
    taken = pair_off(gold, predicted, [ranks, -likeness(wanted, found)])
    return [(_PAIR_KINDS[ranks[at]], missed[gold[at]], invented[predicted[at]]) for at in taken]


def _unpaired(
    missed: Sequence[Entity],
    invented: Sequence[Entity],
    correct: Sequence[Entity],
    pairs: Sequence[_Pair],
) -> list[EntityError]:
    paired_gold, paired_predicted = {pair[1] for pair in pairs}, {pair[2] for pair in pairs}
    alone = [entity for entity in missed if entity not in paired_gold]
    num_missed = len(alone)
    alone += [entity for entity in invented if entity not in paired_predicted]
    if not alone:
        return []
    spans = spans_of(alone)  # (N, 2)
    answered = spans_of([*correct, *(pair[1] for pair in pairs)])  # (M, 2)
    answers = spans_of([*correct, *(pair[2] for pair in pairs)])  # (M, 2)
    both = share_words(spans, answered) & share_words(spans, answers)  # (N, M)
    conflicts: Flags = np.any(both, axis=1)  # (N,)
    errors: list[EntityError] = []
    for place, (entity, conflict) in enumerate(zip(alone, conflicts.tolist(), strict=True)):
        if place < num_missed:
            errors.append(ItemError("nested conflict" if conflict else "missed", entity, None))
        else:
            errors.append(ItemError("nested conflict" if conflict else "spurious", None, entity))
    return errors
