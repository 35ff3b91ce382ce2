"""What went wrong with relations: each wrong one gets exactly one kind.

A relation is right when its label, both spans and both entity types are gold's; the errors add up
to the counts by that rule, as those of entities do. What is correct is set aside first. Of the
others, a gold relation and a predicted one are paired by the first kind that fits, ``direction``,
``label``, ``argument``, each with one partner at most; among argument errors those with the most
alike arguments come first. Ties go to what stands first in the sentence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Literal, TypeAlias

from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.metrics.diagnosis import Diagnosis, ItemError, diagnose_all, error_place, surest
from tango_ie.metrics.relation_mentions import RelationMention, item_place, relation_mentions
from tango_ie.metrics.relation_pairing import PairKind, pair_relations

RelationError: TypeAlias = ItemError[RelationMention]
RelationErrorKind = Literal["missed", "spurious", PairKind]

# Each kind with its definition, for the tables that show them.
RELATION_ERRORS: Mapping[RelationErrorKind, str] = MappingProxyType(
    {
        "missed": "a gold relation that no prediction answers",
        "spurious": "a predicted relation that answers no gold one",
        "argument": (
            "the label is right; one or both arguments are wrong in span or type, but at least one "
            "shares words with gold's"
        ),
        "direction": "the label and both entities are right, but head and tail are swapped",
        "label": "both entities are right, in either order, but the label is not",
    }
)


def diagnose_relations(
    gold: Sequence[Annotations | Sentence],
    predicted: Sequence[Annotations | Sentence],
    symmetric: Collection[str] = (),
) -> list[Diagnosis[RelationMention]]:
    """What was right and wrong in each sentence.

    Args:
        gold: the sentences, or their annotations.
        predicted: what was predicted for the same sentences, in the same order; its relations
            point into its own entities.
        symmetric: labels without a direction.

    Raises:
        DataError: when the numbers of sentences differ, or a relation points to no entity.

    >>> from tango_ie.data.annotations import Entity, Relation
    >>> entities = (Entity("PER", 0, 2), Entity("LOC", 4, 5))
    >>> gold = [Annotations(entities, (Relation("born_in", 0, 1),))]
    >>> predicted = [Annotations(entities, (Relation("born_in", 1, 0, score=0.8),))]
    >>> for error in diagnose_relations(gold, predicted)[0].errors:
    ...     print(error.kind, error.label, error.confidence)
    direction born_in 0.8
    """
    return diagnose_all(
        partial(diagnose_mentions, symmetric=symmetric),
        [relation_mentions(sentence, symmetric) for sentence in gold],
        [relation_mentions(sentence, symmetric) for sentence in predicted],
    )


def diagnose_mentions(
    gold: Iterable[RelationMention],
    predicted: Iterable[RelationMention],
    symmetric: Collection[str] = (),
) -> Diagnosis[RelationMention]:
    """What was right and wrong in one sentence; duplicates count once."""
    wanted, found = surest(gold), surest(predicted)
    correct = sorted((item for item in found.values() if item in wanted), key=item_place)
    missed = sorted((item for item in wanted.values() if item not in found), key=item_place)
    invented = sorted((item for item in found.values() if item not in wanted), key=item_place)
    pairs = pair_relations(missed, invented, symmetric)
    answered, answers = {pair[1] for pair in pairs}, {pair[2] for pair in pairs}
    errors: list[RelationError] = [ItemError(*pair) for pair in pairs]
    errors += [ItemError("missed", item, None) for item in missed if item not in answered]
    errors += [ItemError("spurious", None, item) for item in invented if item not in answers]
    return Diagnosis(tuple(correct), tuple(sorted(errors, key=error_place)))
