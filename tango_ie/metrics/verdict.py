"""What a comparison found, in one sentence with all its figures."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tango_ie.metrics.difference import Difference
from tango_ie.metrics.power import MOST_SEEDS, Plan, plan

UNDECIDED = "not distinguishable from zero"


@dataclass(frozen=True)
class Verdict:
    """A difference, what it would take to see it, and the names to say so.

    Args:
        variant, baseline: names.
        metric: name of the score, as after a number.
        found: the difference.
        plan: for an effect of the size found.
    """

    variant: str
    baseline: str
    metric: str
    found: Difference
    plan: Plan

    def __str__(self) -> str:
        return f"{self.figures}: {self.finding}"

    @property
    def figures(self) -> str:
        """Names, difference, interval and seeds."""
        found = self.found
        alone = "" if found.covers_seeds else f" over test {_units(found)} alone"
        return (
            f"{self.variant} − {self.baseline} = {points(found.difference)} {self.metric}, "
            f"{100 * found.confidence:g} % interval [{points(found.low)}, {points(found.high)}]"
            f"{alone}, {_seeds(found)}"
        )

    @property
    def finding(self) -> str:
        """Whether there is a difference, and what it would take to see it."""
        parts = [self._decision()]
        if not self.found.covers_seeds:
            parts.append(
                "what other seeds would give is not known from one seed of each; train at least 3"
            )
        elif not self.found.significant:
            parts.extend(self._advice())
        if self.found.borrows_noise:
            one = self.variant if self.found.variant_seeds == 1 else self.baseline
            parts.append(f"the one seed of {one} is taken to be as noisy as those of the other")
        return "; ".join(parts)

    def _decision(self) -> str:
        found = self.found
        if found.difference == 0 and found.noise.variance == 0:
            return "no difference at all"
        many = found.comparisons > 1
        if found.significant:
            way = "higher" if found.difference > 0 else "lower"
            corrected = f" after correction for {found.comparisons} comparisons" if many else ""
            who = self.variant if found.covers_seeds else f"this one model of {self.variant}"
            return f"{who} scores {way} ({_p_value(found.p_adjusted)}{corrected})"
        if many and found.p_value < 1 - found.confidence:
            return (
                f"{UNDECIDED} after correction for {found.comparisons} comparisons "
                f"({_p_value(found.p_value)} alone, {_p_value(found.p_adjusted)} among them)"
            )
        return UNDECIDED

    def _advice(self) -> list[str]:
        """What would be needed, where that is known and more than is at hand."""
        needs, found = self.plan, self.found
        most = max(found.baseline_seeds, found.variant_seeds)
        if needs.effect == 0 or needs.present_power >= needs.power:
            return []
        if needs.seeds is not None:
            # With more of the one variant than of the other the smaller number may do.
            if needs.seeds <= min(found.baseline_seeds, found.variant_seeds):
                return []
            return [f"about {needs.seeds} seeds would be needed to see an effect of this size"]
        too_small = (
            f"no number of seeds would show an effect of this size on {found.sentences:,} test "
            "sentences"
        )
        if needs.sentences is not None:
            number = about(needs.sentences)
            return [f"{too_small}; about {number} would be needed ({_number(most, 'seed')})"]
        if needs.both is not None and needs.both[0] < MOST_SEEDS:
            seeds, sentences = needs.both
            return [
                f"{too_small}; about {about(sentences)} of them and {seeds} seeds would be needed"
            ]
        return [f"{too_small}; it is too small to be worth looking for"]

    def to_json(self) -> dict[str, Any]:
        """JSON-able form, the sentence included for readers; :meth:`from_json` reads it."""
        return {**asdict(self), "words": str(self)}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Verdict:
        """The inverse of :meth:`to_json`."""
        both = value["plan"]["both"]
        return cls(
            value["variant"],
            value["baseline"],
            value["metric"],
            Difference.from_json(value["found"]),
            Plan(**{**value["plan"], "both": None if both is None else tuple(both)}),
        )


def judge(variant: str, baseline: str, found: Difference, metric: str = "F1") -> Verdict:
    """The verdict on one comparison.

    The plan is made at the level that the comparison alone has (5 % for 95 % intervals), with a
    power of 80 %.
    """
    return Verdict(variant, baseline, metric, found, plan(found))


def points(value: float) -> str:
    """A difference in points with its sign, and a true minus.

    >>> points(0.0031), points(-0.001), points(-0.000001)
    ('+0.31', '−0.10', '0.00')
    """
    rounded = round(100 * value, 2)
    return "0.00" if rounded == 0 else f"{rounded:+.2f}".replace("-", "−")


def about(number: int) -> str:
    """Two digits of a rough number; more would claim what is not known.

    >>> about(12345), about(960), about(7)
    ('12,000', '960', '7')
    """
    if number < 100:
        return str(number)
    digits = math.floor(math.log10(number)) - 1
    return f"{round(number, -digits):,}"


def _p_value(value: float) -> str:
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def _units(found: Difference) -> str:
    return "documents" if found.by_document else "sentences"


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _seeds(found: Difference) -> str:
    if found.baseline_seeds == found.variant_seeds:
        return _number(found.variant_seeds, "seed")
    return f"{_number(found.variant_seeds, 'seed')} against {found.baseline_seeds}"
