"""The compare step: what it gives, and that it shows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from steps.compare import Compare
from tango_ie.core import ConfigurationError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.metrics import STRICT, Counts, CountTable, Scores, ScoresFormat
from tango_ie.reporting import Report

from .given_steps import GivenScores


def given(folder: Path, name: str, seed: int, found: int) -> GivenScores:
    """A step that gives scores of 30 sentences."""
    counts = [{"PER": Counts(tp=int(place < found), fn=int(place >= found))} for place in range(30)]
    info = {"split": "test", "corpus_fingerprint": "c0ffee", "archive": {"seed": seed}}
    place = folder / f"{name}{seed}"
    place.mkdir()
    ScoresFormat().write(Scores(STRICT, CountTable.from_sentences(counts), info), place)
    return GivenScores(folder=str(place))


@pytest.fixture
def variants(tmp_path: Path) -> dict[str, list[GivenScores]]:
    found = {"softmax": 10, "crf": 20}
    return {
        name: [given(tmp_path, name, seed, number + seed) for seed in (1, 2)]
        for name, number in found.items()
    }


@pytest.fixture
def workspace(tmp_path: Path) -> TangoIEWorkspace:
    return TangoIEWorkspace(str(tmp_path / "workspace"))


def test_a_report_in_the_workspace(
    variants: dict[str, list[GivenScores]], workspace: TangoIEWorkspace
) -> None:
    report = Compare(variants=variants, baseline="softmax", resamples=100).result(workspace)
    assert isinstance(report, Report)
    assert [variant.name for variant in report.variants] == ["softmax", "crf"]
    assert report.variants[1].runs[0].total == Counts(tp=21, fn=9)
    assert report.page is not None
    assert report.page.is_file()


def test_the_report_knows_what_it_stands_on(
    variants: dict[str, list[GivenScores]], workspace: TangoIEWorkspace
) -> None:
    step = Compare(variants=variants, resamples=100, question="Does it help?")
    workspace.register_run([step], "first")
    report = step.result(workspace)
    assert report.question == "Does it help?"
    assert report.provenance is not None
    assert {item.unique_id for item in report.provenance.steps} == {
        item.unique_id for runs in variants.values() for item in runs
    }
    assert {item.from_cache for item in report.provenance.steps} == {False}
    assert report.provenance.made_in.run == "first"


def test_the_order_of_variants_changes_neither_the_id_nor_the_report(
    variants: dict[str, list[GivenScores]], workspace: TangoIEWorkspace, tmp_path: Path
) -> None:
    turned = dict(reversed(variants.items()))
    first, second = Compare(variants=variants), Compare(variants=turned)
    assert first.unique_id == second.unique_id
    other = TangoIEWorkspace(str(tmp_path / "other"))
    report = first.result(workspace)
    assert report == second.result(other)
    assert report.baseline.name == "crf"  # the first in the alphabet


def test_an_unknown_baseline_is_refused(
    variants: dict[str, list[GivenScores]], workspace: TangoIEWorkspace
) -> None:
    with pytest.raises(ConfigurationError, match="baseline: no variant is called 'crv'"):
        Compare(variants=variants, baseline="crv").result(workspace)


def test_the_report_is_shown_whether_computed_or_cached(
    variants: dict[str, list[GivenScores]],
    workspace: TangoIEWorkspace,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[Report] = []
    monkeypatch.setattr("steps.compare.log", shown.append)
    step = Compare(variants=variants, resamples=100)
    step.ensure_result(workspace)
    step.ensure_result(workspace)
    assert len(shown) == 2
    assert shown[0] == shown[1]
    assert shown[0].folder == workspace.step_dir(step) / "result"
