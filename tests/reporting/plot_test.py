"""Places of the marks, on a round scale."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tango_ie.metrics import Scores
from tango_ie.metrics.difference import Difference
from tango_ie.reporting import Report, compare
from tango_ie.reporting.plot import difference_plot


def with_differences(report: Report, *values: tuple[float, float, float]) -> Report:
    found = report.variants[1].difference
    assert found is not None

    def interval(low: float, difference: float, high: float) -> Difference:
        sure = low > 0 or high < 0
        values = {"difference": difference, "low": low, "high": high}
        return replace(found, **values, p_adjusted=0.01 if sure else 0.5)

    others = [
        replace(report.variants[1], name=f"v{place}", difference=interval(*value))
        for place, value in enumerate(values)
    ]
    return replace(report, variants=(report.variants[0], *others))


@pytest.fixture
def report(variants: dict[str, list[Scores]]) -> Report:
    return compare(variants, resamples=100)


def test_by_hand(report: Report) -> None:
    plot = difference_plot(
        with_differences(report, (-0.01, 0.0, 0.01), (0.01, 0.02, 0.03), (-0.02, -0.015, -0.01))
    )
    assert plot is not None
    assert plot.ticks == (
        (0.0, "−2"),
        (20.0, "−1"),
        (40.0, "0"),
        (60.0, "+1"),
        (80.0, "+2"),
        (100.0, "+3"),
    )
    assert plot.zero == 40
    assert [(mark.low, mark.at, mark.high) for mark in plot.marks] == [
        (20, 40, 60),
        (60, 80, 100),
        (0, 10, 20),
    ]
    assert [mark.kind for mark in plot.marks] == ["open", "higher", "lower"]
    assert plot.marks[0].label == "0.00 [−1.00, +1.00]"


@pytest.mark.parametrize("width", [0.0, 1e-5, 0.0003, 0.004, 0.07, 0.6, 1.9])
@pytest.mark.parametrize("middle", [-0.5, 0.0, 0.02])
def test_everything_lies_inside_on_few_ticks(report: Report, width: float, middle: float) -> None:
    plot = difference_plot(
        with_differences(report, (middle - width / 2, middle, middle + width / 2))
    )
    assert plot is not None
    assert 2 <= len(plot.ticks) <= 8
    places = [place for place, _ in plot.ticks]
    assert (places[0], places[-1]) == (0, 100)
    (mark,) = plot.marks
    assert 0 <= mark.low <= mark.at <= mark.high <= 100
    assert 0 <= plot.zero <= 100


def test_nothing_to_plot(variants: dict[str, list[Scores]]) -> None:
    assert difference_plot(compare({"crf": variants["crf"]})) is None
