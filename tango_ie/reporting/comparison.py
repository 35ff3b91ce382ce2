"""Compare the variants of an experiment: who is better, by how much, and how sure that is."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.metrics.difference import measure_differences
from tango_ie.metrics.scores import Scores
from tango_ie.reporting.examples import Example, ExampleBrowser, choose
from tango_ie.reporting.notes import notes
from tango_ie.reporting.oracle import oracle_note
from tango_ie.reporting.provenance import Provenance
from tango_ie.reporting.published import Published
from tango_ie.reporting.report import Report
from tango_ie.reporting.variant import Run, Variant

Variants = Mapping[str, Sequence[Scores]]
Units = Literal["auto", "documents", "sentences"]

# With fewer, the spread between documents cannot be estimated well enough.
LEAST_DOCUMENTS = 30


def compare(
    variants: Variants,
    baseline: str | None = None,
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
    paired_seeds: bool = False,
    examples: Sequence[Example] = (),
    rule: str | None = None,
    units: Units = "auto",
    question: str | None = None,
    provenance: Provenance | None = None,
    oracle_test_epoch: bool = False,
    published: Published | None = None,
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
        rule: name of the rule that is compared by, such as ``relations strict``; by default the
            scores' own.
        units: what another test set would be made of. Sentences of one document share their
            names and topics, so that drawing them one by one makes intervals too narrow;
            ``"auto"`` draws documents where the corpus has at least 30.
        question: the reader's question, in words; made from the names by default.
        provenance: where the scores come from.
        oracle_test_epoch: show beside F1 what it would be if the epoch were chosen on the test
            split; for models that were trained with ``oracle_split``.
        published: figures of others, to stand beside ours.

    Raises:
        ConfigurationError: no variants, a variant without scores or with one run given twice, a
            baseline that is none of the variants, or published figures of what is not compared.
        DataError: scores of different corpora, splits or rules, seeds that cannot be paired, no
            scores by this rule, documents asked for that the corpus does not have, or no oracle.
    """
    _check_runs(variants)
    if rule is not None:
        variants = {name: [scores.by(rule) for scores in runs] for name, runs in variants.items()}
    first = _choose_baseline(variants, baseline)
    by_seed = {name: _sorted_by_seed(variants[name]) for name in [first, *variants]}
    _check_comparable(by_seed)
    if paired_seeds:
        _check_paired(by_seed)
    reference = by_seed[first]
    counts = {name: [scores.sentence_counts() for scores in runs] for name, runs in by_seed.items()}
    others = {name: runs for name, runs in counts.items() if name != first}
    differences = measure_differences(
        counts[first],
        others,
        resamples,
        seed,
        confidence,
        documents=_documents(by_seed, units),
        paired_seeds=paired_seeds,
    )
    results = tuple(
        Variant(name, tuple(map(Run.from_scores, runs)), differences.get(name))
        for name, runs in by_seed.items()
    )
    if published is not None:
        published.check(results)
    split = str(reference[0].info.get("split"))
    warnings = (oracle_note(results, split),) if oracle_test_epoch else ()
    return Report(
        variants=results,
        rule=reference[0].rule,
        split=split,
        corpus_fingerprint=str(reference[0].info.get("corpus_fingerprint")),
        num_sentences=reference[0].num_sentences,
        confidence=confidence,
        notes=(*warnings, *notes(results)),
        browser=ExampleBrowser(*choose(examples)) if examples else None,
        own_question=question,
        provenance=provenance,
        oracle_test_epoch=oracle_test_epoch,
        published=published,
    )


def _documents(variants: Mapping[str, Sequence[Scores]], units: Units) -> tuple[int, ...] | None:
    """The document of each sentence, if documents are to be drawn."""
    if units == "sentences":
        return None
    found = {scores.documents for runs in variants.values() for scores in runs}
    documents = found.pop() if len(found) == 1 else None
    number = len({*documents}) if documents is not None else 0
    if units == "documents":
        if number < 2:
            raise DataError(
                'units is "documents", but the corpus does not say of which document its sentences '
                f'are (documents known: {number}); set units to "sentences"'
            )
        return documents
    return documents if LEAST_DOCUMENTS <= number < len(documents or ()) else None


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
