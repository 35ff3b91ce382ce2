"""The MUC scheme of SemEval-2013 task 9: correct, incorrect, partial, missed and spurious entities.

Source: Chinchor and Sundheim (1993) for the five outcomes, Segura-Bedmar et al. (2013) for the four
ways of applying them. Scorers differ in how they pair predictions with gold; we pair one to one so
that the credit is the highest, separately for each of the four, see
:mod:`tango_ie.metrics.overlap_alignment`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts, Ratios
from tango_ie.metrics.overlap_alignment import Alignment, align
from tango_ie.metrics.rule import Rule

Scheme = Literal["strict", "exact", "partial", "ent_type"]
SCHEMES: tuple[Scheme, ...] = get_args(Scheme)


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How many entities there are of each outcome; they add, over sentences and corpora.

    Args:
        cor: pairs that agree, as far as the scheme looks.
        inc: pairs that do not.
        par: pairs that agree by half; the scheme ``partial`` has them in place of incorrect ones.
        mis: gold entities without a partner.
        spu: predicted entities without a partner.

    >>> outcomes = Outcomes(cor=2, par=1, mis=1)
    >>> outcomes.possible, outcomes.actual, outcomes.ratios.precision
    (4, 3, 0.8333333333333334)
    """

    cor: int = 0
    inc: int = 0
    par: int = 0
    mis: int = 0
    spu: int = 0

    def __add__(self, other: Outcomes) -> Outcomes:
        if not isinstance(other, Outcomes):
            return NotImplemented
        return Outcomes(
            self.cor + other.cor,
            self.inc + other.inc,
            self.par + other.par,
            self.mis + other.mis,
            self.spu + other.spu,
        )

    @property
    def possible(self) -> int:
        """Number of gold entities."""
        return self.cor + self.inc + self.par + self.mis

    @property
    def actual(self) -> int:
        """Number of predicted entities."""
        return self.cor + self.inc + self.par + self.spu

    @property
    def halves(self) -> Counts:
        """As counts in halves of entities: 2 for correct, 1 for partial."""
        right = 2 * self.cor + self.par
        return Counts(right, 2 * self.actual - right, 2 * self.possible - right)

    @property
    def ratios(self) -> Ratios:
        """Precision, recall and F1, where a partial match is worth one half."""
        return self.halves.ratios


def count_outcomes(
    gold: Iterable[Entity], predicted: Iterable[Entity], scheme: Scheme
) -> dict[str, Outcomes]:
    """Outcomes of one sentence, by gold's label, and for spurious entities by their own.

    Of entities that are given twice only one counts.

    Raises:
        ConfigurationError: there is no such scheme.

    >>> count_outcomes([Entity("PER", 0, 2)], [Entity("PER", 0, 1)], "partial")
    {'PER': Outcomes(cor=0, inc=0, par=1, mis=0, spu=0)}
    """
    matched = _align(gold, predicted, scheme)
    of_pair, full = CREDITS[scheme], _FULL[scheme]
    sums: dict[str, Outcomes] = {}

    def add(label: str, outcome: Outcomes) -> None:
        sums[label] = sums.get(label, Outcomes()) + outcome

    for one, other in matched.pairs:
        credit = of_pair(one, other)
        add(one.label, _COR if credit == full else _PAR if credit else _INC)
    for entity in matched.missed:
        add(entity.label, _MIS)
    for entity in matched.spurious:
        add(entity.label, _SPU)
    return dict(sorted(sums.items()))


def count_semeval(
    gold: Iterable[Entity], predicted: Iterable[Entity], scheme: Scheme
) -> dict[str, Counts]:
    """Counts of one sentence; in halves of entities where the scheme is ``partial``.

    What a pair is worth is put down to gold's label as found. What it lacks is missed for gold's
    label and invented for the predicted one, so that by the scheme ``strict`` the counts are those
    of the strict rule, label by label.

    Raises:
        ConfigurationError: there is no such scheme.

    >>> count_semeval([Entity("PER", 0, 2)], [Entity("PER", 0, 1)], "partial")
    {'PER': Counts(tp=1, fp=1, fn=1)}
    """
    matched = _align(gold, predicted, scheme)
    of_pair, full = CREDITS[scheme], _FULL[scheme]
    sums: dict[str, list[int]] = {}
    for one, other in matched.pairs:
        credit = of_pair(one, other)
        of_gold = sums.setdefault(one.label, [0, 0, 0])
        of_gold[0] += credit
        if credit < full:
            of_gold[2] += full - credit
            sums.setdefault(other.label, [0, 0, 0])[1] += full - credit
    for entity in matched.missed:
        sums.setdefault(entity.label, [0, 0, 0])[2] += full
    for entity in matched.spurious:
        sums.setdefault(entity.label, [0, 0, 0])[1] += full
    return {label: Counts(*sums[label]) for label in sorted(sums)}


def semeval_rule(scheme: Scheme) -> Rule:
    """The rule of one scheme.

    Raises:
        ConfigurationError: there is no such scheme.
    """
    _check(scheme)

    def count(gold: Sentence, predicted: Annotations) -> dict[str, Counts]:
        return count_semeval(gold.entities, predicted.entities, scheme)

    sentence = (
        "gold and predicted entities that share a word are paired one to one for the highest "
        f"credit, and a pair counts as found {_WORDS[scheme]}"
    )
    return Rule(f"SemEval {scheme}", sentence, count, unit=_FULL[scheme])


def _align(gold: Iterable[Entity], predicted: Iterable[Entity], scheme: Scheme) -> Alignment:
    _check(scheme)
    # By type alone two overlapping pairs may be worth more than one of equal entities.
    return align(gold, predicted, CREDITS[scheme], equal_first=scheme != "ent_type")


def _check(scheme: str) -> None:
    if scheme not in SCHEMES:
        raise ConfigurationError(
            f"expected one of {', '.join(SCHEMES)}, found {scheme!r}", "scheme"
        )


def _same_span(one: Entity, other: Entity) -> bool:
    return one.start == other.start and one.end == other.end


CREDITS: dict[Scheme, Callable[[Entity, Entity], int]] = {
    "strict": lambda one, other: int(one == other),
    "exact": lambda one, other: int(_same_span(one, other)),
    "partial": lambda one, other: 1 + _same_span(one, other),
    "ent_type": lambda one, other: int(one.label == other.label),
}
_FULL: dict[Scheme, int] = {"strict": 1, "exact": 1, "partial": 2, "ent_type": 1}
_WORDS: dict[Scheme, str] = {
    "strict": "when label and both boundaries are equal",
    "exact": "when both boundaries are equal, whatever the labels",
    "partial": "when both boundaries are equal, and as half found otherwise, whatever the labels",
    "ent_type": "when the labels are equal, whatever the boundaries",
}
_COR, _INC, _PAR = Outcomes(cor=1), Outcomes(inc=1), Outcomes(par=1)
_MIS, _SPU = Outcomes(mis=1), Outcomes(spu=1)
