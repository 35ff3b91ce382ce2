"""The question that a report answers, and the answer over all its variants, in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tango_ie.metrics.verdict import points
from tango_ie.reporting import wording
from tango_ie.reporting.fold_averages import num_folds

if TYPE_CHECKING:
    from tango_ie.reporting.variant import Variant

_MOST_NAMES = 6
_MOST_LETTERS = 60  # of the names in a sentence
_LONG = 32  # letters of a name that is not repeated everywhere


def question(variants: Sequence[Variant], own: str | None = None) -> str:
    """What is asked.

    Args:
        variants: baseline first.
        own: the user's words for it, which are taken as they are.
    """
    if own:
        return own
    first, *others = [variant.name for variant in variants]
    if not others:
        return f"How good is {first}?"
    baseline = baseline_name(first)
    if len(others) == 1:
        return f"Does {others[0]} help over {baseline}?"
    which = wording.listed(others) if _are_short(others) else f"{len(others)} variants"
    return f"Which of {which} is better than {baseline}?"


def baseline_name(name: str) -> str:
    """The name of the baseline where it is short.

    >>> baseline_name("softmax"), baseline_name("dropout=0.1, head=softmax, scheme=iob2")
    ('softmax', 'the baseline')
    """
    return name if len(name) <= _LONG else "the baseline"


def answer(variants: Sequence[Variant], metric: str = "F1") -> str:
    """One sentence over all variants, by p-values that are corrected for their number.

    Args:
        variants: baseline first.
        metric: name of the score, as after a number.
    """
    baseline, *others = variants
    if not others:
        number = wording.number_of(len(baseline.runs), "seed")
        return f"{baseline.name} has {wording.mean_sd(baseline.f1)} {metric} over {number}."
    if len(others) == 1:
        return _of_one(others[0], baseline_name(baseline.name), metric)
    return _of_many(others, baseline_name(baseline.name))


def _of_one(variant: Variant, baseline: str, metric: str) -> str:
    found = variant.difference
    if found is not None and found.difference == 0 and found.noise.variance == 0:
        return f"No: {variant.name} and {baseline} score the same."
    if found is None or not found.significant:
        return f"Not shown: {variant.name} cannot be told apart from {baseline}."
    size = f"{points(abs(found.difference)).lstrip('+')} points of {metric}"
    higher = found.difference > 0
    way = "higher" if higher else "lower"
    if not found.covers_seeds:
        one = num_folds([variant]) is None
        that, scores = ("that", "scores") if one else ("those", "score")
        return (
            f"For the models at hand {'yes' if higher else 'no'}: {that} of {variant.name} "
            f"{scores} {size} {way} than {that} of {baseline}; one seed of each says nothing of "
            "other seeds."
        )
    return f"{'Yes' if higher else 'No'}: {variant.name} scores {size} {way} than {baseline}."


def _of_many(others: Sequence[Variant], baseline: str) -> str:
    higher: list[str] = []
    lower: list[str] = []
    open_: list[str] = []
    for variant in others:
        found = variant.difference
        if found is None or not found.significant:
            open_.append(variant.name)
        else:
            (higher if found.difference > 0 else lower).append(variant.name)
    number = len(others)
    alone = [item.difference for item in others if item.difference is not None]
    limit = (
        ""
        if all(item.covers_seeds for item in alone)
        else " Where there is one seed of each, that is said of the models at hand alone."
    )
    if not higher and not lower:
        return f"None of {number} variants can be told apart from {baseline}.{limit}"
    parts = [
        f"{len(higher)} of {number} {_score(higher)} higher than {baseline}{_named(higher)}"
        if higher
        else f"none of {number} scores higher than {baseline}"
    ]
    if lower:
        parts.append(f"{len(lower)} {_score(lower)} lower{_named(lower)}")
    if open_:
        parts.append(f"{len(open_)} cannot be told apart from it{_named(open_)}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}.{limit}"


def _score(names: Sequence[str]) -> str:
    return "scores" if len(names) == 1 else "score"


def _named(names: Sequence[str]) -> str:
    return f" ({wording.listed(names)})" if _are_short(names) else ""


def _are_short(names: Sequence[str]) -> bool:
    """Whether names can be told one after the other in a sentence."""
    return len(names) <= _MOST_NAMES and sum(map(len, names)) <= _MOST_LETTERS
