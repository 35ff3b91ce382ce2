"""One variant of an experiment: its runs, what they scored and what they cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tango_ie.metrics.calibration import Calibration
from tango_ie.metrics.counts import Counts, macro, total
from tango_ie.metrics.difference import Difference
from tango_ie.metrics.error_counts import ErrorCounts
from tango_ie.metrics.scores import Scores
from tango_ie.metrics.significance import SeedInterval, seed_interval
from tango_ie.reporting.rule_counts import RuleCounts


@dataclass(frozen=True)
class Run:
    """One model, trained with one seed, evaluated.

    Args:
        per_label: counts per label over all sentences.
        info: of its :class:`~tango_ie.metrics.scores.Scores`.
        errors: wrong items by kind.
        rules: counts by all rules, the main one first; empty in reports of older versions.
        calibration: of the confidences of the items that are counted, where there are such.
    """

    per_label: Mapping[str, Counts]
    info: Mapping[str, Any] = field(default_factory=dict)
    errors: ErrorCounts | None = None
    rules: tuple[RuleCounts, ...] = ()
    calibration: Calibration | None = None

    @classmethod
    def from_scores(cls, scores: Scores) -> Run:
        """Drop what a report does not need: the counts of single sentences."""
        sure = scores.calibration
        return cls(
            scores.per_label,
            dict(scores.info),
            scores.errors,
            tuple(map(RuleCounts.of, (scores.main, *scores.tables))),
            sure if sure is not None and sure.bins else None,
        )

    @property
    def total(self) -> Counts:
        """Counts over all labels."""
        return total(self.per_label.values())

    def by_rule(self, name: str) -> RuleCounts | None:
        """Counts by the rule of this name; ``None`` where there are none."""
        return next((rule for rule in self.rules if rule.name == name), None)

    @property
    def archive(self) -> Mapping[str, Any]:
        """What training said of the model."""
        found: Mapping[str, Any] = self.info.get("archive", {})
        return found

    @property
    def seed(self) -> int | None:
        """The seed of training, where it is known."""
        return self.archive.get("seed")


@dataclass(frozen=True)
class Variant:
    """The runs of one variant and its difference to the baseline.

    Scores are fractions; means are over seeds.

    Args:
        name: as in the config.
        runs: one per seed.
        difference: in micro F1, to the baseline; ``None`` for the baseline itself.
    """

    name: str
    runs: tuple[Run, ...]
    difference: Difference | None = None

    @property
    def seeds(self) -> tuple[int | None, ...]:
        """The seeds of the runs."""
        return tuple(run.seed for run in self.runs)

    @property
    def precision(self) -> SeedInterval:
        """Micro precision."""
        return self._over_seeds(lambda run: run.total.precision)

    @property
    def recall(self) -> SeedInterval:
        """Micro recall."""
        return self._over_seeds(lambda run: run.total.recall)

    @property
    def f1(self) -> SeedInterval:
        """Micro F1."""
        return self._over_seeds(lambda run: run.total.f1)

    @property
    def macro_f1(self) -> SeedInterval:
        """Mean of the labels' F1."""
        return self._over_seeds(lambda run: macro(list(run.per_label.values())).f1)

    def label_f1(self, label: str) -> SeedInterval:
        """F1 of one label."""
        return self._over_seeds(lambda run: run.per_label.get(label, Counts()).f1)

    def errors_of_kind(self, kind: str) -> SeedInterval | None:
        """Errors of a kind in a run; ``None`` where they were not counted."""
        numbers = [run.errors.per_kind.get(kind, 0) for run in self.runs if run.errors is not None]
        return seed_interval(numbers) if len(numbers) == len(self.runs) else None

    def rule_f1(self, rule: str) -> SeedInterval | None:
        """Micro F1 by another rule; ``None`` where a run was not counted by it."""
        return self._over_rules(rule, lambda counts: counts.total.f1)

    def group_score(self, rule: str, group: str) -> SeedInterval | None:
        """Recall or F1 of a group, as the rule has it; ``None`` as for :meth:`rule_f1`."""

        def score(counts: RuleCounts) -> float:
            found = counts.per_group.get(group, Counts())
            return found.recall if counts.measure == "recall" else found.f1

        return self._over_rules(rule, score)

    def calibration_value(self, read: Callable[[Calibration], float]) -> SeedInterval | None:
        """A figure of the calibration; ``None`` where a run has no confidences.

        Args:
            read: takes it from a calibration.
        """
        values = [read(run.calibration) for run in self.runs if run.calibration is not None]
        return seed_interval(values) if len(values) == len(self.runs) else None

    @property
    def calibration_error(self) -> SeedInterval | None:
        """Expected calibration error; ``None`` where a run has no confidences."""
        return self.calibration_value(lambda calibration: calibration.error)

    @property
    def train_seconds(self) -> float | None:
        """Mean training time of a run."""
        return self._mean([run.archive.get("train_seconds") for run in self.runs])

    @property
    def sentences_per_second(self) -> float | None:
        """Mean prediction speed."""
        return self._mean([run.info.get("sentences_per_second") for run in self.runs])

    @property
    def num_parameters(self) -> int | None:
        """Parameters of the model."""
        return self.runs[0].archive.get("num_parameters")

    @property
    def num_trainable_parameters(self) -> int | None:
        """Those of them that were trained."""
        return self.runs[0].archive.get("num_trainable_parameters")

    def to_json(self) -> dict[str, Any]:
        """JSON-able form, means spelled out for readers; :meth:`from_json` reads it."""
        return {
            "name": self.name,
            "seeds": list(self.seeds),
            "precision": asdict(self.precision),
            "recall": asdict(self.recall),
            "f1": asdict(self.f1),
            "macro_f1": asdict(self.macro_f1),
            "per_label_f1": {
                label: asdict(self.label_f1(label)) for label in self.runs[0].per_label
            },
            "calibration_error": _optional(self.calibration_error),
            "difference": self.difference.to_json() if self.difference else None,
            "train_seconds": self.train_seconds,
            "sentences_per_second": self.sentences_per_second,
            "num_parameters": self.num_parameters,
            "num_trainable_parameters": self.num_trainable_parameters,
            "runs": [_run_to_json(run) for run in self.runs],
        }

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Variant:
        """The inverse of :meth:`to_json`."""
        difference = value["difference"]
        return cls(
            name=value["name"],
            runs=tuple(_run_from_json(run) for run in value["runs"]),
            difference=Difference.from_json(difference) if difference else None,
        )

    def _over_rules(self, rule: str, score: Callable[[RuleCounts], float]) -> SeedInterval | None:
        counted = [run.by_rule(rule) for run in self.runs]
        values = [score(counts) for counts in counted if counts is not None]
        return seed_interval(values) if len(values) == len(self.runs) else None

    def _over_seeds(self, score: Callable[[Run], float]) -> SeedInterval:
        return seed_interval([score(run) for run in self.runs])

    @staticmethod
    def _mean(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return sum(known) / len(known) if known else None


def _run_to_json(run: Run) -> dict[str, Any]:
    return {
        "seed": run.seed,
        **run.total.ratios._asdict(),
        "per_label": {label: asdict(counts) for label, counts in run.per_label.items()},
        "errors": None if run.errors is None else run.errors.to_json(),
        "rules": [rule.to_json() for rule in run.rules],
        "calibration": None if run.calibration is None else run.calibration.to_json(),
        "info": dict(run.info),
    }


def _run_from_json(value: Mapping[str, Any]) -> Run:
    errors, calibration = value.get("errors"), value.get("calibration")
    return Run(
        {label: Counts(**item) for label, item in value["per_label"].items()},
        value["info"],
        None if errors is None else ErrorCounts.from_json(errors),
        tuple(map(RuleCounts.from_json, value.get("rules", ()))),
        None if calibration is None else Calibration.from_json(calibration),
    )


def _optional(interval: SeedInterval | None) -> dict[str, Any] | None:
    return None if interval is None else asdict(interval)
