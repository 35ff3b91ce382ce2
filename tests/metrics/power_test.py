"""Plans: numbers that are enough, and no larger than they must be."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tango_ie.core.errors import ConfigurationError
from tango_ie.metrics.difference import Difference, measure_difference
from tango_ie.metrics.noise import Noise, SeedNoise
from tango_ie.metrics.power import chance_to_see, plan
from tests.metrics.simulated_runs import draw_runs


def found_with(
    difference: float, quality: float, sentences: float, luck: float = 0.0, seeds: int = 5
) -> Difference:
    """A comparison with given variances, of one run and of the difference over sentences."""
    runs = draw_runs(np.random.default_rng(0), 50, [0.7] * 4)
    part = SeedNoise(quality + luck, luck, seeds - 1, 1 / seeds)
    noise = Noise((part, part), sentences + 2 * luck / seeds, 1000)
    return replace(
        measure_difference(runs[:2], runs[2:], 100),
        difference=difference,
        noise=noise,
        sentences=1000,
        baseline_seeds=seeds,
        variant_seeds=seeds,
    )


def test_seeds_alone_are_as_in_the_textbook() -> None:
    """Two-sample t test with d = 1: 17 of each (Cohen 1988, table 2.4.1)."""
    assert plan(found_with(1.0, quality=1.0, sentences=0.0)).seeds == 17
    assert plan(found_with(-1.0, quality=1.0, sentences=0.0)).seeds == 17
    assert plan(found_with(0.5, quality=1.0, sentences=0.0)).seeds == 64


def test_the_number_is_the_smallest_that_is_enough() -> None:
    found = found_with(0.8, quality=1.0, sentences=0.02, luck=0.3)
    needs = plan(found)
    assert needs.seeds is not None
    assert chance_to_see(0.8, found.noise.scaled(needs.seeds), 0.05) >= 0.8
    assert chance_to_see(0.8, found.noise.scaled(needs.seeds - 1), 0.05) < 0.8
    assert needs.seeds > plan(found_with(0.8, quality=1.0, sentences=0.0)).seeds  # type: ignore[operator]


def test_a_test_set_can_be_too_small_for_any_number_of_seeds() -> None:
    found = found_with(1.0, quality=0.01, sentences=1.0)
    needs = plan(found)
    assert (needs.seeds, needs.both) == (None, None)
    assert needs.sentences == pytest.approx(1000 * 2.8**2, rel=0.1)


def test_sentences_and_seeds_may_both_be_too_few() -> None:
    found = found_with(0.5, quality=1.0, sentences=1.0)
    needs = plan(found)
    assert (needs.seeds, needs.sentences) == (None, None)
    assert needs.both is not None
    seeds, sentences = needs.both
    assert chance_to_see(0.5, found.noise.scaled(seeds, sentences / 1000), 0.05) >= 0.8
    assert seeds > 64 and sentences > 2.8**2 / 0.25 * 1000


def test_nothing_shows_an_effect_of_nothing() -> None:
    needs = plan(found_with(0.0, quality=1.0, sentences=1.0))
    assert (needs.seeds, needs.sentences, needs.both) == (None, None, None)
    assert needs.present_power == pytest.approx(0.05)


def test_what_is_at_hand_can_be_enough() -> None:
    found = found_with(10.0, quality=1.0, sentences=0.5)
    needs = plan(found)
    assert needs.present_power > 0.99
    assert needs.seeds is not None and needs.seeds <= 5
    assert needs.sentences == 1000


def test_the_smallest_effect_has_the_power() -> None:
    found = found_with(0.1, quality=1.0, sentences=0.5, seeds=3)
    needs = plan(found, power=0.9)
    assert chance_to_see(needs.smallest_effect, found.noise, 0.05) == pytest.approx(0.9, abs=0.002)
    assert plan(found, effect=needs.smallest_effect).seeds == 3


def test_power_is_that_of_simulated_t_tests() -> None:
    generator = np.random.default_rng(0)
    draws = generator.normal(size=(2, 20_000, 4)) + np.array([0.0, 1.5])[:, None, None]
    seen = (stats.ttest_ind(draws[0], draws[1], axis=1).pvalue < 0.05).mean()
    noise = Noise((SeedNoise(1.0, 0.0, 3, 1 / 4), SeedNoise(1.0, 0.0, 3, 1 / 4)), 0.0, 1000)
    assert chance_to_see(1.5, noise, 0.05) == pytest.approx(seen, abs=0.01)


def test_power_far_out_is_one_and_grows() -> None:
    noise = Noise((SeedNoise(1.0, 0.0, 2, 1 / 3), SeedNoise(1.0, 0.0, 2, 1 / 3)), 0.1, 300)
    powers = [chance_to_see(effect, noise, 0.05) for effect in (0, 1, 2, 4, 8, 30, 1000, 1e6)]
    assert powers == sorted(powers)
    assert powers[-1] == pytest.approx(1.0)


def test_one_seed_of_each_gives_no_number_of_seeds() -> None:
    runs = draw_runs(np.random.default_rng(0), 100, [0.7, 0.71])
    needs = plan(measure_difference(runs[:1], runs[1:], 200))
    assert (needs.seeds, needs.both) == (None, None)
    assert needs.smallest_effect > 0


@pytest.mark.parametrize(("power", "level"), [(0.4, 0.05), (1.0, 0.05), (0.8, 0.0), (0.8, 5.0)])
def test_senseless_wishes_are_refused(power: float, level: float) -> None:
    with pytest.raises(ConfigurationError, match="a power between"):
        plan(found_with(1.0, 1.0, 1.0), power=power, level=level)
