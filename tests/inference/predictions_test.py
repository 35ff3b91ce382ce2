"""Predictions on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation
from tango_ie.inference import Predictions, PredictionsFormat

PREDICTIONS = Predictions(
    [
        Annotations(
            (Entity("PER", 0, 2, 0.123456), Entity("creative-work", 3, 4, None)),
            (Relation("wrote", 0, 1, 0.5),),
            {"pos": ("NNP", "NNP\u2028", "VB", "NN")},
        ),
        Annotations(),
    ],
    {"split": "test", "seconds": 1.5, "archive": {"seed": 1}},
)


def test_round_trip(tmp_path: Path) -> None:
    PredictionsFormat().write(PREDICTIONS, tmp_path)
    read = PredictionsFormat().read(tmp_path)
    assert read.info == PREDICTIONS.info
    assert read.annotations == PREDICTIONS.annotations
    scores = [entity.score for entity in read.annotations[0].entities]
    assert scores == [0.123456, None]
    assert read.annotations[0].relations[0].score == 0.5
    assert len(read) == 2


def test_none(tmp_path: Path) -> None:
    PredictionsFormat().write(Predictions([]), tmp_path)
    assert list(PredictionsFormat().read(tmp_path).annotations) == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda lines: lines[:-1], "cut short: 1 of 2"),
        (lambda lines: lines[1:], "line 1: not a file of predictions"),
        (lambda lines: [], "not a file of predictions"),
        (lambda lines: [*lines[:1], '{"entities": [', *lines[2:]], "line 2: not JSON"),
        (lambda lines: [*lines[:1], '{"entities": [[1]]}', *lines[2:]], "line 2: not a prediction"),
        (lambda lines: [*lines[:1], "[]", *lines[2:]], "line 2: expected a JSON object"),
    ],
)
def test_damage_names_its_line(
    tmp_path: Path, damage: Callable[[list[str]], list[str]], message: str
) -> None:
    PredictionsFormat().write(PREDICTIONS, tmp_path)
    path = tmp_path / "predictions.jsonl"
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    path.write_text("\n".join(damage(lines)), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        PredictionsFormat().read(tmp_path)
