"""``tango-ie show``: what a step has made, and single sentences of it, in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from tango_ie.commands.locate import StepPlace, locate_step
from tango_ie.commands.session import session, show
from tango_ie.core.errors import ConfigurationError, WorkspaceError
from tango_ie.core.workspace import TangoIEWorkspace
from tango_ie.data.annotations import Annotations, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_split
from tango_ie.inference import Predictions
from tango_ie.reporting import Report, annotation_screen
from tango_ie.reporting.corpus_terminal import CorpusScreen
from tango_ie.reporting.terminal import Screen

Drawn = tuple[int, Sentence, Annotations | None]


def show_step(
    step: str,
    number: int | None = None,
    split: str | None = None,
    find: str | None = None,
    count: int = 1,
    run_name: str | None = None,
    workspace_url: str | None = None,
) -> None:
    """Print a report, a corpus, or sentences of a corpus or of predictions.

    Args:
        step: a name in the run, or a unique id or the beginning of one.
        number: of the first sentence, counted from 0.
        split: of a corpus; by default its first.
        find: only sentences with this text.
        count: how many sentences.
        run_name: the run; by default the latest that has the step.
        workspace_url: instead of the workspace in the settings.

    Raises:
        ConfigurationError: no such step, split or sentence, or a result that cannot be drawn.
    """
    with session() as current:
        workspace = current.own_workspace(workspace_url)
        place = locate_step(workspace, step, run_name)
        current.import_packages(workspace.runs.record(place.run).get("include_package", ()))
        result = _result(workspace, place.unique_id)
        one = number is not None or find is not None
        if isinstance(result, Report):
            show(Screen(result))
        elif isinstance(result, Corpus) and not one:
            show(CorpusScreen(result))
        elif isinstance(result, Corpus):
            name = split or next(iter(result))
            sentences: Sequence[Sentence] = result[name]
            _show_sentences(((i, s, None) for i, s in enumerate(sentences)), number, find, count)
        elif isinstance(result, Predictions):
            corpus = _corpus_of(workspace, place, result)
            gold = corpus[predicted_split(corpus, result.info)]
            pairs = zip(gold, result.annotations, strict=True)
            drawn = ((i, s, found) for i, (s, found) in enumerate(pairs))
            _show_sentences(drawn, number, find, count)
        else:
            raise ConfigurationError(
                f"{place.step_name} of run {place.run} is a {type(result).__name__}; what can be "
                "shown are corpora, predictions and reports"
            )


def _result(workspace: TangoIEWorkspace, unique_id: str) -> Any:
    info = workspace.step_info(unique_id)
    if unique_id not in workspace.cache.ids() or info not in workspace.step_cache:
        raise WorkspaceError(f"{info.step_name or unique_id} has no result yet; run it first")
    return workspace.step_cache[info]


def _corpus_of(workspace: TangoIEWorkspace, place: StepPlace, predictions: Predictions) -> Corpus:
    """The corpus among what the step of the predictions has read."""
    for source in workspace.step_info(place.unique_id).dependencies:
        result = _result(workspace, source)
        wanted = predictions.info.get("corpus_fingerprint")
        if isinstance(result, Corpus) and result.fingerprint == wanted:
            return result
    raise WorkspaceError(
        f"the corpus that {place.step_name} has predicted on is not in the workspace any more"
    )


def _show_sentences(
    sentences: Iterator[Drawn], number: int | None, find: str | None, count: int
) -> None:
    chosen = islice(_matching(sentences, number or 0, find), count)
    shown = 0
    for index, sentence, predicted in chosen:
        show()
        for part in annotation_screen.annotated(sentence, index, predicted):
            show(part)
        shown += 1
    if not shown:
        wanted = f"with {find!r} " if find is not None else ""
        raise ConfigurationError(f"there is no sentence {wanted}from number {number or 0} on")


def _matching(sentences: Iterator[Drawn], first: int, find: str | None) -> Iterator[Drawn]:
    for item in sentences:
        if item[0] >= first and (find is None or find in " ".join(item[1].words)):
            yield item
