"""Learning curves, whatever part of a history there is."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import Any

import pytest

from tango_ie.reporting.figures.curve import Curve, history_of, mean
from tango_ie.reporting.figures.curve_panels import MOST_IN_ONE, score_scale
from tango_ie.reporting.figures.learning_curves import learning_curves
from tango_ie.reporting.figures.series import series_of
from tango_ie.reporting.variant import Variant

from .reports import make_history, make_report, make_run, make_variant


def history(scores: list[float | None], **more: Any) -> dict[str, Any]:
    epochs = list(range(1, len(scores) + 1))
    return {
        "metric": "entities_f1",
        "epochs": epochs,
        "loss": [1 / epoch for epoch in epochs],
        "score": scores,
        **more,
    }


def num_pictures(source: str) -> int:
    return source.count('role="img"')


def test_by_hand() -> None:
    runs = (
        make_run(seed=1, best_epoch=2, history=history([0.5, 0.8, 0.7])),
        make_run(seed=2, best_epoch=4, history=history([0.6, 0.6, 0.6, 0.9])),
    )
    section = learning_curves(make_report(Variant("crf", runs)))
    assert section is not None
    assert section.table == (
        ["variant", "runs", "epochs", "epoch kept", "dev F1, %", "last loss"],
        [["crf", "2", "3 to 4", "2 to 4", "85.00 ± 7.07", "0.292"]],
    )
    assert num_pictures(section.svg) == 2
    assert "crf reaches 85.00 ± 7.07 percent in the epoch that is kept" in section.svg
    assert "on average epoch 3.0" in section.svg
    # The mean ends where the shorter one does.
    curves = [item.score for run in runs if (item := history_of(run)) and item.score]
    assert mean(curves).epochs == (1, 2, 3)
    assert mean(curves).values == pytest.approx((0.55, 0.7, 0.65))


def test_no_history_no_figure() -> None:
    for given in (None, {}, {"epochs": []}, history([0.5])):
        assert learning_curves(make_report(make_variant("crf", history=given))) is None
    assert learning_curves(make_report(make_variant("crf"))) is None


def test_one_variant_without_a_history() -> None:
    section = learning_curves(
        make_report(make_variant("crf", history=make_history(4, 0.8)), make_variant("old"))
    )
    assert section is not None
    assert "Without a history: old." in section.caption
    assert section.table is not None and [row[0] for row in section.table[1]] == ["crf"]


def test_without_a_dev_split_there_is_the_loss() -> None:
    given = make_history(4, 0.8, has_dev=False)
    section = learning_curves(make_report(make_variant("crf", history=given)))
    assert section is not None
    assert num_pictures(section.svg) == 1
    assert "No dev split" in section.caption
    assert section.table is not None and section.table[1][0][3:5] == ["4", "–"]


def test_what_is_no_number_is_left_out() -> None:
    found = history_of(make_run(history=history([0.5, None, math.nan, 0.7])))
    assert found is not None and found.score is not None
    assert found.score.epochs == (1, 4)
    assert found.kept == 4  # without an evaluation, the last


def test_many_variants_have_a_panel_each() -> None:
    variants = [make_variant(f"v{at}", history=make_history(4, 0.8)) for at in range(MOST_IN_ONE)]
    few = learning_curves(make_report(*variants))
    many = learning_curves(make_report(*variants, replace(variants[0], name="one more")))
    assert few is not None and many is not None
    assert num_pictures(few.svg) == 2
    assert num_pictures(many.svg) == MOST_IN_ONE + 2
    assert "Grey: v0." in many.caption


def test_a_slow_start_is_cut_and_said() -> None:
    slow = history([0.01, 0.4, 0.8, 0.81, 0.82, 0.82])
    report = make_report(make_variant("crf", history=slow, best_epoch=6))
    scale, cut = score_scale(series_of(report))
    assert cut and 70 < scale.low < 80
    section = learning_curves(report)
    assert section is not None and f"The axis begins at {scale.low:.1f}" in section.caption
    steady = make_report(make_variant("crf", history=history([0.6, 0.7, 0.8, 0.9])))
    assert not score_scale(series_of(steady))[1]


def test_the_cut_curve_has_gaps() -> None:
    xs, ys = Curve((1, 2, 3, 4), (0.0, 2.0, 0.0, 4.0)).above(1.0)
    assert xs == [1.5, 2, 2.5, pytest.approx(math.nan, nan_ok=True), 3.25, 4]
    assert [y for y in ys if not math.isnan(y)] == [1.0, 2.0, 1.0, 1.0, 4.0]


def test_thinning_keeps_what_it_must() -> None:
    curve = Curve(tuple(range(1, 101)), tuple(map(float, range(100))))
    thin = curve.thinned(10, also={37})
    assert len(thin.epochs) == 11
    assert {1, 37, 100} <= set(thin.epochs)
    assert thin.values == tuple(epoch - 1 for epoch in thin.epochs)


def test_nothing_is_drawn_outside() -> None:
    slow = history([0.01, 0.4, 0.8, 0.81, 0.82, 0.82])
    section = learning_curves(make_report(make_variant("crf", history=slow, best_epoch=6)))
    assert section is not None
    for picture in re.findall(r"<svg xmlns.*?</svg>", section.svg):
        box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture)
        assert box is not None
        without_definitions = re.sub(r"<defs>.*?</defs>", "", picture)
        for path in re.findall(r' d="([^"]*)"', without_definitions):
            points = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)
            assert points
            for x, y in points:
                assert 0 <= float(x) <= float(box[1])
                assert 0 <= float(y) <= float(box[2])
