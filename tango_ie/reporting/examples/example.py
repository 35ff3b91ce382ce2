"""Example: one sentence, what gold says of it, and what each run predicted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations

AFFECTS_RESULTS = False  # see tango_ie.core.fingerprint

RunKey: TypeAlias = tuple[str, int | None]


@dataclass(frozen=True, slots=True)
class ErrorMark:
    """One thing that a run got wrong, by the places of the items that it is about.

    Args:
        kind: of the error, in the words that are shown: ``missed``, ``boundary``.
        gold: place of the gold item in the gold annotations; ``None`` where there is none.
        predicted: place of the predicted item in the run's annotations; ``None`` where there is
            none.
    """

    kind: str
    gold: int | None = None
    predicted: int | None = None


@dataclass(frozen=True, slots=True)
class RunPrediction:
    """What one run predicted; an item without a mark is right.

    Args:
        variant: of the experiment.
        seed: of training; ``None`` where it is not known.
        annotations: entities and relations with their scores; tags are not shown.
        entity_errors: what is wrong with entities; places are those of entities.
        relation_errors: the same for relations.
    """

    variant: str
    seed: int | None
    annotations: Annotations
    entity_errors: tuple[ErrorMark, ...] = ()
    relation_errors: tuple[ErrorMark, ...] = ()

    @property
    def key(self) -> RunKey:
        """Variant and seed."""
        return self.variant, self.seed


@dataclass(frozen=True, slots=True)
class Example:
    """One sentence of a report.

    Args:
        index: of the sentence in its split, from 0.
        words: at least one.
        doc_id: the document that the sentence belongs to, where it is known.
        gold: its gold annotations.
        runs: one per run, the same runs in the same order for all examples; those of the baseline
            come first.
        fixed_by: variants that have right what the baseline has wrong.
        broken_by: variants that have wrong what the baseline has right.

    Raises:
        DataError: an item lies outside the sentence, or a mark points to no item.

    >>> from tango_ie.data.annotations import Entity
    >>> mark = ErrorMark("missed", gold=0)
    >>> run = RunPrediction("crf", 1, Annotations(), (mark,))
    >>> Example(0, ("Ada", "wrote"), None, Annotations((Entity("PER", 0, 1),)), (run,)).runs[0].key
    ('crf', 1)
    """

    index: int
    words: tuple[str, ...]
    doc_id: str | None
    gold: Annotations
    runs: tuple[RunPrediction, ...]
    fixed_by: tuple[str, ...] = ()
    broken_by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self._check_items("gold", self.gold)
        for run in self.runs:
            name = f"{run.variant}, seed {run.seed}"
            self._check_items(name, run.annotations)
            found = run.annotations
            self._check_marks(name, run.entity_errors, self.gold.entities, found.entities)
            self._check_marks(name, run.relation_errors, self.gold.relations, found.relations)

    def _check_items(self, owner: str, annotations: Annotations) -> None:
        for entity in annotations.entities:
            if not 0 <= entity.start < entity.end <= len(self.words):
                raise DataError(
                    f"sentence {self.index}, {owner}: entity {entity.label} [{entity.start}, "
                    f"{entity.end}) lies outside the {len(self.words)} words"
                )
        size = len(annotations.entities)
        for relation in annotations.relations:
            if not (0 <= relation.head < size and 0 <= relation.tail < size):
                raise DataError(
                    f"sentence {self.index}, {owner}: relation {relation.label} ({relation.head} → "
                    f"{relation.tail}) points outside the {size} entities"
                )

    def _check_marks(
        self,
        owner: str,
        marks: Sequence[ErrorMark],
        gold: Sequence[object],
        predicted: Sequence[object],
    ) -> None:
        for mark in marks:
            for side, place, items in (
                ("gold", mark.gold, gold),
                ("predicted", mark.predicted, predicted),
            ):
                if place is not None and not 0 <= place < len(items):
                    raise DataError(
                        f"sentence {self.index}, {owner}: the error {mark.kind!r} is about {side} "
                        f"item {place}, but there are {len(items)}"
                    )
