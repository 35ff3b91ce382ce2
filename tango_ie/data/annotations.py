"""Sentences and what is annotated on them.

Spans are half-open, ``[start, end)``, in words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tango_ie.core.errors import DataError


@dataclass(frozen=True, slots=True)
class Entity:
    """A labelled span of words.

    ``score`` is the probability that a model gives to it (``None`` for gold); ``subtype`` is the
    finer type that some corpora give beside the label. Neither takes part in equality, so that
    predicted and gold entities can be compared as sets.

    >>> Entity("PER", 0, 2, score=0.9) == Entity("PER", 0, 2, subtype="PER.Group")
    True
    """

    label: str
    start: int
    end: int
    score: float | None = field(default=None, compare=False)
    subtype: str | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Relation:
    """A labelled, directed pair of entities, given by their indices in the list of entities."""

    label: str
    head: int
    tail: int
    score: float | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Annotations:
    """What a model predicts, or a human annotated, on one sentence."""

    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with gold annotations; entities may nest or overlap.

    Args:
        words: at least one, each a non-empty string.
        entities: spans inside ``words``.
        relations: pairs of indices into ``entities``.
        tags: one tag per word for each named layer, such as ``pos``.
        doc_id: the document that the sentence belongs to.
        position: zero-based place of the sentence in its document.
        text: the raw text, where the source has it.
        offsets: character offsets ``[start, end)`` of each word in ``text``.
        text_start: where ``text`` begins in its document, in characters.

    Raises:
        DataError: when an annotation lies outside the sentence or lengths differ.
    """

    words: tuple[str, ...]
    entities: tuple[Entity, ...] = ()
    relations: tuple[Relation, ...] = ()
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    doc_id: str | None = None
    position: int | None = None
    text: str | None = None
    offsets: tuple[tuple[int, int], ...] | None = None
    text_start: int | None = None

    def __post_init__(self) -> None:
        size = len(self.words)
        for entity in self.entities:
            if not 0 <= entity.start < entity.end <= size:
                raise DataError(
                    f"entity {entity.label} [{entity.start}, {entity.end}) lies outside "
                    f"a sentence of {size} words: {_shorten(self.words)}"
                )
        for relation in self.relations:
            if not (
                0 <= relation.head < len(self.entities) and 0 <= relation.tail < len(self.entities)
            ):
                raise DataError(
                    f"relation {relation.label} ({relation.head} → {relation.tail}) points outside "
                    f"the {len(self.entities)} entities of: {_shorten(self.words)}"
                )
        for layer, tags in self.tags.items():
            if len(tags) != size:
                raise DataError(
                    f"layer {layer!r} has {len(tags)} tags for {size} words: {_shorten(self.words)}"
                )
        if self.offsets is not None and len(self.offsets) != size:
            raise DataError(
                f"{len(self.offsets)} character offsets for {size} words: {_shorten(self.words)}"
            )

    def __len__(self) -> int:
        return len(self.words)

    @property
    def annotations(self) -> Annotations:
        """The gold annotations, in the shape that models predict."""
        return Annotations(self.entities, self.relations, self.tags)


def _shorten(words: Sequence[str], limit: int = 12) -> str:
    shown = " ".join(words[:limit])
    return f"{shown} …" if len(words) > limit else shown
