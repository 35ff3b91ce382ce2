"""What scores that were pooled over the folds of a cross-validation say of the single folds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Ratios, macro

KEY = "folds"
"""Where it stands in the info of the scores."""


@dataclass(frozen=True)
class FoldRatios:
    """Precision, recall and F1 of each fold by one rule: what is averaged over folds.

    Args:
        micro: over all labels together.
        macro: means over the labels that occur in the fold, in gold or in the predictions.

    >>> from tango_ie.metrics.counts import Counts
    >>> first = CountTable.from_sentences([{"A": Counts(tp=1)}, {"B": Counts(fn=3)}])
    >>> FoldRatios.of([first]).micro[0].recall, FoldRatios.of([first]).macro[0].recall
    (0.25, 0.5)
    """

    micro: tuple[Ratios, ...]
    macro: tuple[Ratios, ...]

    @classmethod
    def of(cls, tables: Iterable[CountTable]) -> FoldRatios:
        """From the counts of each fold."""
        folds = list(tables)
        return cls(
            tuple(table.total.ratios for table in folds),
            tuple(macro(list(table.per_label.values())) for table in folds),
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "micro": [ratios._asdict() for ratios in self.micro],
            "macro": [ratios._asdict() for ratios in self.macro],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> FoldRatios:
        """The inverse of :meth:`to_json`."""
        return cls(
            tuple(Ratios(**ratios) for ratios in value["micro"]),
            tuple(Ratios(**ratios) for ratios in value["macro"]),
        )


@dataclass(frozen=True)
class Folds:
    """The folds of pooled scores.

    Args:
        corpora: fingerprints, in the order in which the folds' sentences stand in the scores.
        sentences: tested in each.
        ratios: for each rule that breaks nothing down, by its name.
        varying: what the folds' infos do not say alike: path → one value for each fold, ``None``
            where it has none.
    """

    corpora: tuple[str, ...]
    sentences: tuple[int, ...]
    ratios: Mapping[str, FoldRatios]
    varying: Mapping[str, Sequence[Any]]

    def __len__(self) -> int:
        return len(self.corpora)

    def to_json(self) -> dict[str, Any]:
        """JSON-able form: what stands in the info of the scores; :meth:`of_info` reads it."""
        return {
            "corpora": list(self.corpora),
            "sentences": list(self.sentences),
            "ratios": {rule: found.to_json() for rule, found in self.ratios.items()},
            "varying": {path: list(values) for path, values in self.varying.items()},
        }

    @classmethod
    def of_info(cls, info: Mapping[str, Any]) -> Folds | None:
        """The folds of scores with this info; ``None`` where they are not pooled."""
        value = info.get(KEY)
        if value is None:
            return None
        return cls(
            tuple(value["corpora"]),
            tuple(value["sentences"]),
            {rule: FoldRatios.from_json(found) for rule, found in value["ratios"].items()},
            dict(value["varying"]),
        )
