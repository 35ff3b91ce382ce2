"""Scores: what an evaluation found, kept as counts, with the rule they were counted by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tango.common.aliases import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts, Ratios, macro
from tango_ie.metrics.error_counts import ErrorCounts

FILE_NAME = "scores.json"


@dataclass(frozen=True)
class Scores:
    """Counts per sentence and label, the rule of counting, and where they come from.

    Args:
        rule: one sentence that says when an item counts as found.
        table: the counts.
        info: plain JSON about the run: the archive's own info (seed, time, parameters), prediction
            time, corpus fingerprint, split.
        errors: how many wrong items there are of each kind; they add up to the counts.

    >>> table = CountTable.from_sentences([{"PER": Counts(tp=3, fp=1)}, {"LOC": Counts(fn=3)}])
    >>> scores = Scores("label and both boundaries equal", table)
    >>> scores.total.f1, scores.macro.recall
    (0.6, 0.5)
    """

    rule: str
    table: CountTable
    info: Mapping[str, Any] = field(default_factory=dict)
    errors: ErrorCounts | None = None

    @property
    def total(self) -> Counts:
        """Counts over all sentences and labels; its ratios are the micro averages."""
        return self.table.total

    @property
    def per_label(self) -> dict[str, Counts]:
        """Counts per label, in the order of the table's labels."""
        return self.table.per_label

    @property
    def macro(self) -> Ratios:
        """Means over the labels that occur in gold or in the predictions."""
        return macro(list(self.per_label.values()))

    @property
    def num_sentences(self) -> int:
        """S, sentences without items included."""
        return self.table.num_sentences

    def sentence_counts(self) -> NDArray[np.int64]:
        """Counts of each sentence, (S, 3): what resampling needs."""
        return self.table.per_sentence

    def merge(self, other: Scores) -> Scores:
        """The scores of both sets of sentences; info is kept where the two agree.

        Raises:
            DataError: when they were counted by different rules.
        """
        if self.rule != other.rule:
            raise DataError(f"cannot add counts of two rules: {self.rule!r} and {other.rule!r}")
        common = {
            key: item
            for key, item in self.info.items()
            if key in other.info and other.info[key] == item
        }
        both = self.errors is not None and other.errors is not None
        errors = self.errors + other.errors if both else None  # type: ignore[operator]
        return Scores(self.rule, self.table.merge(other.table), common, errors)

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "rule": self.rule,
            "micro": {**self.total.ratios._asdict()},
            "macro": {**self.macro._asdict()},
            "info": dict(self.info),
            "counts": self.table.to_json(),
            "errors": None if self.errors is None else self.errors.to_json(),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Scores:
        """The inverse of :meth:`to_json`."""
        errors = value["errors"]
        return cls(
            value["rule"],
            CountTable.from_json(value["counts"]),
            dict(value["info"]),
            None if errors is None else ErrorCounts.from_json(errors),
        )


class ScoresFormat(Format[Scores]):
    """``scores.json``; the averages in it are for people, the counts are what is read back."""

    VERSION = "002"

    def write(self, artifact: Scores, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        text = json.dumps(artifact.to_json(), ensure_ascii=False)
        Path(dir, FILE_NAME).write_text(text + "\n", encoding="utf-8")

    def read(self, dir: PathOrStr) -> Scores:  # noqa: A002
        """Read what :meth:`write` has written.

        Raises:
            DataError: the file is not one of ours.
        """
        path = Path(dir, FILE_NAME)
        try:
            return Scores.from_json(json.loads(path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(
                f"not a file of scores ({error!r}); run the step again", path
            ) from error
