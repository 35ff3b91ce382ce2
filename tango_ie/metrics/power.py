"""How many seeds and test sentences it would take to see a difference."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy import stats

from tango_ie.core.errors import ConfigurationError
from tango_ie.metrics.difference import Difference
from tango_ie.metrics.noise import Noise

MOST_SEEDS = 1000
MOST_TIMES = 1000.0  # as many sentences as at hand


@dataclass(frozen=True)
class Plan:
    """What a new experiment would need to see an effect.

    Args:
        effect: size of the difference that is to be seen, without sign; a fraction.
        power: wanted probability to see it.
        level: of the test, such as 0.05.
        present_power: probability to see it with the seeds and sentences at hand.
        smallest_effect: what the seeds and sentences at hand would show with ``power``.
        seeds: of each variant, on the sentences at hand, at least 2; ``None`` where no number up
            to 1,000 would do, because the test set is too small, or the noise of seeds is unknown.
        sentences: with the seeds at hand; ``None`` where no number would do, because there are too
            few seeds, or where it would be more than 1,000 times those at hand.
        both: seeds and sentences together, where neither alone would do: half of the noise that is
            allowed comes from the sentences. ``None`` where either does.
    """

    effect: float
    power: float
    level: float
    present_power: float
    smallest_effect: float
    seeds: int | None
    sentences: int | None
    both: tuple[int, int] | None


def plan(
    found: Difference, effect: float | None = None, power: float = 0.8, level: float | None = None
) -> Plan:
    """How many seeds, or sentences, would be needed to see an effect.

    Noise of seeds shrinks with the seeds, that of the sentences does not, and neither does the
    quality of a run become surer with more sentences (variance components as in Bouthillier et al.
    2021, section 3; on the power of NLP's test sets see Card et al. 2020). The variances are
    estimates, those of few seeds rough ones: read the numbers as "about".

    The power for an effect *as observed* is a restatement of the p-value and no evidence about this
    experiment (Hoenig and Heisey 2001). It is given to plan the next one.

    Args:
        found: the comparison at hand.
        effect: a fraction; that which was observed by default.
        power: wanted, in (0.5, 1).
        level: of the test; 1 − confidence of the comparison by default.

    Raises:
        ConfigurationError: a power or a level that is none.
    """
    level = round(1 - found.confidence, 12) if level is None else level
    if not (0.5 < power < 1 and 0 < level < 0.5):
        raise ConfigurationError(
            "expected a power between 0.5 and 1 and a level between 0 and 0.5, "
            f"found {power} and {level}"
        )
    size = abs(found.difference if effect is None else effect)
    noise = found.noise

    def enough(expected: Noise) -> bool:
        return chance_to_see(size, expected, level) >= power

    seeds = _fewest_seeds(lambda number: enough(noise.scaled(number))) if noise.seeds else None
    factor = _smallest_factor(lambda times: enough(noise.scaled(factor=times)))
    both = None
    if seeds is None and factor is None and noise.seeds and size > 0:
        allowed = (size / (stats.norm.isf(level / 2) + stats.norm.ppf(power))) ** 2
        times = max(1.0, 2 * noise.sentences_alone / allowed)
        number = _fewest_seeds(lambda number: enough(noise.scaled(number, times)))
        both = None if number is None else (number, math.ceil(times * found.sentences))
    return Plan(
        effect=size,
        power=power,
        level=level,
        present_power=chance_to_see(size, noise, level),
        smallest_effect=_smallest_effect(noise, level, power),
        seeds=seeds,
        sentences=None if factor is None else math.ceil(factor * found.sentences),
        both=both,
    )


def chance_to_see(effect: float, noise: Noise, level: float) -> float:
    """Probability that a two-sided t test sees an effect: the non-central t distribution.

    Far out, where scipy's gives up, by the normal approximation of Abramowitz and Stegun, 26.7.10.
    """
    if noise.variance == 0:
        return 1.0 if effect > 0 else level
    degrees, shift = noise.degrees, effect / noise.sd
    limit = float(stats.t.isf(level / 2, degrees))
    exact = float(stats.nct.sf(limit, degrees, shift) + stats.nct.cdf(-limit, degrees, shift))
    if math.isfinite(exact):
        return min(1.0, exact)
    spread = math.sqrt(1 + limit**2 / (2 * degrees))
    return float(stats.norm.sf((limit * (1 - 1 / (4 * degrees)) - shift) / spread))


def _fewest_seeds(enough: Callable[[int], bool]) -> int | None:
    """The smallest number of seeds that is enough; power grows with it."""
    if not enough(MOST_SEEDS):
        return None
    low, high = 1, MOST_SEEDS  # not enough (or not possible), enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _smallest_factor(enough: Callable[[float], bool]) -> float | None:
    """How many times as many sentences are enough, to a hundredth; 1 where those at hand are."""
    if enough(1.0):
        return 1.0
    if not enough(MOST_TIMES):
        return None
    low, high = 1.0, MOST_TIMES
    while high / low > 1.01:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high


def _smallest_effect(noise: Noise, level: float, power: float) -> float:
    """What is seen with the wanted power, to a thousandth of itself."""
    if noise.variance == 0:
        return 0.0
    low, high = 0.0, noise.sd
    while chance_to_see(high, noise, level) < power:
        low, high = high, 2 * high
    while high - low > 1e-3 * high:
        middle = (low + high) / 2
        low, high = (
            (low, middle) if chance_to_see(middle, noise, level) >= power else (middle, high)
        )
    return high
