"""What holds for all figures of a page."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import matplotlib
import pytest
from jinja2 import Environment, PackageLoader

from tango_ie.reporting.figures import FigureSection, figures, peace, style
from tango_ie.reporting.figures.theme import VARIABLES
from tango_ie.reporting.report import Report

from ..pages import Page
from .reports import (
    large_report,
    make_calibration,
    make_history,
    make_report,
    make_variant,
)

_MOST_BYTES = 60_000


def full_report() -> Report:
    """Every figure applies to some variants of it, but for the heat map."""
    variants = [
        make_variant(
            f"rate={rate:g}",
            0.8 + place / 100,
            made_from={"rate": rate},
            best_epoch=4,
            history=make_history(5, 0.8, place),
            calibration=make_calibration(place),
        )
        for place, rate in enumerate((0.001, 0.01, 0.1))
    ]
    return make_report(*variants)


@pytest.fixture(scope="module")
def sections() -> tuple[FigureSection, ...]:
    return figures(full_report())


@pytest.fixture(scope="module")
def large() -> tuple[FigureSection, ...]:
    return figures(large_report())


def test_order(sections: tuple[FigureSection, ...]) -> None:
    assert [section.title for section in sections] == [
        "F1 over rate",
        "Labels compared",
        "Learning curves",
        "Reliability of confidences",
    ]


def test_a_report_without_anything_to_draw() -> None:
    assert figures(make_report(make_variant("crf"))) == ()
    few = [make_variant(name, labels=("A", "B")) for name in ("crf", "softmax")]
    assert figures(make_report(*few)) == ()


def test_nothing_is_asked_for_and_nothing_speaks_for_the_page(
    sections: tuple[FigureSection, ...],
) -> None:
    source = "".join(section.svg for section in sections)
    assert Page(source).requests == []
    assert re.findall(r'https?://[^"]*', source) == ["http://www.w3.org/2000/svg"] * source.count(
        "<svg xmlns"
    )
    for unwanted in ("url(", "<style", "<script", "<metadata", "font-family", "DejaVu", "<image"):
        assert unwanted not in source
    # Whatever has a colour has it from the page.
    assert not [colour for colour in VARIABLES if colour in source]
    colours = set(re.findall(r"(?:fill|stroke):([^;\"]*)", source))
    assert all(colour == "none" or colour.startswith("var(--") for colour in colours), colours
    assert {f"var(--{name})" for name in ("ink", "soft", "line", "series-1")} <= colours


@pytest.mark.parametrize("which", ["sections", "large"])
def test_ids_are_of_one_element_and_all_are_found(
    which: str, request: pytest.FixtureRequest
) -> None:
    source = "".join(section.svg for section in request.getfixturevalue(which))
    ids = Counter(re.findall(r' id="([^"]*)"', source))
    assert set(ids.values()) == {1}
    meant = set(re.findall(r'xlink:href="#([^"]*)"', source))
    spoken = {
        name for names in re.findall(r'labelledby="([^"]*)"', source) for name in names.split()
    }
    assert meant and spoken
    assert meant | spoken == set(ids)


def test_pictures_are_described(sections: tuple[FigureSection, ...]) -> None:
    for section in sections:
        pictures = re.findall(r"<svg xmlns.*?</svg>", section.svg)
        assert pictures
        for picture in pictures:
            assert 'role="img"' in picture
            assert re.search(r"<title [^>]*>[^<]+</title><desc [^>]*>[^<]{20,}</desc>", picture)
            box = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', picture)
            assert box is not None
            assert float(box[1]) <= 350  # a letter is no smaller on a phone than it was drawn
            sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)px", picture)]
            assert sizes and min(sizes) >= 11


def test_the_same_report_gives_the_same_figures(sections: tuple[FigureSection, ...]) -> None:
    assert figures(full_report()) == sections


def test_many_runs_stay_small(large: tuple[FigureSection, ...]) -> None:
    assert [section.title for section in large] == [
        "Learning curves",
        "Reliability of confidences",
    ]
    assert all(len(section.svg.encode()) < _MOST_BYTES for section in large)


def test_names_are_text() -> None:
    odd = ["$a$ <b>&", "数据 \x07", '"q" \\frac']
    variants = [
        replace(variant, name=name)
        for name, variant in zip(odd, full_report().variants, strict=True)
    ]
    made = [make_variant(name, made_from={"head": name}, labels=tuple(odd)) for name in odd]
    for report in (make_report(*variants), make_report(*made)):
        for section in figures(report):
            page = Page(section.svg)
            assert "b" not in page.tags
    text = Page("".join(section.svg for section in figures(make_report(*variants)))).text
    assert all(" ".join(name.replace("\x07", "").split()) in text for name in odd)


def test_matplotlib_is_left_as_it_was(recwarn: pytest.WarningsRecorder) -> None:
    before = dict(matplotlib.rcParams)
    with matplotlib.rc_context({"axes.grid": True, "lines.marker": "s", "font.size": 30}):
        ours = figures(full_report())
    assert ours == figures(full_report())
    assert dict(matplotlib.rcParams) == before
    assert len(recwarn) == 0


def test_matplotlib_is_imported_only_to_draw() -> None:
    files = list(Path(peace.__file__).parent.glob("*.py"))
    assert len(files) > 10
    for file in files:
        for statement in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(statement, (ast.Import, ast.ImportFrom)):
                assert not re.search(r"\bmatplotlib\b", ast.unparse(statement)), file


def test_matplotlib_says_nothing_where_nothing_can_be_written() -> None:
    code = (
        "import runpy, sys\n"
        f"at_peace = runpy.run_path({peace.__file__!r})['matplotlib_at_peace']\n"
        "with at_peace():\n"
        "    from matplotlib.backends.backend_svg import FigureCanvasSVG\n"
        "    from matplotlib.figure import Figure\n"
        "    figure = Figure()\n"
        "    figure.text(0, 0, '数据')\n"
        "    FigureCanvasSVG(figure).print_svg('/dev/null')\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    nowhere = dict.fromkeys(("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"), "/proc/nowhere")
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **nowhere},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_macro_shows_a_section(sections: tuple[FigureSection, ...]) -> None:
    environment = Environment(autoescape=True, loader=PackageLoader("tango_ie", "reporting"))
    template = environment.from_string(
        '{% from "figures/figures.html.jinja" import figure %}'
        "{% for section in sections %}{{ figure(section) }}{% endfor %}"
    )
    page = Page(template.render(sections=sections))
    for section in sections:
        assert section.title in page.text
        assert " ".join(section.caption.split()) in page.text
    assert page.tags.count("table") == sum(section.table is not None for section in sections)


def test_style_adds_to_that_of_the_page() -> None:
    css = style()
    for name in VARIABLES.values():
        if name.startswith("series"):
            assert css.count(f"--{name}:") == 2  # light and dark
    assert css.count("{") == css.count("}")
    assert "url(" not in css and "@import" not in css


def test_one_run_each() -> None:
    variants = [
        make_variant(name, num_seeds=1, history=make_history(3, 0.8), made_from={"rate": rate})
        for rate, name in enumerate(("a", "b", "c"))
    ]
    found = figures(make_report(*variants))
    assert [section.title for section in found] == [
        "F1 over rate",
        "Labels compared",
        "Learning curves",
    ]
