"""The end of the page: where the figures come from."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from jinja2 import Environment, FunctionLoader, StrictUndefined

from tango_ie.reporting.provenance import Provenance
from tango_ie.reporting.provenance_section import ProvenanceSection, summary, warnings
from tango_ie.reporting.variant import Run, Variant

from .chromium import needs_chromium, opened
from .conftest import make_scores
from .pages import Page
from .provenance_steps import environment, file, provenance, record

PAGE = """{% extends "base.html.jinja" %}
{% from "sections/provenance.html.jinja" import provenance, provenance_style %}
{% block style %}{{ provenance_style() }}{% endblock %}
{% block main %}{{ provenance(made) }}{% endblock %}"""


def variant(name: str = "crf", corpora: tuple[str, ...] = ("c0ffee",)) -> Variant:
    made = [{"model": {"head": "<i>"}, "corpus": corpus} for corpus in corpora]
    return Variant(
        name,
        tuple(
            Run.from_scores(make_scores(0.8, seed, archive={"made_from": item}))
            for seed, item in enumerate(made, start=1)
        ),
    )


def test_how_many_steps_and_how_long() -> None:
    new, old = record("a"), record("b", from_cache=True, wall_seconds=90.0)
    unknown = record("c", from_cache=None, wall_seconds=None)
    assert summary(provenance(new)) == (
        "This report stands on 1 step, all computed in this run, in 1.0 s."
    )
    assert summary(provenance(old, old)) == (
        "This report stands on 2 steps, all taken from the cache; they had taken 3 min 00 s."
    )
    assert summary(provenance(new, old, unknown)) == (
        "This report stands on 3 steps: 1 computed in this run, in 1.0 s; 1 taken from the cache, "
        "where they had taken 1 min 30 s; 1 of which that is not known."
    )
    assert summary(provenance(unknown, unknown)) == (
        "This report stands on 2 steps, which took 0.0 s."
    )
    assert summary(provenance(note="nothing was kept")) == (
        "What this report stands on is not known: nothing was kept."
    )


def test_nothing_to_warn_of() -> None:
    assert list(warnings(provenance(record("a", inputs=(file(),)), record("b")))) == []
    assert list(warnings(provenance())) == []


def test_what_a_reader_must_know() -> None:
    packages = {"torch": "2.5", "numpy": "2.0", "scipy": "1.15"}
    other = environment(commit="fedcba", dirty=True, packages=packages, python="3.12.1")
    found = provenance(
        record("read", inputs=(file(),)),
        record("train", inputs=(file(digest="d"),), environment=other),
        record("lost", environment=None),
    )
    assert list(warnings(found)) == [
        "Files differed from the commit when train ran: the commit alone does not give these "
        "figures again.",
        "No record was kept of how lost ran.",
        "The steps ran on 2 commits.",
        "The steps ran with different versions of python (3.11.7 and 3.12.1) and torch (2.4 and "
        "2.5).",
        "Other packages that differ: scipy 1.14 / 1.15.",
        "Not the same content in all steps that read it: train.txt.",
    ]


def test_facts_and_configs() -> None:
    found = ProvenanceSection.of(provenance(record("a")), [variant(corpora=("x", "y"))])
    assert found.facts["made"] == "2026-11-21 10:40:00 UTC"
    assert found.facts["versions"] == "python 3.11.7, torch 2.4, numpy 2.0"
    assert found.facts["device"] == "EPYC, 1 core, 1 thread"
    assert found.environments is None
    ((name, differences, config),) = found.configs
    assert (name, differences) == ("crf (seeds 1 and 2)", ('corpus: "x", "y"',))
    assert '"head": "<i>"' in config


def test_a_report_of_which_nothing_was_collected() -> None:
    found = ProvenanceSection.of(None, [Variant("a", (Run.from_scores(make_scores(seed=None)),))])
    assert (found.summary, found.steps, found.facts) == ("", None, {})
    assert found.configs[0][0] == "a"
    assert '"split": "test"' in found.configs[0][2]


def full(number: int = 3) -> Provenance:
    other = environment(run="<i>", command=("tango", "run", "x" * 90), dirty=True)
    steps = [record(f"train_{place}", inputs=(file(f"f{place}.txt"),)) for place in range(number)]
    return provenance(*steps, record("old", environment=other, from_cache=True))


def html(found: ProvenanceSection) -> str:
    folder = resources.files("tango_ie.reporting")
    loader = FunctionLoader(lambda name: folder.joinpath(name).read_text(encoding="utf-8"))
    rules = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    jinja = Environment(loader=loader, undefined=StrictUndefined, **rules)  # type: ignore[arg-type]
    return jinja.from_string(PAGE).render(made=found)


def test_the_page_has_everything() -> None:
    page = Page(html(ProvenanceSection.of(full(), [variant()])))
    for text in ("4 steps", "Environments", "Input files", "f2.txt", "crf (seed 1)", "<i>"):
        assert text in page.text
    assert "i" not in page.tags
    assert page.requests == []
    assert page.tags.count("details") == 1
    many = Page(html(ProvenanceSection.of(full(50), [variant()])))
    assert many.tags.count("details") == 2
    bare = Page(html(ProvenanceSection.of(None, [variant()])))
    assert "table" not in bare.tags


@needs_chromium
def test_on_a_phone_the_page_is_no_wider_than_the_screen(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    probe = (
        "<script>document.body.dataset.over = String(document.documentElement.scrollWidth > "
        "document.documentElement.clientWidth)</script>"
    )
    path.write_text(html(ProvenanceSection.of(full(), [variant()])) + probe, encoding="utf-8")
    page = opened(path, width=500)
    (body,) = [element for element in page.elements if element.tag == "body"]
    assert body.attributes["data-over"] == "false"
    assert page.console == []
