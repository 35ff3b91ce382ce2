"""What entities are grouped by: training, length, nesting; and sentences by their length."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.metrics.groups import Buckets, EntityGroups, SentenceGroups, bucketed

SEEN, UNSEEN = "seen", "unseen"
TRAINING = "the training data"
LENGTHS = Buckets((1, 2, 3))
DEPTHS = Buckets((0, 1), first=0)
SENTENCE_LENGTHS = Buckets((10, 20, 40))


def seen_in_training(
    training: Iterable[Sentence], *, with_type: bool = True, where: str = TRAINING
) -> EntityGroups:
    """Whether the words of an entity were annotated in training.

    Args:
        training: what the model was trained on, read once.
        with_type: with the same label, which is the usual meaning; or with any.
        where: what ``training`` is called in the rule's sentence.

    >>> ada = Sentence(("Ada", "met", "May"), (Entity("PER", 0, 1), Entity("PER", 2, 3)))
    >>> found = Entity("ORG", 0, 1)
    >>> for with_type in (True, False):
    ...     groups = seen_in_training([ada], with_type=with_type)
    ...     print(groups.of(["May", "sang"], [found])[found])
    unseen
    seen
    """
    return _seen(_annotated(training), with_type, where)


def seen_with_and_without_type(
    training: Iterable[Sentence], where: str = TRAINING
) -> tuple[EntityGroups, EntityGroups]:
    """Both kinds of :func:`seen_in_training`, for one reading of the training data."""
    known = _annotated(training)
    return _seen(known, True, where), _seen(known, False, where)


def entity_length(buckets: Buckets = LENGTHS) -> EntityGroups:
    """The number of words of an entity."""

    def of(words: Sequence[str], entities: Collection[Entity]) -> dict[Entity, str]:
        return bucketed(buckets, ((entity, entity.end - entity.start) for entity in entities))

    return EntityGroups("length", "by the number of words of the entity", buckets.labels, of)


def nesting_depth(buckets: Buckets = DEPTHS) -> EntityGroups:
    """How deep an entity lies inside others: 0 for the outermost, see :func:`depths`."""

    def of(words: Sequence[str], entities: Collection[Entity]) -> dict[Entity, str]:
        return bucketed(buckets, depths(entities).items())

    return EntityGroups(
        "nesting depth",
        "by depth, which is the length of the longest chain of ever larger entities around it",
        buckets.labels,
        of,
    )


def depths(entities: Iterable[Entity]) -> dict[Entity, int]:
    """The longest chain of ever larger spans around each entity.

    Entities on the same span are equally deep; those that cross are not inside each other.

    >>> inner, outer = Entity("PER", 1, 2), Entity("ORG", 0, 3)
    >>> depths([inner, outer]) == {inner: 1, outer: 0}
    True
    """
    entities = list(entities)
    if len(entities) < 2:
        return dict.fromkeys(entities, 0)
    spans = {(entity.start, entity.end) for entity in entities}
    depth: dict[tuple[int, int], int] = {}
    for start, end in sorted(spans, key=lambda span: span[0] - span[1]):  # the longest first
        around = (found for other, found in depth.items() if other[0] <= start and end <= other[1])
        depth[start, end] = max(around, default=-1) + 1
    return {entity: depth[entity.start, entity.end] for entity in entities}


def sentence_length(buckets: Buckets = SENTENCE_LENGTHS) -> SentenceGroups:
    """The number of words of the sentence."""
    return SentenceGroups(
        "sentence length",
        "by the number of words of the sentence",
        buckets.labels,
        lambda gold: (buckets.label(len(gold)),),
    )


def _annotated(training: Iterable[Sentence]) -> set[tuple[tuple[str, ...], str]]:
    """The words and labels of all entities."""
    return {
        (sentence.words[entity.start : entity.end], entity.label)
        for sentence in training
        for entity in sentence.entities
    }


def _seen(
    annotated: Iterable[tuple[tuple[str, ...], str]], with_type: bool, where: str
) -> EntityGroups:
    known = {(words, label if with_type else "") for words, label in annotated}

    def of(words: Sequence[str], entities: Collection[Entity]) -> dict[Entity, str]:
        return {
            entity: SEEN
            if (tuple(words[entity.start : entity.end]), entity.label if with_type else "") in known
            else UNSEEN
            for entity in entities
        }

    how = "with the same label" if with_type else "with any label"
    return EntityGroups(
        "seen in training" if with_type else "seen in training under any label",
        f"seen are those whose words are, letter by letter, an entity of {where} {how}",
        (SEEN, UNSEEN),
        of,
        measure="recall",
    )
