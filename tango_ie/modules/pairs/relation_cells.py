"""Relations as cells of a grid of word pairs.

An entity is found in the grid at one of its words, the anchor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schemes import flatten

Anchor = Literal["first", "last"]

WITHOUT_ENTITY = "relation_of_left_out_entity"
WITH_ITSELF = "relation_with_itself"


@dataclass(frozen=True)
class RelationCells:
    """Which cells are true.

    Entities that overlap are flattened as for tags; relations of those that are left out have no
    cell, nor have relations of an entity with itself unless these are allowed.

    Args:
        labels: relation types, in the order of the grid.
        anchor: ``first`` or ``last`` word of an entity.
        self_pairs: whether a word makes a pair with itself.
        strict: relations without a cell are an error.
    """

    labels: Mapping[str, int]
    anchor: Anchor = "first"
    self_pairs: bool = False
    strict: bool = False

    def of(self, sentence: Sentence) -> NDArray[np.int32]:
        """The cells of gold: (G, 3) int, word of the head, word of the tail, label; in order.

        Raises:
            DataError: a label that is not known; with ``strict``, a relation without a cell.
        """
        cells = set()
        for relation, reason in _judged(sentence, self.self_pairs):
            if relation.label not in self.labels:
                raise DataError(
                    f"the relation type {relation.label!r} of {' '.join(sentence.words)[:80]!r} is "
                    f"not known to the model; it knows {', '.join(self.labels)}"
                )
            if reason is None:
                head, tail = sentence.entities[relation.head], sentence.entities[relation.tail]
                ends = anchor_word(head, self.anchor), anchor_word(tail, self.anchor)
                cells.add((*ends, self.labels[relation.label]))
            elif self.strict:
                raise DataError(
                    f"{relation.label} of {' '.join(sentence.words)[:80]!r} has no cell in the "
                    f"grid ({reason.replace('_', ' ')}); allow it with strict = false"
                )
        return np.array(sorted(cells), np.int32).reshape(-1, 3)

    def unrepresentable(self, sentences: Sequence[Sentence]) -> dict[str, int]:
        """Relations without a cell, by reason."""
        reasons = Counter(
            reason
            for sentence in sentences
            for _, reason in _judged(sentence, self.self_pairs)
            if reason is not None
        )
        return dict(sorted(reasons.items()))


def anchor_word(entity: Entity, anchor: Anchor) -> int:
    """The place of an entity's anchor.

    >>> anchor_word(Entity("PER", 1, 3), "last")
    2
    """
    return entity.start if anchor == "first" else entity.end - 1


def _judged(sentence: Sentence, self_pairs: bool) -> list[tuple[Relation, str | None]]:
    """Relations, and why they have no cell; of mere repetitions of entities each stands for all."""
    if not sentence.relations:
        return []
    kept = {*flatten(tuple(dict.fromkeys(sentence.entities)))[0]}
    judged: list[tuple[Relation, str | None]] = []
    for relation in sentence.relations:
        head, tail = sentence.entities[relation.head], sentence.entities[relation.tail]
        reason = None
        if head not in kept or tail not in kept:
            reason = WITHOUT_ENTITY
        elif head == tail and not self_pairs:
            reason = WITH_ITSELF
        judged.append((relation, reason))
    return judged
