"""From gold and the predictions of all runs to the examples of a report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.changes import compare_runs
from tango_ie.metrics.diagnosis import Diagnosis, ItemError
from tango_ie.metrics.errors import diagnose_entities
from tango_ie.reporting.examples.example import ErrorMark, Example, RunPrediction


class PredictedRun(NamedTuple):
    """What one model predicted for all sentences of a split."""

    seed: int | None
    annotations: Sequence[Annotations]


def examples_of(
    gold: Sequence[Sentence], variants: Mapping[str, Sequence[PredictedRun]]
) -> list[Example]:
    """One example per sentence, with what is wrong in each run.

    A variant fixes a sentence if most runs of the baseline have something of it wrong that most of
    its own have right; it breaks one the other way round.

    Args:
        gold: the sentences of the split.
        variants: the runs of each, the baseline first.
    """
    entities = [sentence.entities for sentence in gold]
    diagnoses = {
        name: [
            diagnose_entities(entities, [found.entities for found in run.annotations])
            for run in runs
        ]
        for name, runs in variants.items()
    }
    fixed, broken = _changes(diagnoses)
    return [
        Example(
            index,
            sentence.words,
            sentence.doc_id,
            sentence.annotations,
            tuple(
                _run(name, run, diagnosis[index], sentence, index)
                for name, runs in variants.items()
                for run, diagnosis in zip(runs, diagnoses[name], strict=True)
            ),
            tuple(name for name, places in fixed.items() if index in places),
            tuple(name for name, places in broken.items() if index in places),
        )
        for index, sentence in enumerate(gold)
    ]


def _changes(
    diagnoses: Mapping[str, Sequence[Sequence[Diagnosis[Entity]]]],
) -> tuple[dict[str, set[int]], dict[str, set[int]]]:
    """For each variant but the baseline, the sentences that it fixes and those that it breaks."""
    (_, baseline), *others = diagnoses.items()
    fixed, broken = {}, {}
    for name, runs in others:
        changes = compare_runs(baseline, runs).sentences
        fixed[name] = {change.sentence for change in changes if change.fixed}
        broken[name] = {change.sentence for change in changes if change.broken}
    return fixed, broken


def _run(
    variant: str, run: PredictedRun, diagnosis: Diagnosis[Entity], sentence: Sentence, index: int
) -> RunPrediction:
    found = run.annotations[index]
    marks = _marks(diagnosis.errors, sentence.entities, found.entities)
    return RunPrediction(variant, run.seed, found, marks)


def _marks(
    errors: Iterable[ItemError[Entity]], gold: Sequence[Entity], found: Sequence[Entity]
) -> tuple[ErrorMark, ...]:
    # Of equal items the first is meant: errors are about sets.
    places = [{item: at for at, item in reversed([*enumerate(items)])} for items in (gold, found)]
    return tuple(
        ErrorMark(
            error.kind,
            None if error.gold is None else places[0][error.gold],
            None if error.predicted is None else places[1][error.predicted],
        )
        for error in errors
    )
