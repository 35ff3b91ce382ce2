"""Tables of other rules, breakdowns and confidences; what a run keeps of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from importlib import resources

import numpy as np
import pytest
from jinja2 import Environment, FunctionLoader, StrictUndefined

from tango_ie.metrics import Calibration, Counts, CountTable, RuleTable, Scores, calibrate
from tango_ie.reporting import Report, Run, Variant, compare
from tango_ie.reporting.rule_counts import RuleCounts
from tango_ie.reporting.rule_tables import (
    RuleSection,
    breakdowns,
    calibration_table,
    rule_definitions,
    rule_table,
)

from .conftest import make_scores
from .pages import Page

TEMPLATES = resources.files("tango_ie.reporting")
SEEN = {"seen": Counts(tp=3, fn=1), "unseen": Counts(tp=1, fp=9, fn=1)}
PATTERNS = {"normal": Counts(tp=1, fp=1), "EPO": Counts(), "no relation": Counts(fp=4)}


def a_table(name: str, counts: Mapping[str, Counts], **changes: object) -> RuleTable:
    table = CountTable.from_sentences([counts], counts)
    return replace(RuleTable(name, f"{name} in words", table), **changes)


def sure(confidence: float) -> Calibration:
    return calibrate(np.array([confidence] * 2), np.array([True, False]))


def counted(seed: int, *tables: RuleTable, confidence: float = 0.75) -> Scores:
    standard = (
        a_table("looser", {"PER": Counts(tp=seed, fn=3 - seed)}),
        a_table("halves", {"PER": Counts(tp=4, fn=2)}, unit=2),
        a_table("strict by seen", SEEN, grouped_by="seen in training", measure="recall"),
    )
    calibration = sure(confidence)
    return replace(make_scores(0.8, seed), tables=(*standard, *tables), calibration=calibration)


@pytest.fixture
def report() -> Report:
    """A tagger, and a model that predicts relations too."""
    relations = (
        a_table("relations", {"R": Counts(tp=1)}, things="relations"),
        a_table("none", {"R": Counts(fp=3)}, things="relations"),
        a_table("by pattern", PATTERNS, things="relations", grouped_by="pattern"),
        a_table("by number", {"1": Counts(tp=1), "2": Counts(fn=1)}, grouped_by="number"),
    )
    variants = {
        "tagger": [counted(1), counted(2)],
        "joint": [counted(1, *relations), counted(2, *relations, confidence=0.85)],
    }
    return compare(variants, resamples=100)


def test_one_row_per_rule(report: Report) -> None:
    header, rows = rule_table(report) or ([], [])
    assert header == ["counted by", "in gold", "tagger", "joint"]
    f1 = [[f"{100 * run.total.f1:.2f}" for run in item.runs] for item in report.variants]
    names = ["entities strict", "entities looser", "entities halves", "relations"]
    assert [row[0] for row in rows] == names
    mean = np.mean([float(value) for value in f1[0]])
    assert float(rows[0][2].split(" ± ")[0]) == pytest.approx(mean, abs=0.01)
    assert rows[1] == ["entities looser", "3", "65.00 ± 21.21", "65.00 ± 21.21"]
    assert rows[2] == ["entities halves", "3", "80.00 ± 0.00", "80.00 ± 0.00"]
    assert rows[3] == ["relations", "1", "–", "100.00 ± 0.00"]
    words = ["looser in words", "halves in words", "relations in words"]
    assert rule_definitions(report)[1:] == list(zip(names[1:], words, strict=True))


def test_one_table_per_breakdown(report: Report) -> None:
    first, second = breakdowns(report)
    assert (first.title, first.measure) == ("Entities: seen in training", "recall")
    assert first.sentence == "strict by seen in words"
    assert first.table == (
        ["seen in training", "in gold", "tagger", "joint"],
        [
            ["seen", "4", "75.00 ± 0.00", "75.00 ± 0.00"],
            ["unseen", "2", "50.00 ± 0.00", "50.00 ± 0.00"],
        ],
    )
    # Of the patterns gold has a single one.
    assert (second.title, second.measure) == ("Entities: number", "F1")
    assert second.table[1] == [["1", "1", "–", "100.00 ± 0.00"], ["2", "1", "–", "0.00 ± 0.00"]]


def test_entities_alone_need_not_be_called_so() -> None:
    rows = (rule_table(compare({"a": [counted(1)]})) or ([], []))[1]
    assert [row[0] for row in rows] == ["strict", "looser", "halves"]


def test_confidences(report: Report) -> None:
    found = calibration_table(report)
    assert found is not None
    assert found.sentence.startswith("expected calibration error: mean distance")
    assert found.table == (
        ["variant", "calibration error", "mean confidence", "right", "predictions"],
        [
            ["tagger", "25.00 ± 0.00", "75.00 ± 0.00", "50.00 ± 0.00", "2.0 ± 0.0"],
            ["joint", "30.00 ± 7.07", "80.00 ± 7.07", "50.00 ± 0.00", "2.0 ± 0.0"],
        ],
    )


def test_scores_by_one_rule_and_without_confidences_have_no_tables() -> None:
    report = compare({"a": [make_scores()], "b": [make_scores(0.9)]}, resamples=100)
    section = RuleSection.of(report)
    assert (section.table, section.breakdowns, section.calibration) == (None, [], None)
    assert rendered(report) == ""


def test_confidences_of_one_run_are_not_those_of_a_variant() -> None:
    partly = [counted(1), replace(counted(2), calibration=None)]
    nothing = replace(counted(3), calibration=calibrate(np.array([]), np.array([], bool)))
    found = calibration_table(compare({"a": partly, "b": [nothing]}, resamples=100))
    assert found is not None
    assert found.table[1] == [["a", *"––––"], ["b", *"––––"]]


def test_reports_of_older_versions_have_no_rules() -> None:
    value = compare({"a": [counted(1)]}).to_json()
    for run in value["variants"][0]["runs"]:
        del run["rules"], run["calibration"]
    section = RuleSection.of(Report.from_json(value))
    assert (section.table, section.definitions, section.breakdowns) == (None, [], [])
    assert section.calibration is None


def test_what_a_run_keeps(report: Report) -> None:
    run = report.variants[1].runs[1]
    assert [rule.name for rule in run.rules][:2] == ["strict", "looser"]
    assert run.rules[0].per_group == run.per_label
    assert run.calibration == sure(0.85)
    seen = run.by_rule("strict by seen")
    assert seen is not None
    assert (seen.per_group, seen.gold("seen"), seen.gold()) == (SEEN, 4, 6)
    assert run.by_rule("sloppy") is None
    again = Variant.from_json(json.loads(json.dumps(report.variants[1].to_json())))
    assert again == report.variants[1]


def test_a_comparison_by_another_rule() -> None:
    relations = a_table("relations", {"R": Counts(tp=1)}, things="relations")
    scores = counted(1, replace(relations, table=make_scores(0.9).table))
    report = compare({"a": [scores.by("relations")]})
    assert report.rule == "relations in words"
    rows = (rule_table(report) or ([], []))[1]
    names = ["relations", "entities strict", "entities looser", "entities halves"]
    assert [row[0] for row in rows] == names
    assert report.variants[0].calibration_error is None


def test_json_of_counts() -> None:
    rule = RuleCounts("a", "b", {"x": Counts(2, 2, 0)}, "tags", 2, "size", "recall")
    value = rule.to_json()
    assert (value["recall"], value["precision"], value["unit"]) == (1.0, 0.5, 2)
    assert RuleCounts.from_json(json.loads(json.dumps(value))) == rule
    assert RuleCounts.of(a_table("a", SEEN, grouped_by="g")).per_group == SEEN


def test_a_group_that_only_some_runs_have_scores_zero_in_the_others() -> None:
    one, other = (Run({}, rules=(RuleCounts("r", "s", group),)) for group in (SEEN, {}))
    found = Variant("v", (one, other)).group_score("r", "seen")
    assert found is not None and found.mean == pytest.approx((6 / 7) / 2)


def test_the_page_shows_every_table_with_its_rule(report: Report) -> None:
    page = Page(f"<main>{rendered(report)}</main>")
    assert page.tags.count("table") == 4
    assert page.tags.count("h2") == 3
    for text in ("looser in words", "Recall in percent", "Entities: number", "25.00 ± 0.00"):
        assert text in page.text
    assert page.requests == []


def rendered(report: Report) -> str:
    environment = Environment(
        autoescape=True,
        loader=FunctionLoader(lambda name: TEMPLATES.joinpath(name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.from_string(
        '{% from "sections/rules.html.jinja" import other_rules, broken_down, calibration %}'
        "{{ other_rules(x) }}{{ broken_down(x) }}{{ calibration(x) }}"
    )
    return template.render(x=RuleSection.of(report)).strip()
