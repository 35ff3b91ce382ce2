"""The MUC scheme: by hand, its laws, and where a scorer that does not pair one to one differs."""

from __future__ import annotations

import pytest
from hypothesis import given

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity
from tango_ie.metrics.counts import Counts, total
from tango_ie.metrics.entity_rules import count_boundaries, count_strict
from tango_ie.metrics.semeval import (
    SCHEMES,
    Outcomes,
    Scheme,
    count_outcomes,
    count_semeval,
    semeval_rule,
)
from tests.metrics.drawn_annotations import entities

Entities = list[Entity]
Four = dict[Scheme, Outcomes]


def outcomes(gold: Entities, predicted: Entities, scheme: Scheme) -> Outcomes:
    return sum(count_outcomes(gold, predicted, scheme).values(), Outcomes())


def all_outcomes(gold: Entities, predicted: Entities) -> Four:
    return {scheme: outcomes(gold, predicted, scheme) for scheme in SCHEMES}


def four(strict: Outcomes, exact: Outcomes, partial: Outcomes, ent_type: Outcomes) -> Four:
    return {"strict": strict, "exact": exact, "partial": partial, "ent_type": ent_type}


COR, INC, PAR, MIS, SPU = (Outcomes(**{name: 1}) for name in ("cor", "inc", "par", "mis", "spu"))


@pytest.mark.parametrize(
    ("gold", "predicted", "expected"),
    [
        pytest.param([], [], four(*[Outcomes()] * 4), id="both empty"),
        pytest.param([], [Entity("A", 0, 1)], four(*[SPU] * 4), id="empty gold"),
        pytest.param([Entity("A", 0, 1)], [], four(*[MIS] * 4), id="empty prediction"),
        pytest.param([Entity("A", 0, 2)], [Entity("A", 0, 2)], four(*[COR] * 4), id="equal"),
        pytest.param(
            [Entity("A", 0, 2)], [Entity("B", 0, 2)], four(INC, COR, COR, INC), id="other type"
        ),
        pytest.param(
            [Entity("A", 0, 2)], [Entity("A", 1, 3)], four(INC, INC, PAR, COR), id="overlap"
        ),
        pytest.param(
            [Entity("A", 0, 2)],
            [Entity("B", 1, 3)],
            four(INC, INC, PAR, INC),
            id="overlap and other type",
        ),
        pytest.param(
            [Entity("A", 0, 2)], [Entity("A", 2, 3)], four(*[MIS + SPU] * 4), id="touching"
        ),
        pytest.param(
            [Entity("A", 0, 3)],
            [Entity("A", 0, 1), Entity("A", 2, 3)],
            four(INC + SPU, INC + SPU, PAR + SPU, COR + SPU),
            id="torn apart: one half has no partner",
        ),
        pytest.param(
            [Entity("A", 0, 1), Entity("A", 2, 3)],
            [Entity("A", 0, 3)],
            four(INC + MIS, INC + MIS, PAR + MIS, COR + MIS),
            id="joined",
        ),
        pytest.param(
            [Entity("A", 0, 2), Entity("A", 0, 2)],
            [Entity("A", 0, 2)] * 3,
            four(*[COR] * 4),
            id="duplicates count once",
        ),
        pytest.param(
            [Entity("A", 0, 4), Entity("B", 1, 2)],
            [Entity("B", 0, 4), Entity("B", 1, 2)],
            four(COR + INC, COR + COR, COR + COR, COR + INC),
            id="nested",
        ),
        pytest.param(
            [Entity("A", 0, 2), Entity("B", 0, 2)],
            [Entity("B", 0, 2), Entity("C", 0, 2)],
            four(COR + INC, COR + COR, COR + COR, COR + INC),
            id="two labels on one span",
        ),
        pytest.param(
            # The equal pair leaves the others without partners, and two overlaps are worth more.
            [Entity("A", 2, 4), Entity("A", 0, 3)],
            [Entity("A", 2, 4), Entity("A", 3, 6)],
            four(COR + MIS + SPU, COR + MIS + SPU, COR + MIS + SPU, COR + COR),
            id="each scheme has its own pairs",
        ),
        pytest.param(
            # Two halves are worth as much as one whole, which is taken.
            [Entity("A", 0, 1), Entity("A", 0, 2)],
            [Entity("B", 0, 2), Entity("A", 1, 2)],
            four(INC + INC, COR + MIS + SPU, COR + MIS + SPU, COR + INC),
            id="one whole before two halves",
        ),
    ],
)
def test_by_hand(gold: Entities, predicted: Entities, expected: Four) -> None:
    assert all_outcomes(gold, predicted) == expected


def test_labels_by_hand() -> None:
    gold = [Entity("A", 0, 2), Entity("B", 3, 5)]
    predicted = [Entity("C", 0, 2), Entity("B", 4, 6), Entity("C", 7, 8)]
    assert count_outcomes(gold, predicted, "partial") == {
        "A": Outcomes(cor=1),
        "B": Outcomes(par=1),
        "C": Outcomes(spu=1),
    }
    assert count_semeval(gold, predicted, "partial") == {
        "A": Counts(tp=2),
        "B": Counts(tp=1, fp=1, fn=1),
        "C": Counts(fp=2),
    }
    assert count_semeval(gold, predicted, "ent_type") == {
        "A": Counts(fn=1),
        "B": Counts(tp=1),
        "C": Counts(fp=2),
    }


def test_ratios_by_hand() -> None:
    found = Outcomes(cor=3, inc=1, par=2, mis=2, spu=4)
    assert (found.possible, found.actual) == (8, 10)
    assert found.ratios == pytest.approx((0.4, 0.5, 2 * 4 / 18))
    with pytest.raises(TypeError):
        found + 1  # type: ignore[operator]


def test_unknown_scheme() -> None:
    with pytest.raises(ConfigurationError, match="found 'type'"):
        count_outcomes([], [], "type")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="found 'type'"):
        semeval_rule("type")  # type: ignore[arg-type]


@given(entities, entities)
def test_laws(gold: Entities, predicted: Entities) -> None:
    found = all_outcomes(gold, predicted)
    for scheme, outcome in found.items():
        assert outcome.possible == len({*gold})
        assert outcome.actual == len({*predicted})
        counts = total(count_semeval(gold, predicted, scheme).values())
        assert counts.ratios == pytest.approx(outcome.ratios)
        assert outcome.par == 0 or scheme == "partial"
        unit = semeval_rule(scheme).unit
        assert counts.gold == unit * outcome.possible
    assert count_semeval(gold, predicted, "strict") == count_strict(gold, predicted)
    assert found["strict"].cor <= min(found["exact"].cor, found["ent_type"].cor)
    assert found["exact"].cor == found["partial"].cor
    # A span counts once there, however many labels it has.
    assert total(count_boundaries(gold, predicted).values()).tp <= found["exact"].cor


def nervaluate(gold: Entities, predicted: Entities) -> Four:
    """How nervaluate counts, after its description: one prediction after the other, as they come.

    A prediction that is in gold is correct. Any other is held against the first gold entity that
    it shares a word with, whether or not that has been used; gold entities that no prediction has
    used are missed.
    """
    found = four(*[Outcomes()] * 4)

    def add(*each: Outcomes) -> None:
        for scheme, outcome in zip(SCHEMES, each, strict=True):
            found[scheme] += outcome

    used = []
    for item in predicted:
        if item in gold:
            used.append(item)
            add(COR, COR, COR, COR)
            continue
        for wanted in gold:
            if (item.start, item.end) == (wanted.start, wanted.end):
                used.append(wanted)
                add(INC, COR, COR, INC)
                break
            if item.start < wanted.end and wanted.start < item.end:
                used.append(wanted)
                add(INC, INC, PAR, COR if item.label == wanted.label else INC)
                break
        else:
            add(SPU, SPU, SPU, SPU)
    for wanted in gold:
        if wanted not in used:
            add(MIS, MIS, MIS, MIS)
    return found


def has_rivals(gold: Entities, predicted: Entities) -> bool:
    """Whether an entity shares words with two of the other side."""

    def touches(one: Entity, others: Entities) -> int:
        return sum(one.start < other.end and other.start < one.end for other in others)

    return any(touches(one, predicted) > 1 for one in gold) or any(
        touches(one, gold) > 1 for one in predicted
    )


@given(entities, entities)
def test_equal_to_nervaluate_where_nobody_has_a_choice(gold: Entities, predicted: Entities) -> None:
    gold, predicted = [*{*gold}], [*{*predicted}]
    theirs = nervaluate(gold, predicted)
    if not has_rivals(gold, predicted):
        assert all_outcomes(gold, predicted) == theirs
    # There is no choice about these, whatever else there is.
    assert outcomes(gold, predicted, "strict").cor == theirs["strict"].cor
    for scheme in SCHEMES:
        assert outcomes(gold, predicted, scheme).actual == theirs[scheme].actual


def test_nervaluate_uses_a_gold_entity_twice() -> None:
    # Both halves get credit for one entity, and "possible" is 2 where gold has 1.
    gold, halves = [Entity("A", 0, 3)], [Entity("A", 0, 1), Entity("A", 2, 3)]
    theirs = nervaluate(gold, halves)
    assert theirs["partial"] == PAR + PAR
    assert theirs["ent_type"] == COR + COR
    assert theirs["ent_type"].possible == 2
    assert outcomes(gold, halves, "partial") == PAR + SPU
    assert outcomes(gold, halves, "ent_type") == COR + SPU


def test_nervaluate_takes_the_first_gold_entity_that_it_meets() -> None:
    # The prediction is A and an A is there, but a B comes first; with gold turned round it is COR.
    gold, predicted = [Entity("B", 0, 2), Entity("A", 2, 4)], [Entity("A", 1, 4)]
    assert nervaluate(gold, predicted)["ent_type"] == INC + MIS
    assert nervaluate(gold[::-1], predicted)["ent_type"] == COR + MIS
    assert outcomes(gold, predicted, "ent_type") == COR + MIS
    assert outcomes(gold[::-1], predicted, "ent_type") == COR + MIS


def test_nervaluate_misses_a_pair_that_is_there() -> None:
    # Both predictions go to the first gold entity, though the longer one also meets the second.
    gold = [Entity("A", 0, 2), Entity("A", 3, 5)]
    predicted = [Entity("A", 0, 1), Entity("A", 1, 4)]
    assert nervaluate(gold, predicted)["partial"] == PAR + PAR + MIS
    assert outcomes(gold, predicted, "partial") == PAR + PAR


def test_nervaluate_overlooks_an_exact_span_behind_another() -> None:
    # Nested gold: the outer one stands first, so the span of the inner one is not looked at.
    gold, predicted = [Entity("A", 0, 4), Entity("B", 1, 2)], [Entity("C", 1, 2)]
    assert nervaluate(gold, predicted)["exact"] == INC + MIS
    assert outcomes(gold, predicted, "exact") == COR + MIS


def test_nervaluate_counts_duplicates() -> None:
    gold, predicted = [Entity("A", 0, 1)], [Entity("A", 0, 1)] * 2
    assert nervaluate(gold, predicted)["strict"] == COR + COR
    assert outcomes(gold, predicted, "strict") == COR
