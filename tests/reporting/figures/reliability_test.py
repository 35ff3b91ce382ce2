"""Reliability diagrams over pooled bins."""

from __future__ import annotations

import numpy as np

from tango_ie.metrics.calibration import calibrate
from tango_ie.reporting.figures.reliability import pooled, reliability
from tango_ie.reporting.variant import Variant

from .reports import make_calibration, make_report, make_run, make_variant


def test_bins_of_all_seeds_are_one() -> None:
    first = calibrate(np.array([0.95, 0.95, 0.15]), np.array([True, False, False]))
    second = calibrate(np.array([0.95]), np.array([True]))
    runs = (make_run(seed=1, calibration=first), make_run(seed=2, calibration=second))
    section = reliability(make_report(Variant("crf", runs)))
    assert section is not None
    assert section.table == (
        ["variant", "confidences", "predictions", "mean confidence, %", "right, %"],
        [
            ["crf", "0.15 to 0.15", "1", "15.0", "0.0"],
            ["crf", "0.95 to 0.95", "3", "95.0", "66.7"],
        ],
    )
    assert "crf is too sure of itself: over 4 predictions" in section.svg


def test_bins_of_equal_mass_are_those_of_the_first_run() -> None:
    scores, right = np.linspace(0.1, 1.0, 40), np.arange(40) > 20
    found = calibrate(scores, right, 4, "equal mass")
    runs = (make_run(seed=1, calibration=found), make_run(seed=2, calibration=make_calibration()))
    variant = Variant("crf", runs)
    assert pooled(variant) == found
    assert reliability(make_report(variant)) is not None


def test_without_confidences() -> None:
    empty = calibrate(np.array([]), np.array([], dtype=bool))
    assert reliability(make_report(make_variant("crf"))) is None
    assert reliability(make_report(make_variant("crf", calibration=empty))) is None
    both = make_report(
        make_variant("old"), make_variant("crf", calibration=make_calibration(1, 0.5))
    )
    section = reliability(both)
    assert section is not None
    assert section.svg.count('role="img"') == 1
    assert "crf is not sure enough of itself" in section.svg
