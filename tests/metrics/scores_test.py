"""Scores: sums, merging, and what is kept on disk."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tango_ie.core.errors import DataError
from tango_ie.metrics import Counts, CountTable, RuleTable, Scores, ScoresFormat, calibrate
from tango_ie.metrics.error_counts import ErrorCell, ErrorCounts

INFO = {"split": "test", "archive": {"seed": 1, "train_seconds": 2.5}, "seconds": 0.5}


def scores(*sentences: dict[str, Counts], rule: str = "rule", **info: object) -> Scores:
    return Scores(rule, CountTable.from_sentences(sentences, "AB"), {**INFO, **info})


def test_sums() -> None:
    found = scores({"A": Counts(tp=3, fp=1)}, {}, {"B": Counts(fn=3), "A": Counts(tp=0)})
    assert found.total == Counts(tp=3, fp=1, fn=3)
    assert found.per_label == {"A": Counts(tp=3, fp=1), "B": Counts(fn=3)}
    assert found.macro.precision == 0.375
    assert found.num_sentences == 3
    assert found.sentence_counts().tolist() == [[3, 1, 0], [0, 0, 0], [0, 0, 3]]


def test_format_round_trip(tmp_path: Path) -> None:
    found = scores({"A": Counts(tp=3, fp=1)}, {}, note="naïve")
    ScoresFormat().write(found, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["scores.json"]
    assert ScoresFormat().read(tmp_path) == found


@pytest.mark.parametrize("text", ["", "{", "[]", '{"main": 1}', '{"info": {}, "main": {}}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "scores.json").write_text(text)
    with pytest.raises(DataError, match=r"scores\.json: not a file of scores"):
        ScoresFormat().read(tmp_path)


def test_files_of_older_versions_say_what_to_do(tmp_path: Path) -> None:
    old = {"rule": "r", "micro": {}, "macro": {}, "info": {}, "counts": {}, "errors": None}
    (tmp_path / "scores.json").write_text(json.dumps(old))
    with pytest.raises(DataError, match=r"scores\.json: .* older version .*run the evaluation"):
        ScoresFormat().read(tmp_path)


def with_tables(*sentences: dict[str, Counts]) -> Scores:
    """Scores with a plain rule, which has errors and calibration of its own, and a breakdown."""
    table = CountTable.from_sentences([{"R": Counts(tp=1)} for _ in sentences])
    errors = ErrorCounts(("missed",), {ErrorCell("missed", "A", None): 1})
    sure = calibrate(np.array([0.75]), np.array([True]))
    others = (
        RuleTable("other", "another rule", table, "relations", 2, errors=errors, calibration=sure),
        RuleTable("rule by size", "by size", table, grouped_by="size"),
    )
    documents = tuple(place // 2 for place in range(len(sentences)))
    return replace(
        scores(*sentences), tables=others, errors=errors, calibration=sure, documents=documents
    )


def test_round_trip_of_all_that_there_can_be(tmp_path: Path) -> None:
    found = with_tables({"A": Counts(tp=3, fp=1)}, {})
    ScoresFormat().write(found, tmp_path)
    assert ScoresFormat().read(tmp_path) == found


def test_merge_with_tables_errors_and_calibration() -> None:
    one, other = with_tables({"A": Counts(tp=1)}), with_tables({}, {"B": Counts(fn=1)})
    merged = one.merge(other)
    assert merged.documents == (0, 1, 1)
    assert [table.name for table in merged.tables] == ["other", "rule by size"]
    assert merged.tables[0].total == Counts(tp=3)
    assert merged.errors is not None and merged.errors.num_errors == 2
    assert merged.calibration is not None and merged.calibration.number == 2
    assert merged.tables[0].calibration == merged.calibration


def test_what_one_part_lacks_is_left_out_of_both() -> None:
    merged = with_tables({}).merge(scores({}))
    assert (merged.tables, merged.errors, merged.calibration) == ((), None, None)
    assert merged.documents is None
    assert scores({}).merge(with_tables({})).tables == ()


def test_another_rule_in_front() -> None:
    found = with_tables({"A": Counts(tp=1)}, {})
    other = found.by("other")
    assert (other.name, other.rule, other.things, other.unit) == (
        "other",
        "another rule",
        "relations",
        2,
    )
    assert other.total == Counts(tp=2)
    assert [table.name for table in other.tables] == ["strict", "rule by size"]
    assert other.info == found.info
    assert other.by("strict") == found
    assert found.by("strict") is found


def test_errors_of_one_rule_are_not_those_of_another() -> None:
    found = with_tables({"A": Counts(tp=1)})
    plain = replace(found.tables[0], errors=None, calibration=None)
    other = replace(found, tables=(plain,)).by("other")
    assert (other.errors, other.calibration) == (None, None)


@pytest.mark.parametrize("name", ["relations", "rule by size"])
def test_rules_that_are_not_there_or_not_plain(name: str) -> None:
    message = f"no scores by the rule '{name}'; .* counted by 'strict', 'other'$"
    with pytest.raises(DataError, match=message):
        with_tables({}).by(name)


def test_merge_keeps_the_info_that_is_common() -> None:
    first, second = {"A": Counts(tp=1)}, {"B": Counts(fn=1)}
    merged = scores(first).merge(scores(second, {}, seconds=0.75))
    assert merged.table == scores(first, second, {}).table
    assert merged.info == {"split": "test", "archive": INFO["archive"]}


def test_rules_do_not_mix() -> None:
    with pytest.raises(DataError, match="two rules: 'rule' and 'lenient'"):
        scores({}).merge(scores({}, rule="lenient"))
