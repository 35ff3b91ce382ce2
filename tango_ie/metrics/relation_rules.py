"""Rules for relations: what must be equal of their two ends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Literal, get_args

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.relation_mentions import relation_mentions
from tango_ie.metrics.rule import Rule, count_items

Ends = Literal[
    "strict",
    "boundaries",
    "first word",
    "last word",
    "exact strings",
    "first-word strings",
    "last-word strings",
]
"""What is looked at of head and tail."""
ENDS: tuple[Ends, ...] = get_args(Ends)
End = tuple[int | str, ...]


def triples(
    words: Sequence[str],
    annotations: Annotations | Sentence,
    ends: Ends = "exact strings",
    symmetric: Collection[str] = (),
) -> set[tuple[End, str, End]]:
    """The relations of a sentence as comparable triples: head, label, tail.

    Args:
        words: of the sentence.
        annotations: its gold or what was predicted.
        ends: what is looked at of head and tail.
        symmetric: labels without a direction; their ends are put into one order.

    Raises:
        DataError: a relation points to an entity that is not there.
        ConfigurationError: there is no such rule.

    >>> from tango_ie.data.annotations import Relation
    >>> words = ("Ada", "Lovelace", "of", "London")
    >>> found = Annotations((Entity("PER", 0, 2), Entity("LOC", 3, 4)), (Relation("of", 0, 1),))
    >>> triples(words, found)
    {(('Ada', 'Lovelace'), 'of', ('London',))}
    >>> triples(words, found, "last word")
    {((1,), 'of', (3,))}
    """
    _check(ends)
    if not annotations.relations:
        return set()
    reduced = _REDUCED[ends]
    found = set()
    for mention in relation_mentions(annotations):
        head, tail = reduced(words, mention.head), reduced(words, mention.tail)
        # Ordered only now: which end comes first may depend on what is left of them.
        if mention.label in symmetric and tail < head:
            head, tail = tail, head
        found.add((head, mention.label, tail))
    return found


def relation_rule(ends: Ends = "strict", symmetric: Collection[str] = ()) -> Rule:
    """The rule that looks at this much of head and tail.

    In each sentence gold and predictions are compared as sets. Where less is looked at, relations
    that were different may fall together; they then count once, on both sides.

    Args:
        ends: what is looked at of head and tail.
        symmetric: labels without a direction.

    Raises:
        ConfigurationError: there is no such rule, or ``symmetric`` is a single string.
    """
    _check(ends)
    if isinstance(symmetric, str):
        raise ConfigurationError(f"expected a list of labels, found {symmetric!r}", "symmetric")
    undirected = frozenset(symmetric)

    def count(gold: Sentence, predicted: Annotations) -> dict[str, Counts]:
        if not gold.relations and not predicted.relations:
            return {}
        wanted = triples(gold.words, gold, ends, undirected)
        found = triples(gold.words, predicted, ends, undirected)
        return count_items(_by_label(wanted), _by_label(found))

    sentence = (
        f"a relation counts as found when its label and direction equal gold's and {_WORDS[ends]}"
    )
    if undirected:
        sentence += f" (without direction: {', '.join(sorted(undirected))})"
    return Rule(f"relations {ends}", sentence, count, things="relations")


def _by_label(found: Collection[tuple[End, str, End]]) -> dict[tuple[End, str, End], str]:
    return {triple: triple[1] for triple in found}


def _check(ends: str) -> None:
    if ends not in ENDS:
        raise ConfigurationError(f"expected one of {', '.join(ENDS)}, found {ends!r}", "ends")


_REDUCED: dict[Ends, Callable[[Sequence[str], Entity], End]] = {
    "strict": lambda _, entity: (entity.start, entity.end, entity.label),
    "boundaries": lambda _, entity: (entity.start, entity.end),
    "first word": lambda _, entity: (entity.start,),
    "last word": lambda _, entity: (entity.end - 1,),
    "exact strings": lambda words, entity: tuple(words[entity.start : entity.end]),
    "first-word strings": lambda words, entity: (words[entity.start],),
    "last-word strings": lambda words, entity: (words[entity.end - 1],),
}
_WORDS: dict[Ends, str] = {
    "strict": "its two entities have the labels and boundaries of gold's",
    "boundaries": "its two entities have the boundaries of gold's, whatever their labels",
    "first word": "head and tail begin at the same words, whatever their labels and ends",
    "last word": "head and tail end at the same words, whatever their labels and beginnings",
    "exact strings": "head and tail are spelt alike, wherever in the sentence they stand; each "
    "triple of strings counts once per sentence",
    "first-word strings": "the first words of head and tail are spelt alike, wherever in the "
    "sentence they stand; each triple of strings counts once per sentence",
    "last-word strings": "the last words of head and tail are spelt alike, wherever in the "
    "sentence they stand; each triple of strings counts once per sentence",
}
