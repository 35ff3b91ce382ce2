"""The examples of a report, from what archives have predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.corpus import Corpus
from tango_ie.data.predicted import predicted_split
from tango_ie.inference.predictions import Predictions
from tango_ie.reporting.examples import Example, PredictedRun, examples_of


def predicted_examples(
    corpus: Corpus | None,
    predictions: Mapping[str, Sequence[Predictions]] | None,
    baseline: str | None = None,
) -> list[Example]:
    """The sentences of the split with what each variant predicted; none where both are ``None``.

    Args:
        corpus: that was predicted on.
        predictions: those of each variant, one per seed, all of one split.
        baseline: the variant that comes first; by default the first.

    Raises:
        ConfigurationError: only one of both is given, or the baseline has no predictions.
        DataError: predictions for another corpus, for several splits or for other sentences.
    """
    if corpus is None and not predictions:
        return []
    if corpus is None or not predictions:
        missing = "corpus" if corpus is None else "predictions"
        raise ConfigurationError("examples need corpus and predictions", missing)
    first = next(iter(predictions)) if baseline is None else baseline
    if first not in predictions:
        raise ConfigurationError(f"there are none of the baseline {first!r}", "predictions")
    splits = {predicted_split(corpus, item.info) for runs in predictions.values() for item in runs}
    if len(splits) != 1:
        raise DataError(f"predictions for several splits: {', '.join(sorted(splits))}")
    gold = corpus[splits.pop()].sentences()
    for name, runs in predictions.items():
        for item in runs:
            if len(item) != len(gold):
                raise DataError(f"{name} has {len(item)} predictions for {len(gold)} sentences")
    order = [first, *(name for name in predictions if name != first)]
    return examples_of(gold, {name: _by_seed(predictions[name]) for name in order})


def _by_seed(runs: Sequence[Predictions]) -> list[PredictedRun]:
    found = [
        PredictedRun(item.info.get("archive", {}).get("seed"), item.annotations) for item in runs
    ]
    return sorted(found, key=lambda run: -1 if run.seed is None else run.seed)
