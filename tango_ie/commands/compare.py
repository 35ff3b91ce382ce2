"""``tango-ie compare``: a report over finished runs that no experiment has planned to compare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tango_ie.commands.session import session, show
from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches
from tango_ie.core.step_records import RESULT_FOLDER
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data import Corpus
from tango_ie.inference import Predictions, predicted_examples
from tango_ie.metrics import Folds, Scores
from tango_ie.metrics.scores import FILE_NAME
from tango_ie.reporting import Report, ReportFormat, compare
from tango_ie.reporting.examples import Example
from tango_ie.reporting.grouping import group_by_config, matches
from tango_ie.reporting.provenance import of_results
from tango_ie.reporting.terminal import Screen


def compare_runs(
    runs: Sequence[str] = (),
    where: Sequence[str] = (),
    split: str = "test",
    baseline: str | None = None,
    rule: str | None = None,
    folder: Path = Path("report"),
    workspace_url: str | None = None,
) -> None:
    """Write and print a report over all evaluated models of some runs.

    Models that differ in their seed alone are one variant, named by what it differs in.

    Args:
        runs: their names; all of the workspace where none is given.
        where: conditions ``FIELD=VALUE`` on what a model was made from.
        split: which evaluations count.
        baseline: name of the variant that the others are compared with; by default the first.
        rule: name of the rule that is compared by; by default strict entities.
        folder: new or empty; the report goes there.
        workspace_url: instead of the workspace in the settings.

    Raises:
        ConfigurationError: no such run, nothing evaluated there, or a folder that is in use.
        DataError: evaluations on different corpora, or no scores by the rule.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigurationError(f"{folder} exists and is not empty; name another with --output")
    with session() as current:
        workspace = current.own_workspace(workspace_url)
        known = workspace.runs.names()
        for run in runs:
            if run not in known:
                raise ConfigurationError(f"there is no run {run!r}; {near_matches(run, known)}")
        current.import_packages()
        found = [
            (unique_id, scores)
            for unique_id, scores in _evaluations(workspace, runs or known)
            if scores.info.get("split") == split and matches(scores, where)
        ]
        if not found:
            raise ConfigurationError(f"nothing that was evaluated on split {split!r} meets this")
        # Scores that were pooled over folds stand for those of the folds.
        pooled = {
            dependency
            for unique_id, scores in found
            if Folds.of_info(scores.info) is not None
            for dependency in workspace.step_info(unique_id).dependencies
        }
        found = [(unique_id, scores) for unique_id, scores in found if unique_id not in pooled]
        groups = group_by_config([scores for _, scores in found])
        ids = {id(scores): unique_id for unique_id, scores in found}
        evaluations = {
            name: [ids[id(scores)] for scores in group] for name, group in groups.items()
        }
        report = compare(
            groups,
            baseline,
            examples=_examples(workspace, evaluations, baseline),
            rule=rule,
            provenance=of_results(workspace, evaluations),
        )
        folder.mkdir(parents=True, exist_ok=True)
        ReportFormat().write(report, folder)
        show(Screen(Report.load(folder)))


def _examples(
    workspace: TangoIEWorkspace, evaluations: Mapping[str, Sequence[str]], baseline: str | None
) -> list[Example]:
    """The sentences with what each variant found; none where they are not in the workspace."""
    predictions: dict[str, list[Predictions]] = {}
    corpora: dict[str, Corpus] = {}
    for name, ids in evaluations.items():
        for unique_id in ids:
            for read_from in workspace.step_info(unique_id).dependencies:
                info = workspace.step_info(read_from)
                if info not in workspace.step_cache:
                    continue
                result = workspace.step_cache[info]
                if isinstance(result, Predictions):
                    predictions.setdefault(name, []).append(result)
                elif isinstance(result, Corpus):
                    corpora[result.fingerprint] = result
    known = {name: len(found) for name, found in predictions.items()}
    if len(corpora) != 1 or known != {name: len(ids) for name, ids in evaluations.items()}:
        return []
    (corpus,) = corpora.values()
    return predicted_examples(corpus, predictions, baseline)


def _evaluations(workspace: TangoIEWorkspace, runs: Sequence[str]) -> Iterator[tuple[str, Scores]]:
    """All scores of these runs by unique id, each once, in the order of runs and of their steps."""
    seen = set()
    for run in runs:
        for unique_id in workspace.runs.record(run)["steps"].values():
            if unique_id in seen or unique_id not in workspace.cache.ids():
                continue
            seen.add(unique_id)
            info = workspace.step_info(unique_id)
            # A look at the file spares loading the archives and corpora of all runs.
            is_scores = (workspace.cache.folder(unique_id) / RESULT_FOLDER / FILE_NAME).is_file()
            if is_scores and info in workspace.step_cache:
                yield unique_id, workspace.step_cache[info]
