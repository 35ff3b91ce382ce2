"""Curves and sizes from the history in an archive's folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tango_ie.training.history import FILE_NAME, write_history
from tango_ie.training.read_history import training_curves


def epoch(number: int, **more: Any) -> dict[str, Any]:
    seconds = 2.5 * number  # so far
    return {
        "step": 11 * number,
        "epoch": number,
        "loss": 1 / 3 / number,
        "seconds": seconds + 1,
        "epoch_seconds": 2.5,
        "sentences_per_second": 88 * number / seconds,
        **more,
    }


def scored(number: int) -> dict[str, Any]:
    return epoch(number, dev_entities_precision=0.5, dev_entities_f1=0.8123456 + number / 100)


WITHIN = {"step": 5, "epoch": 1, "loss": 0.9, "learning_rate": 0.1}


def test_columns_of_epochs(tmp_path: Path) -> None:
    write_history(tmp_path / FILE_NAME, [WITHIN, scored(1), WITHIN, scored(2)])
    found = training_curves(tmp_path)
    assert found == {
        "metric": "entities_f1",
        "epochs": [1, 2],
        "loss": [0.33333, 0.16667],
        "score": [0.82235, 0.83235],
    }
    assert training_curves(tmp_path, "entities_precision") == {
        **found,
        "metric": "entities_precision",
        "score": [0.5, 0.5],
    }


def test_without_a_dev_split(tmp_path: Path) -> None:
    write_history(tmp_path / FILE_NAME, [epoch(1), epoch(2)])
    found = training_curves(tmp_path)
    assert found == {"metric": None, "epochs": [1, 2], "loss": [0.33333, 0.16667]}


@pytest.mark.parametrize("records", [None, [], [WITHIN]])
def test_without_a_history(tmp_path: Path, records: list[dict[str, Any]] | None) -> None:
    if records is not None:
        write_history(tmp_path / FILE_NAME, records)
    assert training_curves(tmp_path) is None


def test_an_oracle_s_scores_are_columns_by_rule(tmp_path: Path) -> None:
    more = {"oracle_strict": 0.7, "oracle_relations strict": 0.4123456}
    records = [WITHIN, scored(1) | more, scored(2) | more]
    write_history(tmp_path / FILE_NAME, records)
    found = training_curves(tmp_path)
    assert found is not None and found["metric"] == "entities_f1"
    assert found["oracle"] == {"strict": [0.7, 0.7], "relations strict": [0.41235, 0.41235]}
