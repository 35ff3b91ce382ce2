"""Tables of what the other rules say: looser ones, the strict one broken down, and confidences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tango_ie.metrics.significance import SeedInterval
from tango_ie.reporting import wording
from tango_ie.reporting.rule_counts import RuleCounts
from tango_ie.reporting.tables import Table

if TYPE_CHECKING:
    from tango_ie.reporting.report import Report
    from tango_ie.reporting.variant import Run

Definitions = list[tuple[str, str]]
"""Names with what they mean."""


@dataclass(frozen=True)
class Breakdown:
    """The scores of a rule by groups of sentences or entities.

    Args:
        title: what is broken down by what.
        measure: what the figures are, in a word.
        sentence: the rule.
        table: one row per group, one column per variant.
    """

    title: str
    measure: str
    sentence: str
    table: Table


@dataclass(frozen=True)
class CalibrationTable:
    """How far confidences can be trusted.

    Args:
        sentence: what the error is.
        table: one row per variant.
    """

    sentence: str
    table: Table


@dataclass(frozen=True)
class RuleSection:
    """All of this for the page: what ``sections/rules.html.jinja`` shows.

    Args:
        table: see :func:`rule_table`.
        definitions: see :func:`rule_definitions`.
        breakdowns: see :func:`breakdowns`.
        calibration: see :func:`calibration_table`.
    """

    table: Table | None
    definitions: Definitions
    breakdowns: list[Breakdown]
    calibration: CalibrationTable | None

    @classmethod
    def of(cls, report: Report) -> RuleSection:
        """The tables of a report."""
        return cls(
            rule_table(report),
            rule_definitions(report),
            breakdowns(report),
            calibration_table(report),
        )


def rule_table(report: Report) -> Table | None:
    """Micro F1 by each rule, the main one first; ``None`` where there is only that one.

    A rule by which there is nothing to find is left out. What is counted is said of entities, too,
    where relations or tags are counted beside them.
    """
    plain = _plain(report)
    if len(plain) < 2:
        return None
    header = ["counted by", "in gold", *(variant.name for variant in report.variants)]
    rows = [
        [
            name,
            f"{rule.gold():,}",
            *(_shown(variant.rule_f1(rule.name)) for variant in report.variants),
        ]
        for name, rule in plain.items()
    ]
    return header, rows


def rule_definitions(report: Report) -> Definitions:
    """The rules of :func:`rule_table` with the sentence that states each."""
    return [(name, rule.sentence) for name, rule in _plain(report).items()]


def breakdowns(report: Report) -> list[Breakdown]:
    """One for each rule that groups what it counts.

    Groups of which gold has nothing are left out, and so is a breakdown with a single group, which
    would repeat what is known of the whole.
    """
    found = []
    for rule in _rules(report):
        groups = [group for group in _groups(report, rule.name) if rule.gold(group)]
        if not rule.grouped_by or len(groups) < 2:
            continue
        measure = "recall" if rule.measure == "recall" else "F1"
        rows = [
            [
                group,
                f"{rule.gold(group):,}",
                *(_shown(variant.group_score(rule.name, group)) for variant in report.variants),
            ]
            for group in groups
        ]
        names = [variant.name for variant in report.variants]
        header = [rule.grouped_by, "in gold", *names]
        title = f"{rule.things.capitalize()}: {rule.grouped_by}"
        found.append(Breakdown(title, measure, rule.sentence, (header, rows)))
    return found


def calibration_table(report: Report) -> CalibrationTable | None:
    """Expected calibration error and what it is made of; ``None`` where nothing has confidences."""
    rules = [
        run.calibration.rule
        for variant in report.variants
        for run in variant.runs
        if run.calibration is not None
    ]
    if not rules:
        return None
    header = ["variant", "calibration error", "mean confidence", "right", "predictions"]
    rows = [
        [
            variant.name,
            _shown(variant.calibration_error),
            _shown(variant.calibration_value(lambda found: found.confidence)),
            _shown(variant.calibration_value(lambda found: found.accuracy)),
            wording.mean_number(variant.calibration_value(lambda found: found.number)),
        ]
        for variant in report.variants
    ]
    return CalibrationTable(rules[0], (header, rows))


def _plain(report: Report) -> dict[str, RuleCounts]:
    """The rules that break nothing down, those for the things of the main one first."""
    plain = [rule for rule in _rules(report) if not rule.grouped_by]
    ordered = sorted(plain, key=lambda rule: rule.things != plain[0].things)
    only_entities = all(rule.things == "entities" for rule in plain)
    return {
        rule.name if only_entities or rule.things != "entities" else f"entities {rule.name}": rule
        for rule in ordered
    }


def _rules(report: Report) -> list[RuleCounts]:
    """Each rule by which gold has something, from the first run that was counted by it."""
    found: dict[str, RuleCounts] = {}
    for run in _runs(report):
        for rule in run.rules:
            found.setdefault(rule.name, rule)
    return [rule for rule in found.values() if rule.gold()]


def _groups(report: Report, name: str) -> dict[str, None]:
    """The groups of a rule in all runs, in the rule's order."""
    counted = (run.by_rule(name) for run in _runs(report))
    return {group: None for rule in counted if rule is not None for group in rule.per_group}


def _runs(report: Report) -> list[Run]:
    return [run for variant in report.variants for run in variant.runs]


def _shown(interval: SeedInterval | None) -> str:
    return wording.MISSING if interval is None else wording.mean_sd(interval)
