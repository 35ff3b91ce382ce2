"""Experiments whose truth is known: runs of variants on the sentences of a test set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from tango_ie.metrics.counts import f1_scores
from tango_ie.metrics.resampling import stack_runs

Runs = list[NDArray[np.int64]]
MOST = 6  # entities of a sentence
GOLD = np.array([0.22, 0.33, 0.22, 0.12, 0.06, 0.03, 0.02])
"""Shares of sentences with 0, 1, … entities."""
GOLD_MEAN = float(GOLD @ np.arange(MOST + 1))
FOUND = 1.28
"""Skill at finding, in standard deviations of the difficulty."""
INVENTED = 1.6
SPOTS = 1.0
"""Places in a sentence where an entity could be invented; a mean."""
PARTS = np.sqrt([0.25, 0.45, 0.1, 0.2])
"""Of the sentence, of the entity, of the variant's own view of it, of the run's."""
MISPLACED = 0.6
"""Share of the missed entities that are found with wrong boundaries."""


@dataclass(frozen=True)
class World:
    """Where experiments come from.

    A gold entity is found if the skill of a run exceeds the entity's difficulty, a standard normal
    variable with parts that are common to the words of a sentence, to all models, to all runs of
    one variant, or the run's own; so are spots where an entity could be invented. Some of those
    that are missed are found with wrong boundaries, one error of each kind. With the skills here,
    F1 is about 0.90, as on CoNLL-2003.

    Args:
        sentences: of the test set.
        seed_sd: of the skill, over seeds.
        effect: what the better variant has in skill.
        spread: how many times as much the skill of the better variant varies over its seeds.
        document: sentences of one document; where more than one, what is common to a sentence is
            common to the document, and so is the variant's own view.
        alike: correlation of the skills of equal seeds.
    """

    sentences: int
    seed_sd: float = 0.0
    effect: float = 0.12
    spread: float = 1.0
    document: int = 1
    alike: float = 0.0

    def f1(self, skill: NDArray[np.float64]) -> NDArray[np.float64]:
        """On endlessly many sentences, of runs that are better than the baseline by ``skill``."""
        recall = stats.norm.cdf(FOUND + skill)
        missed = GOLD_MEAN * (1 - recall)
        invented = SPOTS * stats.norm.sf(INVENTED + skill) + MISPLACED * missed
        return f1_scores(np.stack([GOLD_MEAN * recall, invented, missed], axis=-1))

    def mean_f1(self, effect: float, seed_sd: float) -> float:
        """Over endlessly many seeds and sentences."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(41)
        return float(weights @ self.f1(effect + seed_sd * nodes) / weights.sum())

    @property
    def truth(self) -> float:
        """The better variant's F1 less the baseline's."""
        better = self.mean_f1(self.effect, self.seed_sd * self.spread)
        return better - self.mean_f1(0.0, self.seed_sd)

    def runs(
        self, generator: np.random.Generator, seeds: Sequence[int], better: bool
    ) -> list[Runs]:
        """One experiment: for each variant its runs; the last is the better one, if any is."""
        common = generator.standard_normal(max(seeds))
        skills = []
        for place, number in enumerate(seeds):
            own = generator.standard_normal(number)
            draws = np.sqrt(self.alike) * common[:number] + np.sqrt(1 - self.alike) * own
            last = better and place == len(seeds) - 1
            sd, mean = (self.seed_sd * self.spread, self.effect) if last else (self.seed_sd, 0.0)
            skills.append(mean + sd * draws)
        gold = generator.choice(MOST + 1, p=GOLD, size=self.sentences)  # (S,)
        spots = np.minimum(generator.poisson(SPOTS, self.sentences), MOST)
        found = self._above(generator, gold, skills, FOUND)
        kept = self._above(generator, spots, skills, INVENTED)  # spots where nothing is seen
        misplaced = generator.random((self.sentences, MOST)) < MISPLACED  # (S, K)
        experiment = []
        for hits, quiet in zip(found, kept, strict=True):
            correct = hits.sum(axis=1)  # (S, V)
            missed = (np.arange(MOST) < gold[:, None])[..., None] & ~hits  # (S, K, V)
            wrong = (missed & misplaced[..., None]).sum(axis=1) + spots[:, None] - quiet.sum(axis=1)
            counts = np.stack([correct, wrong, gold[:, None] - correct], axis=-1)  # (S, V, 3)
            experiment.append(list(counts.transpose(1, 0, 2)))
        return experiment

    @property
    def documents(self) -> list[int]:
        """The document of each sentence."""
        return [place // self.document for place in range(self.sentences)]

    def _above(
        self,
        generator: np.random.Generator,
        numbers: NDArray[np.int64],
        skills: Sequence[NDArray[np.float64]],
        threshold: float,
    ) -> Iterator[NDArray[np.bool_]]:
        """For each variant, which items its runs deal with rightly, (S, K, V)."""
        shape = (self.sentences, MOST, 1)
        groups = -(-self.sentences // self.document)
        common = generator.standard_normal((groups, 1, 1), np.float32)
        common = PARTS[0] * np.repeat(common, self.document, axis=0)[: self.sentences]
        common = common + PARTS[1] * generator.standard_normal(shape, np.float32)
        real = (np.arange(MOST) < numbers[:, None])[..., None]  # (S, K, 1)
        for skill in skills:
            view = common + PARTS[2] * self._view(generator, shape)
            own = generator.standard_normal((*shape[:2], len(skill)), np.float32)
            yield real & (view + PARTS[3] * own < threshold + skill)

    def _view(
        self, generator: np.random.Generator, shape: tuple[int, int, int]
    ) -> NDArray[np.float32]:
        """What a variant makes of each item; of all items of a document the same."""
        if self.document == 1:
            return generator.standard_normal(shape, np.float32)
        groups = -(-self.sentences // self.document)
        views = generator.standard_normal((groups, 1, 1), np.float32)
        return np.repeat(views, self.document, axis=0)[: self.sentences]


def calibrated(world: World, ratio: float) -> World:
    """A world in which runs differ ``ratio`` times as much by their seeds as by the sentences.

    Compared are the standard deviation over seeds of the F1 of one run on endlessly many sentences,
    and that over test sets of the difference between two runs that are equally good.
    """
    many = replace(world, sentences=100_000 // world.document * world.document, seed_sd=0.0)
    both = [runs[0] for runs in many.runs(np.random.default_rng(0), (1, 1), better=False)]
    counts = stack_runs(both, many.documents).astype(float)  # (U, 2, 3)
    doubled, whole = 2 * counts[..., 0], 2 * counts[..., 0] + counts[..., 1] + counts[..., 2]
    influence = (doubled - f1_scores(counts.sum(axis=0)) * whole) / whole.mean(axis=0)  # (U, 2)
    units = world.sentences / world.document
    sentence_sd = (influence[:, 1] - influence[:, 0]).std() / np.sqrt(units)
    slope = (many.f1(np.array(0.01)) - many.f1(np.array(-0.01))) / 0.02
    return replace(world, seed_sd=float(ratio * sentence_sd / slope))
