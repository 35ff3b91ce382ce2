"""How often intervals cover the true difference, and how often a difference is seen that is none.

    OMP_NUM_THREADS=1 python -m benchmarks.coverage

Simulates experiments whose truth is known and prints tables in Markdown. In each, a baseline, four
variants that are as good and one that is better are trained with some seeds and tested on the same
sentences. The same arguments give the same tables.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from benchmarks.simulated_experiments import Runs, World, calibrated
from tango_ie.metrics.difference import measure_differences
from tango_ie.metrics.holm import holm
from tango_ie.metrics.noise import Noise
from tango_ie.metrics.power import plan
from tango_ie.metrics.resampling import resampled_scores, stack_runs

LEVEL = 0.05


class Tally(NamedTuple):
    """Of one kind of experiment, shares; widths in points of F1."""

    covered: float
    covered_plain: float
    covered_sentences: float
    width: float
    false_alarms: float
    any_of_four: float
    any_by_holm: float
    seen: float


def plain_hierarchical(
    baseline: Runs, variant: Runs, resamples: int, seed: int
) -> tuple[float, float]:
    """Percentiles of differences with seeds and sentences drawn anew: what is *not* recommended."""
    generator = np.random.default_rng([seed, 1])
    drawn = resampled_scores(stack_runs([*baseline, *variant]), resamples, seed)  # (R, M)
    means = []
    for scores in (drawn[:, : len(baseline)], drawn[:, len(baseline) :]):
        picked = generator.integers(scores.shape[1], size=scores.shape)
        means.append(np.take_along_axis(scores, picked, axis=1).mean(axis=1))
    low, high = np.quantile(means[1] - means[0], [LEVEL / 2, 1 - LEVEL / 2])
    return float(low), float(high)


def tally(
    world: World,
    seeds: tuple[int, int],
    experiments: int,
    resamples: int,
    seed: int = 0,
    by_document: bool = False,
    paired_seeds: bool = False,
) -> Tally:
    """Simulate experiments and count.

    Args:
        world: where they come from.
        seeds: runs of the baseline and of each variant.
        experiments: how many.
        resamples: of each.
        seed: of the simulation.
        by_document: whether documents are drawn in place of sentences.
        paired_seeds: whether the analysis is told that equal seeds are alike.
    """
    generator = np.random.default_rng(seed)
    truth = world.truth
    rows = []
    for number in range(experiments):
        baseline, *variants = world.runs(generator, (seeds[0], *[seeds[1]] * 5), better=True)
        names = ["a", "b", "c", "d", "better"]
        documents = world.documents if by_document else None
        named = dict(zip(names, variants, strict=True))
        found = measure_differences(
            baseline, named, resamples, number, 1 - LEVEL, documents, paired_seeds
        )
        better = found.pop("better")
        p_values = [one.p_value for one in found.values()]
        plain = plain_hierarchical(baseline, variants[-1], resamples, number)
        over_sentences = better.over_sentences
        rows.append(
            (
                better.low <= truth <= better.high,
                plain[0] <= truth <= plain[1],
                over_sentences.low <= truth <= over_sentences.high,
                100 * (better.high - better.low),
                np.mean([p_value < LEVEL for p_value in p_values]),
                min(p_values) < LEVEL,
                min(holm(p_values)) < LEVEL,
                better.p_value < LEVEL,
            )
        )
    return Tally(*(float(mean) for mean in np.mean(np.array(rows, dtype=float), axis=0)))


class Case(NamedTuple):
    """A row of a table: its head, and what is simulated."""

    shown: str
    world: World
    seeds: tuple[int, int]
    by_document: bool = False
    paired_seeds: bool = False


def main_cases(options: argparse.Namespace) -> Iterator[Case]:
    """All combinations of seeds, sentences and sizes of the noise."""
    for sentences in options.sentences:
        for ratio in options.ratios:
            world = calibrated(World(sentences), ratio)
            for seeds in options.seeds:
                yield Case(f"{seeds} | {sentences:,} | {ratio:g}", world, (seeds, seeds))


def special_cases() -> Iterator[Case]:
    """What the main table takes for granted."""
    world = calibrated(World(300), 1.0)
    noisy = replace(world, spread=4.0)
    yield Case("3 seeds, the better variant's vary 4 times as much", noisy, (3, 3))
    yield Case("5 seeds, the better variant's vary 4 times as much", noisy, (5, 5))
    yield Case("3 seeds against 5 of the baseline", world, (5, 3))
    yield Case("2 seeds", world, (2, 2))
    yield Case("1 seed against 3 of the baseline, noise borrowed", world, (3, 1))
    yield Case("1 seed: over sentences alone", world, (1, 1))
    documents = calibrated(World(1200, document=20), 0.3)
    yield Case("3 seeds, 60 documents of 20 sentences, drawn by sentence", documents, (3, 3))
    yield Case("3 seeds, the same drawn by document", documents, (3, 3), by_document=True)
    alike = replace(world, alike=0.8)
    yield Case("5 seeds, equal seeds correlated 0.8, not told", alike, (5, 5))
    yield Case("5 seeds, the same, told", alike, (5, 5), paired_seeds=True)


def table(cases: Iterator[Case], head: str, options: argparse.Namespace) -> None:
    """Print a row as soon as it is known."""
    columns = [
        *("covers", "plain resampling covers", "sentences alone cover", "width, points"),
        *("false alarms", "any of 4 uncorrected", "any of 4 by Holm", "real difference seen"),
    ]
    heads = head.split(" | ")
    print("|", " | ".join([*heads, *columns]), "|")
    print("|", " | ".join([*["---"] * len(heads), *["---:"] * len(columns)]), "|")
    for case in cases:
        counted = tally(
            case.world,
            case.seeds,
            options.experiments,
            options.resamples,
            options.seed,
            case.by_document,
            case.paired_seeds,
        )
        shown = [
            f"{value:.2f}" if name == "width" else f"{100 * value:.1f} %"
            for name, value in counted._asdict().items()
        ]
        print("|", " | ".join([case.shown, *shown]), "|", flush=True)


def check_plans(options: argparse.Namespace) -> None:
    """Whether as many seeds as a plan asks for have the power that it promises."""
    heads = [
        "sentences",
        "ratio",
        "seeds by the plan",
        "effect, points",
        "power reached (80 % wanted)",
    ]
    heads += ["seeds by plans of 5 seeds, with the true effect: 10th, 50th, 90th of 100"]
    print("|", " | ".join(heads), "|\n|", " | ".join(["---:"] * len(heads)), "|")
    for sentences, ratio, seeds in ((300, 1.0, 5), (300, 1.0, 14), (3453, 3.0, 5), (3453, 3.0, 14)):
        world = replace(calibrated(World(sentences), ratio), effect=0.0)
        effect, needed = effect_for(world, seeds, options.resamples)
        slope = replace(world, effect=0.05).truth / 0.05
        counted = tally(
            replace(world, effect=effect / slope),
            (seeds, seeds),
            options.experiments,
            options.resamples,
            options.seed,
        )
        low, middle, high = (
            str(int(value)) if value <= 1000 else "none"
            for value in np.quantile(needed, [0.1, 0.5, 0.9], method="nearest")
        )
        row = [f"{sentences:,}", f"{ratio:g}", str(seeds), f"{100 * effect:.2f}"]
        row += [f"{100 * counted.seen:.1f} %", f"{low}, {middle}, {high}"]
        print("|", " | ".join(row), "|", flush=True)


def effect_for(world: World, seeds: int, resamples: int) -> tuple[float, list[float]]:
    """What so many seeds show with 80 % power, and how many plans from 5 seeds would ask for."""
    generator = np.random.default_rng(10_000)
    pilots = []
    for number in range(100):
        baseline, variant = world.runs(generator, (5, 5), better=False)
        found = measure_differences(baseline, {"variant": variant}, resamples, number)["variant"]
        pilots.append(found)
    typical = mean_noise([pilot.noise for pilot in pilots])
    present = replace(pilots[0], noise=typical.scaled(seeds))
    effect = plan(present).smallest_effect
    return effect, [plan(pilot, effect).seeds or float("inf") for pilot in pilots]


def mean_noise(noises: list[Noise]) -> Noise:
    """Mean variances of experiments that are alike."""
    parts = tuple(
        replace(
            side[0],
            observed=float(np.mean([part.observed for part in side])),
            luck=float(np.mean([part.luck for part in side])),
        )
        for side in zip(*(noise.seeds for noise in noises), strict=True)
    )
    return replace(
        noises[0], seeds=parts, sentences=float(np.mean([noise.sentences for noise in noises]))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--experiments", type=int, default=1000)
    parser.add_argument("--resamples", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[3, 5, 10])
    parser.add_argument("--sentences", type=int, nargs="+", default=[300, 3453])
    parser.add_argument("--ratios", type=float, nargs="+", default=[0.0, 0.3, 1.0, 3.0])
    parser.add_argument("--only", choices=["main", "special", "plans"])
    options = parser.parse_args()
    if options.only in (None, "main"):
        table(main_cases(options), "seeds | sentences | seed noise ÷ sentence noise", options)
        print()
    if options.only in (None, "special"):
        table(special_cases(), "case", options)
        print()
    if options.only in (None, "plans"):
        check_plans(options)


if __name__ == "__main__":
    main()
