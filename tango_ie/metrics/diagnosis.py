"""What was right and what was wrong in one sentence, for entities and relations alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.relation_mentions import RelationMention, item_place

Side = Literal["gold", "predicted"]


Item = TypeVar("Item", Entity, RelationMention)
Given = TypeVar("Given")
Diagnosed = TypeVar("Diagnosed")


@dataclass(frozen=True)
class ItemError(Generic[Item]):
    """One thing that went wrong.

    Args:
        kind: one of the kinds of entity errors or of relation errors.
        gold: what should have been found; ``None`` where nothing should.
        predicted: what was found in its place; ``None`` where nothing was.
    """

    kind: str
    gold: Item | None
    predicted: Item | None

    @property
    def confidence(self) -> float | None:
        """How sure the model was of its prediction, in [0, 1]; ``None`` where it made none."""
        return None if self.predicted is None else self.predicted.score

    @property
    def item(self) -> Item:
        """The gold item, or the predicted one where there is no gold."""
        item = self.gold if self.gold is not None else self.predicted
        if item is None:
            raise ValueError("an error is about a gold item, a predicted one, or both")
        return item

    @property
    def label(self) -> str:
        """Gold's label, or the predicted one where there is no gold."""
        return self.item.label

    @property
    def wrong_items(self) -> Iterator[tuple[Side, Item]]:
        """The one or two items that it is about, gold first."""
        if self.gold is not None:
            yield "gold", self.gold
        if self.predicted is not None:
            yield "predicted", self.predicted


@dataclass(frozen=True)
class Diagnosis(Generic[Item]):
    """A sentence: every gold and every predicted item is in ``correct`` or in one of ``errors``.

    Args:
        correct: as they were predicted, with their confidence.
        errors: in the order of the sentence.
    """

    correct: tuple[Item, ...] = ()
    errors: tuple[ItemError[Item], ...] = ()


def error_place(error: ItemError[Item]) -> tuple[int | str, ...]:
    """Where an error comes in the order of its sentence: that of its gold item, if it has one."""
    return *item_place(error.item), "predicted" if error.gold is None else "gold"


def surest(items: Iterable[Item]) -> dict[Item, Item]:
    """Each item once, with the highest score that it was given.

    >>> list(surest([Entity("PER", 0, 1, score=0.2), Entity("PER", 0, 1, score=0.9)]).values())
    [Entity(label='PER', start=0, end=1, score=0.9)]
    """
    best: dict[Item, Item] = {}
    for item in items:
        known = best.setdefault(item, item)
        if item.score is not None and (known.score is None or known.score < item.score):
            best[item] = item
    return best


def diagnose_all(
    diagnose: Callable[[Given, Given], Diagnosed],
    gold: Sequence[Given],
    predicted: Sequence[Given],
) -> list[Diagnosed]:
    """Diagnose sentence by sentence.

    Raises:
        DataError: when the numbers of sentences differ.
    """
    if len(gold) != len(predicted):
        raise DataError(
            f"{len(predicted)} predicted sentences cannot be compared with {len(gold)} gold ones: "
            "predict for every sentence of the split, in its order"
        )
    return [diagnose(*pair) for pair in zip(gold, predicted, strict=True)]
