"""Confidences of predicted items and whether each is right, as columns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import DataError
from tango_ie.metrics.diagnosis import Item, surest

# Probabilities that are added up in single precision may leave [0, 1] by this much.
_ROUNDING = 1e-5


@dataclass(frozen=True, eq=False)
class ScoredItems:
    """Predicted items that have a confidence, and what gold has.

    Args:
        scores: confidence of each predicted item, in [0, 1].
        correct: whether it is in gold, by the strict rule.
        label_ids: its label, as an index into ``labels``.
        labels: of gold and predictions, sorted.
        num_gold: number of gold items per label.
        num_unscored: predicted items that have no confidence; they are not among the others.

    Shapes:
        scores (N,) float, correct (N,) bool, label_ids (N,) int, num_gold (L,) int
    """

    scores: NDArray[np.float64]
    correct: NDArray[np.bool_]
    label_ids: NDArray[np.int64]
    labels: tuple[str, ...]
    num_gold: NDArray[np.int64]
    num_unscored: int = 0

    def __len__(self) -> int:
        return len(self.scores)


def scored_items(
    gold: Sequence[Iterable[Item]], predicted: Sequence[Iterable[Item]]
) -> ScoredItems:
    """Collect the confidences of entities, or of relation mentions.

    An item that is predicted twice in a sentence counts once, with its highest confidence.

    Raises:
        DataError: the numbers of sentences differ, or a confidence is outside [0, 1].

    >>> from tango_ie.data.annotations import Entity
    >>> items = scored_items([[Entity("PER", 0, 1)]], [[Entity("PER", 0, 1, score=0.8)]])
    >>> items.scores.tolist(), items.correct.tolist(), items.num_gold.tolist()
    ([0.8], [True], [1])
    """
    if len(gold) != len(predicted):
        raise DataError(
            f"{len(predicted)} predicted sentences cannot be compared with {len(gold)} gold ones: "
            "predict for every sentence of the split, in its order"
        )
    rows: list[tuple[float, bool, str]] = []
    wanted_labels: list[str] = []
    unscored = 0
    for wanted_items, found_items in zip(gold, predicted, strict=True):
        wanted = set(wanted_items)
        wanted_labels += [item.label for item in wanted]
        for item in surest(found_items).values():
            if item.score is None:
                unscored += 1
            elif not -_ROUNDING <= item.score <= 1 + _ROUNDING:  # NaN included
                raise DataError(
                    f"a confidence must lie in [0, 1], found {item.score!r} of {item.label}; "
                    "make probabilities of scores first"
                )
            else:
                rows.append((min(max(item.score, 0.0), 1.0), item in wanted, item.label))
    labels = tuple(sorted({*wanted_labels, *(label for _, _, label in rows)}))
    index = {label: place for place, label in enumerate(labels)}
    places = np.array([index[label] for label in wanted_labels], dtype=np.int64)
    return ScoredItems(
        np.array([score for score, _, _ in rows], dtype=np.float64),
        np.array([right for _, right, _ in rows], dtype=np.bool_),
        np.array([index[label] for _, _, label in rows], dtype=np.int64),
        labels,
        np.bincount(places, minlength=len(labels)).astype(np.int64),
        unscored,
    )
