"""Scores: sums, merging, and what is kept on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.metrics import Counts, CountTable, Scores, ScoresFormat

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


@pytest.mark.parametrize("text", ["", "{", "[]", '{"rule": "r"}', '{"rule": "r", "counts": 3}'])
def test_a_broken_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "scores.json").write_text(text)
    with pytest.raises(DataError, match=r"scores\.json: not a file of scores"):
        ScoresFormat().read(tmp_path)


def test_merge_keeps_the_info_that_is_common() -> None:
    first, second = {"A": Counts(tp=1)}, {"B": Counts(fn=1)}
    merged = scores(first).merge(scores(second, {}, seconds=0.75))
    assert merged.table == scores(first, second, {}).table
    assert merged.info == {"split": "test", "archive": INFO["archive"]}


def test_rules_do_not_mix() -> None:
    with pytest.raises(DataError, match="two rules: 'rule' and 'lenient'"):
        scores({}).merge(scores({}, rule="lenient"))
