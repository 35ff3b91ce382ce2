"""Compare the variants of an experiment: who is better, by how much, and how sure that is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.difference import measure_differences
from tango_ie.metrics.scores import Scores
from tango_ie.reporting.examples import Example, ExampleBrowser, choose
from tango_ie.reporting.notes import notes
from tango_ie.reporting.report import Report
from tango_ie.reporting.variant import Run, Variant

Variants = Mapping[str, Sequence[Scores]]


def compare(
    variants: Variants,
    baseline: str | None = None,
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    paired_seeds: bool = False,
    examples: Sequence[Example] = (),
) -> Report:
    """Compare every variant with the baseline, over seeds and test sentences.

    Args:
        variants: for each variant the scores of its runs, one per seed, all of the same sentences.
        baseline: the variant that the others are compared with; by default the first.
        resamples: of the hierarchical bootstrap, at least 100.
        seed: of the resampling; the same seed gives the same report.
        confidence: of the intervals, in (0, 1).
        paired_seeds: whether runs of one seed have more in common than the test set, such as the
            same sample of training data; then all variants must have the same seeds.
        examples: the sentences with what each run predicted, for the page.

    Raises:
        ConfigurationError: no variants, a variant without scores or with one run given twice, a
            baseline that is none of the variants.
        DataError: scores of different corpora, splits or rules, or seeds that cannot be paired.
    """
    _check_runs(variants)
    first = _choose_baseline(variants, baseline)
    by_seed = {name: _sorted_by_seed(variants[name]) for name in [first, *variants]}
    _check_comparable(by_seed)
    if paired_seeds:
        _check_paired(by_seed)
    reference = by_seed[first]
    counts = {name: [scores.sentence_counts() for scores in runs] for name, runs in by_seed.items()}
    others = {name: runs for name, runs in counts.items() if name != first}
    differences = measure_differences(
        counts[first], others, resamples, seed, confidence, paired_seeds=paired_seeds
    )
    results = tuple(
        Variant(name, tuple(map(Run.from_scores, runs)), differences.get(name))
        for name, runs in by_seed.items()
    )
    return Report(
        variants=results,
        rule=reference[0].rule,
        split=str(reference[0].info.get("split")),
        corpus_fingerprint=str(reference[0].info.get("corpus_fingerprint")),
        num_sentences=reference[0].num_sentences,
        confidence=confidence,
        notes=notes(results),
        browser=ExampleBrowser(*choose(examples)) if examples else None,
    )


def _check_runs(variants: Variants) -> None:
    if not variants:
        raise ConfigurationError("there are no variants to compare", "variants")
    for name, runs in variants.items():
        if not runs:
            raise ConfigurationError(
                "this variant has no scores; give those of at least one seed", f"variants.{name}"
            )
        for place, scores in enumerate(runs):
            if scores in runs[:place]:
                raise ConfigurationError(
                    f"runs {runs.index(scores)} and {place} are one and the same; counted twice, "
                    "they would make the figures look surer than they are",
                    f"variants.{name}",
                )


def _choose_baseline(variants: Variants, baseline: str | None) -> str:
    if baseline is None:
        return next(iter(variants))
    if baseline not in variants:
        near = difflib.get_close_matches(baseline, variants, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(variants)}"
        raise ConfigurationError(f"no variant is called {baseline!r}; {hint}", "baseline")
    return baseline


def _check_paired(variants: Mapping[str, Sequence[Scores]]) -> None:
    seeds = {
        name: [scores.info.get("archive", {}).get("seed") for scores in runs]
        for name, runs in variants.items()
    }
    if len({tuple(item) for item in seeds.values()}) > 1 or None in next(iter(seeds.values())):
        shown = "; ".join(f"{name}: {item}" for name, item in seeds.items())
        raise DataError(f"only variants with the same seeds can be paired, found {shown}")


def _sorted_by_seed(runs: Sequence[Scores]) -> list[Scores]:
    """In the order of their seeds, so that those of two variants pair up."""
    seeds = [scores.info.get("archive", {}).get("seed") for scores in runs]
    if None in seeds:
        return list(runs)
    order = sorted(range(len(runs)), key=lambda place: seeds[place])
    return [runs[place] for place in order]


def _check_comparable(variants: Mapping[str, Sequence[Scores]]) -> None:
    """All scores must be of the same sentences, counted by the same rule."""
    properties: dict[str, Callable[[Scores], object]] = {
        "rules": lambda scores: scores.rule,
        "corpora": lambda scores: scores.info.get("corpus_fingerprint"),
        "splits": lambda scores: scores.info.get("split"),
        "numbers of sentences": lambda scores: scores.num_sentences,
    }
    for what, read in properties.items():
        found: dict[object, str] = {}
        for name, runs in variants.items():
            for scores in runs:
                found.setdefault(read(scores), name)
        if len(found) > 1:
            shown = "; ".join(f"{name}: {value}" for value, name in found.items())
            raise DataError(
                f"scores over different {what} cannot be compared ({shown}); "
                "evaluate all variants on the same split of the same corpus"
            )
