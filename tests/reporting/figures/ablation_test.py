"""Ablations: which fields are varied, and what is drawn over them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tango_ie.metrics.significance import SeedInterval
from tango_ie.reporting.figures.ablation import ablation
from tango_ie.reporting.figures.interval import ends, scale_of_intervals
from tango_ie.reporting.figures.varied import varied
from tango_ie.reporting.report import Report

from .reports import make_report, make_variant


def report_over(*configs: dict[str, Any], score: Callable[[int], float] = lambda at: 0.8) -> Report:
    return make_report(
        *(make_variant(f"v{at}", score(at), made_from=config) for at, config in enumerate(configs))
    )


def grid(**fields: list[Any]) -> list[dict[str, Any]]:
    (one, firsts), (other, seconds) = fields.items()
    return [{"model": {one: a, other: b}} for a in firsts for b in seconds]


def test_one_number_is_a_line() -> None:
    rates = [0.001, 0.1, 0.01]
    section = ablation(
        report_over(*({"rate": rate} for rate in rates), score=lambda at: 0.8 + at / 100)
    )
    assert section is not None
    assert section.title == "F1 over rate"
    assert section.table == (
        ["rate", "seeds", "F1"],
        [
            ["0.001", "3", "80.00 ± 0.50"],
            ["0.01", "3", "82.00 ± 0.50"],
            ["0.1", "3", "81.00 ± 0.50"],
        ],
    )
    assert "rate, logarithmic" in section.svg
    assert "The mean is highest at 0.01." in section.svg
    assert "The dashed line and the square are v0." in section.caption


def test_numbers_that_are_even_stand_as_they_are() -> None:
    section = ablation(report_over(*({"size": size} for size in (1, 2, 3))))
    assert section is not None and "logarithmic" not in section.svg


@pytest.mark.parametrize(
    "values",
    [
        (0.1, 0.2),  # too few
        ("a", "b", "c"),
        (True, False, 1),
        (1, 2, [3]),
        (1, 2, None),
    ],
)
def test_one_field_that_makes_no_line(values: tuple[Any, ...]) -> None:
    assert ablation(report_over(*({"field": value} for value in values))) is None


def test_a_field_that_is_not_always_there() -> None:
    assert ablation(report_over({"rate": 1}, {"rate": 2}, {"other": 1})) is None


def test_fields_that_change_together_are_one() -> None:
    configs = [{"size": size, "width": f"{size} wide"} for size in (1, 2, 4)]
    found = varied(report_over(*configs).variants)
    assert found is not None
    (field,) = found
    assert (field.name, field.along, field.numbers) == ("size", ("width",), (1, 2, 4))
    section = ablation(report_over(*configs))
    assert section is not None and "With size changes width." in section.caption


def test_two_fields_are_a_heat_map() -> None:
    configs = grid(head=["softmax", "crf"], rate=[0.5, 0.1, 0.2])
    section = ablation(report_over(*configs, score=lambda at: 0.8 + at / 100))
    assert section is not None
    assert section.title == "F1 over rate and head"
    assert section.table == (
        ["rate \\ head", "softmax", "crf"],
        [
            ["0.1", "81.00 ± 0.50", "84.00 ± 0.50"],
            ["0.2", "82.00 ± 0.50", "85.00 ± 0.50"],
            ["0.5", "80.00 ± 0.50", "83.00 ± 0.50"],
        ],
    )
    assert section.svg.count("± 0.50</text>") == 6
    assert "opacity:0.52" in section.svg and "opacity:0.04" in section.svg
    assert "Framed: v0." in section.caption


def test_part_of_a_grid() -> None:
    configs = grid(head=["softmax", "crf"], rate=[0.1, 0.2, 0.5])
    section = ablation(report_over(*configs[:-1]))
    assert section is not None and section.table is not None
    assert section.table[1][-1] == ["0.5", "80.00 ± 0.50", "–"]
    assert ablation(report_over(*configs[:1], *configs[3:5])) is None  # three of four cells
    diagonal = [{"a": at, "b": -(at % 5), "c": 0} for at in range(6)]
    assert ablation(report_over(*diagonal)) is None


def test_three_fields_are_too_many() -> None:
    configs = [{"a": a, "b": b, "c": c} for a in (1, 2) for b in (1, 2) for c in (1, 2)]
    assert ablation(report_over(*configs)) is None


def test_other_data_are_no_ablation() -> None:
    configs = [{"rate": rate, "corpus_fingerprint": f"c{rate}"} for rate in (1, 2, 3)]
    assert ablation(report_over(*configs)) is None


def test_no_config_no_ablation() -> None:
    assert ablation(make_report(*(make_variant(name) for name in "abc"))) is None


def test_one_seed_each() -> None:
    variants = [
        make_variant(f"v{rate}", num_seeds=1, made_from={"rate": rate}) for rate in (1, 2, 3)
    ]
    section = ablation(make_report(*variants))
    assert section is not None and section.table is not None
    assert section.table[1][0] == ["1", "1", "80.00"]
    cells = [
        make_variant(f"{a}{b}", num_seeds=1, made_from={"a": a, "b": b})
        for a in (1, 2)
        for b in (1, 2)
    ]
    heat = ablation(make_report(*cells))
    assert heat is not None and "±" not in heat.svg


def test_intervals_of_two_seeds_do_not_decide_the_axis() -> None:
    narrow, wide = SeedInterval(80, 1, 3, 79, 81), SeedInterval(82, 1, 2, 60, 104)
    scale, cut = scale_of_intervals([narrow, wide], [80, 82])
    assert cut and scale.low > 77 and scale.high < 85
    assert ends(wide, scale) == (scale.low, scale.high)
    assert ends(SeedInterval(82, None, 1, None, None), scale) is None
    assert not scale_of_intervals([narrow], [79.5, 80.5])[1]
