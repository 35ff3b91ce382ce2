"""Gathering the entities and relations of a sentence from its triples."""

from __future__ import annotations

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.data.notes import Notes


def check_label(label: str) -> None:
    """Refuse an empty entity label.

    Raises:
        ConfigurationError: it is empty.
    """
    if not label:
        raise ConfigurationError("give the label that all entities get", "entity_label")


class Gatherer:
    """Gathers the entities and relations of a sentence, each of them once.

    Entities of equal span and label are one. A relation that is there already is dropped and
    noted; one of an entity with itself is kept and noted.

    >>> gatherer = Gatherer(Notes(), "here", 1)
    >>> gatherer.relate("knows", gatherer.entity("PER", 0, 2), gatherer.entity("PER", 5, 6))
    >>> gatherer.annotations.relations
    (Relation(label='knows', head=0, tail=1, score=None),)
    """

    def __init__(self, notes: Notes, source: str, line: int) -> None:
        self._notes = notes
        self._place = (source, line)
        self._entities: dict[Entity, int] = {}
        self._relations: dict[tuple[str, int, int], Relation] = {}

    def note(self, kind: str, detail: str) -> None:
        """Note a repair at this sentence."""
        self._notes.add(kind, detail, *self._place)

    def entity(self, label: str, start: int, end: int) -> int:
        """Index of this entity, which is added where it is not there."""
        return self._entities.setdefault(Entity(label, start, end), len(self._entities))

    def relate(self, label: str, head: int, tail: int, shown: object = "") -> None:
        """Add a relation; ``shown`` is what notes call it."""
        detail = f"{shown or label}"
        if (label, head, tail) in self._relations:
            self.note("repeated triple dropped", detail)
            return
        if head == tail:
            self.note("relation of an entity with itself kept", detail)
        self._relations[label, head, tail] = Relation(label, head, tail)

    @property
    def annotations(self) -> Annotations:
        """What was gathered, in the order in which it first came."""
        return Annotations(tuple(self._entities), tuple(self._relations.values()))
