"""How the relations of a sentence share their entities, and how many relations there are.

Source: Zeng et al. (2018), "Extracting relational facts by an end-to-end neural model with copy
mechanism"; used by CasRel (Wei et al. 2020) and those that compare with it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import Literal

from tango_ie.metrics.groups import Buckets, SentenceGroups
from tango_ie.metrics.relation_rules import Ends, triples

Pattern = Literal["normal", "EPO", "SEO"]
NO_RELATION = "no relation"
NUMBERS = Buckets((0, 1, 2, 3, 4), first=0)


def overlap_patterns(
    relations: Collection[tuple[Hashable, str, Hashable]],
) -> tuple[Pattern, ...]:
    """The patterns of one sentence; none where it has no relations.

    * ``normal``: no entity is in two relations, or in one on both ends;
    * ``EPO`` (entity-pair overlap): two relations have the same head and the same tail;
    * ``SEO`` (single-entity overlap): an entity is in two different pairs of head and tail, or is
      head and tail of one. A pair and the same pair turned round are two pairs.

    A sentence may be both ``EPO`` and ``SEO``. As in the papers, it is the sentence that has a
    pattern, with all its relations. A relation given twice counts once, which the original
    programs, where data has such, take for ``EPO``.

    Args:
        relations: head, label and tail.

    >>> overlap_patterns([("a", "r", "b"), ("c", "r", "d")])
    ('normal',)
    >>> overlap_patterns([("a", "r", "b"), ("a", "s", "b"), ("a", "r", "c")])
    ('EPO', 'SEO')
    """
    distinct = {*relations}
    if not distinct:
        return ()
    pairs = {(head, tail) for head, _, tail in distinct}
    entities = {entity for pair in pairs for entity in pair}
    single = len(entities) != 2 * len(pairs)
    found: list[Pattern] = []
    if len(pairs) != len(distinct):
        found.append("EPO")
    if single:
        found.append("SEO")
    return tuple(found) or ("normal",)


def overlap_pattern_groups(ends: Ends = "exact strings") -> SentenceGroups:
    """Sentences by the patterns of their gold relations.

    Args:
        ends: what makes two ends the same entity; the papers look at strings.
    """
    return SentenceGroups(
        "overlap pattern",
        "by sentence: normal where no entity is shared, EPO where two relations have the same pair "
        "of entities, SEO where two pairs have an entity in common; some sentences are in both",
        ("normal", "EPO", "SEO", NO_RELATION),
        lambda gold: overlap_patterns(triples(gold.words, gold, ends)) or (NO_RELATION,),
    )


def triple_number_groups(
    buckets: Buckets = NUMBERS, ends: Ends = "exact strings"
) -> SentenceGroups:
    """Sentences by the number of their gold relations.

    Args:
        buckets: ranges of numbers; the papers show 1, 2, 3, 4 and 5 or more.
        ends: what makes two relations of one label the same.
    """
    return SentenceGroups(
        "number of relations",
        "by the number of different relations of the sentence",
        buckets.labels,
        lambda gold: (buckets.label(len(triples(gold.words, gold, ends))),),
    )
