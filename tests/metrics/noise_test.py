"""Components of variance: recovered from draws whose variances are known."""

from __future__ import annotations

import numpy as np
import pytest

from tango_ie.metrics.noise import Noise, SeedNoise, estimate_noise


def test_components_are_recovered_on_average() -> None:
    """Runs with a quality, and luck with sentences of their own and of their variant's."""
    generator = np.random.default_rng(0)
    quality, own, shared, resamples = 3.0, 2.0, 1.5, 300
    noises = []
    for _ in range(400):
        scores, drawn = [], []
        for number in (3, 4):
            scores.append(generator.normal(0, np.hypot(quality, own), number))
            luck = generator.normal(0, own, (resamples, number))
            drawn.append(scores[-1] + luck + generator.normal(0, shared, (resamples, 1)))
        noises.append(estimate_noise(scores, drawn, 10_000))
    for side, number in enumerate((3, 4)):
        parts = [noise.seeds[side] for noise in noises]
        assert np.mean([part.observed for part in parts]) == pytest.approx(13.0, rel=0.1)
        assert np.mean([part.luck for part in parts]) == pytest.approx(4.0, rel=0.02)
        assert {(part.degrees, part.weight) for part in parts} == {(number - 1, 1 / number)}
    alone = np.mean([noise.sentences_alone for noise in noises])
    assert alone == pytest.approx(2 * shared**2, rel=0.03)
    expected = 4 / 3 + 4 / 4 + 2 * shared**2
    assert np.mean([noise.sentences for noise in noises]) == pytest.approx(expected, rel=0.03)


def test_few_units_are_corrected_for() -> None:
    scores = [np.array([0.5]), np.array([0.6])]
    drawn = [np.zeros((200, 1)), np.random.default_rng(0).normal(size=(200, 1))]
    many, few = (estimate_noise(scores, drawn, units) for units in (10**9, 5))
    assert few.sentences == pytest.approx(many.sentences * 5 / 4)
    assert few.degrees == pytest.approx(4)


def test_noise_of_one_seed_is_borrowed_from_the_other_side() -> None:
    scores = [np.array([0.0]), np.array([1.0, 2.0, 3.0])]
    drawn = [np.zeros((100, 1)), np.tile(scores[1], (100, 1))]
    noise = estimate_noise(scores, drawn, 1000)
    assert noise.from_seeds == pytest.approx(1.0 * (1 + 1 / 3))
    assert noise.degrees == pytest.approx(2)
    assert noise.scaled(4).from_seeds == pytest.approx(1.0 * 2 / 4)


def test_paired_seeds_cancel_what_pairs_have_in_common() -> None:
    common = np.array([0.0, 5.0, 9.0])
    scores = [common, common + np.array([1.0, 2.0, 3.0])]
    drawn = [np.tile(values, (100, 1)) for values in scores]
    assert estimate_noise(scores, drawn, 1000, paired_seeds=True).variance == pytest.approx(1 / 3)
    assert estimate_noise(scores, drawn, 1000).variance > 10


def test_noise_is_never_below_that_of_sentences() -> None:
    noise = Noise((SeedNoise(0.5, 2.0, 2, 1 / 3), SeedNoise(3.0, 2.0, 2, 1 / 3)), 4.0, 100)
    assert noise.from_seeds == pytest.approx(1 / 3)
    assert noise.variance == pytest.approx(4 + 1 / 3)
    # The part that is cut off does not count among the doubts.
    assert noise.degrees == pytest.approx(noise.variance**2 / (1.0**2 / 2 + 4.0**2 / 99))


def test_scaling_divides_what_it_should() -> None:
    noise = Noise((SeedNoise(5.0, 2.0, 4, 1 / 5), SeedNoise(4.0, 2.0, 4, 1 / 5)), 2.0, 100)
    assert noise.scaled(5).variance == pytest.approx(noise.variance)
    assert noise.scaled(5).degrees == pytest.approx(noise.degrees)
    assert noise.sentences_alone == pytest.approx(2.0 - 4 / 5)
    assert noise.scaled(10).variance == pytest.approx((3 + 2) / 10 + 1.2 + 4 / 10)
    halved = noise.scaled(factor=2.0)
    assert halved.variance == pytest.approx((3 + 2) / 5 + 1.2 / 2 + 4 / 5 / 2)
    assert halved.units == 200
    assert noise.scaled(10**6).variance == pytest.approx(1.2, rel=1e-3)
