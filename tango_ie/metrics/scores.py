"""Scores: what an evaluation found, kept as counts, with the rules they were counted by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tango.common.aliases import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.metrics.calibration import Calibration
from tango_ie.metrics.count_table import CountTable
from tango_ie.metrics.counts import Counts, Ratios, macro
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.rule import Things
from tango_ie.metrics.rule_table import RuleTable, merged_calibration, merged_errors

FILE_NAME = "scores.json"


@dataclass(frozen=True)
class Scores:
    """Counts per sentence and label, the rule of counting, and where they come from.

    What is compared is the main rule's. Counts by other rules lie beside it in ``tables``, and
    :meth:`by` puts one of them in its place.

    Args:
        rule: one sentence that says when an item counts as found.
        table: the counts.
        info: plain JSON about the run: the archive's own info (seed, time, parameters), prediction
            time, corpus fingerprint, split.
        errors: how many wrong items there are of each kind; they add up to the counts.
        tables: counts of the same predictions by other rules, and broken down.
        calibration: of the confidences of the items that the main rule counts.
        name: of the main rule.
        things: what its items are.
        unit: counts per item: 2 where the main rule counts in halves.
        documents: for each sentence the number of its document, where the corpus says that of all.

    >>> table = CountTable.from_sentences([{"PER": Counts(tp=3, fp=1)}, {"LOC": Counts(fn=3)}])
    >>> scores = Scores("label and both boundaries equal", table)
    >>> scores.total.f1, scores.macro.recall
    (0.6, 0.5)
    """

    rule: str
    table: CountTable
    info: Mapping[str, Any] = field(default_factory=dict)
    errors: ErrorCounts | None = None
    tables: tuple[RuleTable, ...] = ()
    calibration: Calibration | None = None
    name: str = "strict"
    things: Things = "entities"
    unit: int = 1
    documents: tuple[int, ...] | None = None

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

    @property
    def main(self) -> RuleTable:
        """What is compared, as the tables of the other rules are."""
        return RuleTable(
            self.name,
            self.rule,
            self.table,
            self.things,
            self.unit,
            errors=self.errors,
            calibration=self.calibration,
        )

    def sentence_counts(self) -> NDArray[np.int64]:
        """Counts of each sentence, (S, 3): what resampling needs."""
        return self.table.per_sentence

    def by(self, name: str) -> Scores:
        """The same scores with another rule as the main one; the old one is among the tables.

        Errors and calibration are those of the new rule, ``None`` where it has none.

        Args:
            name: of a plain rule; what is broken down cannot be compared as a whole.

        Raises:
            DataError: nothing was counted by such a rule; names those that are there.
        """
        if name == self.name:
            return self
        plain = {table.name: table for table in self.tables if not table.grouped_by}
        if name not in plain:
            raise DataError(
                f"there are no scores by the rule {name!r}; these predictions were counted by "
                f"{', '.join(map(repr, (self.name, *plain)))}"
            )
        main = plain[name]
        return replace(
            self,
            rule=main.sentence,
            table=main.table,
            errors=main.errors,
            tables=(self.main, *(table for table in self.tables if table is not main)),
            calibration=main.calibration,
            name=main.name,
            things=main.things,
            unit=main.unit,
        )

    def merge(self, other: Scores) -> Scores:
        """The scores of both sets of sentences.

        What only one of the two has cannot be told of both, and is left out: tables of further
        rules, errors, calibration, and info in which they differ.

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
        others = {table.name: table for table in other.tables}
        return Scores(
            self.rule,
            self.table.merge(other.table),
            common,
            merged_errors(self.errors, other.errors),
            tuple(table.merge(others[table.name]) for table in self.tables if table.name in others),
            merged_calibration(self.calibration, other.calibration),
            self.name,
            self.things,
            self.unit,
            self._merged_documents(other),
        )

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return {
            "micro": {**self.total.ratios._asdict()},
            "macro": {**self.macro._asdict()},
            "info": dict(self.info),
            "main": self.main.to_json(),
            "tables": [table.to_json() for table in self.tables],
            "documents": None if self.documents is None else list(self.documents),
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Scores:
        """The inverse of :meth:`to_json`."""
        main = RuleTable.from_json(value["main"])
        return cls(
            main.sentence,
            main.table,
            dict(value["info"]),
            main.errors,
            tuple(RuleTable.from_json(table) for table in value["tables"]),
            main.calibration,
            main.name,
            main.things,
            main.unit,
            None if value["documents"] is None else tuple(value["documents"]),
        )

    def _merged_documents(self, other: Scores) -> tuple[int, ...] | None:
        if self.documents is None or other.documents is None:
            return None
        first = max(self.documents, default=-1) + 1
        return (*self.documents, *(first + number for number in other.documents))


class ScoresFormat(Format[Scores]):
    """``scores.json``; the averages in it are for people, the counts are what is read back."""

    VERSION = "003"

    def write(self, artifact: Scores, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        text = json.dumps(artifact.to_json(), ensure_ascii=False, separators=(",", ":"))
        Path(dir, FILE_NAME).write_text(text + "\n", encoding="utf-8")

    def read(self, dir: PathOrStr) -> Scores:  # noqa: A002
        """Read what :meth:`write` has written.

        Raises:
            DataError: the file is not one of ours, or was written by an older version.
        """
        path = Path(dir, FILE_NAME)
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
            if value.keys() >= {"rule", "counts"}:
                raise DataError(
                    "these scores were written by an older version of tango_ie, which counted by "
                    "one rule only; run the evaluation again",
                    path,
                )
            return Scores.from_json(value)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise DataError(
                f"not a file of scores ({error!r}); run the step again", path
            ) from error
