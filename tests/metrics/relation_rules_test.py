"""Rules for relations: by hand, and against SpERT's way of counting."""

from __future__ import annotations

import pytest
from hypothesis import given

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.metrics.counts import Counts, macro, total
from tango_ie.metrics.relation_rules import ENDS, Ends, relation_rule, triples
from tests.metrics.drawn_sentences import compared_sentences, split
from tests.metrics.spert_scorer import relation_tuples, spert_scores

WORDS = ("Ada", "Byron", "of", "London", "met", "Ada", "May", "of", "Greater", "London")
#          0      1       2      3        4      5      6     7       8         9
ADA, MAY = Entity("PER", 0, 2), Entity("PER", 5, 7)
LONDON, GREATER = Entity("LOC", 3, 4), Entity("LOC", 8, 10)
GOLD = Sentence(WORDS, (ADA, LONDON), (Relation("from", 0, 1),))


def found(head: Entity, tail: Entity, label: str = "from") -> Annotations:
    return Annotations((head, tail), (Relation(label, 0, 1),))


RIGHT = {"from": Counts(tp=1)}
WRONG = {"from": Counts(fp=1, fn=1)}


@pytest.mark.parametrize(
    ("predicted", "right"),
    [
        pytest.param(found(ADA, LONDON), ENDS, id="equal"),
        pytest.param(found(LONDON, ADA), (), id="direction"),
        pytest.param(
            found(Entity("ORG", 0, 2), LONDON),
            [ends for ends in ENDS if ends != "strict"],
            id="type",
        ),
        pytest.param(
            found(Entity("PER", 0, 1), LONDON), ["first word", "first-word strings"], id="end"
        ),
        pytest.param(
            found(Entity("PER", 1, 2), LONDON), ["last word", "last-word strings"], id="beginning"
        ),
        pytest.param(
            found(ADA, Entity("LOC", 9, 10)),
            ["exact strings", "first-word strings", "last-word strings"],
            id="another place of the same word",
        ),
        pytest.param(found(MAY, LONDON), ["first-word strings"], id="other name, same first word"),
        pytest.param(found(ADA, GREATER), ["last-word strings"], id="other name, same last word"),
    ],
)
def test_by_hand(predicted: Annotations, right: list[Ends]) -> None:
    for ends in ENDS:
        expected = RIGHT if ends in right else WRONG
        assert relation_rule(ends).count(GOLD, predicted) == expected, ends


def test_labels() -> None:
    counts = relation_rule().count(GOLD, found(ADA, LONDON, "in"))
    assert counts == {"from": Counts(fn=1), "in": Counts(fp=1)}
    assert relation_rule().count(GOLD, Annotations()) == {"from": Counts(fn=1)}
    assert relation_rule().count(Sentence(WORDS), found(ADA, LONDON)) == {"from": Counts(fp=1)}
    assert relation_rule().count(Sentence(WORDS), Annotations()) == {}


@pytest.mark.parametrize("ends", ENDS)
def test_labels_without_direction(ends: Ends) -> None:
    assert relation_rule(ends, ["from"]).count(GOLD, found(LONDON, ADA)) == RIGHT
    assert relation_rule(ends, ["other"]).count(GOLD, found(LONDON, ADA)) == WRONG
    assert relation_rule(ends, ["b", "a"]).sentence.endswith("(without direction: a, b)")


def test_ends_are_ordered_after_they_are_reduced() -> None:
    # The outer entity begins first and ends last; with the shorter prediction it begins last.
    outer, inner, tail_of_outer = Entity("A", 0, 5), Entity("A", 2, 3), Entity("A", 3, 5)
    gold = Sentence(WORDS, (outer, inner), (Relation("near", 0, 1),))
    predicted = found(tail_of_outer, inner, "near")
    assert relation_rule("last word", ["near"]).count(gold, predicted) == {"near": Counts(tp=1)}


def test_what_falls_together_counts_once() -> None:
    longer = Entity("LOC", 3, 6)
    gold = Sentence(WORDS, (ADA, LONDON, longer), (Relation("from", 0, 1), Relation("from", 0, 2)))
    both = found(ADA, LONDON)
    assert relation_rule().count(gold, both) == {"from": Counts(tp=1, fn=1)}
    assert relation_rule("first word").count(gold, both) == RIGHT
    place = Annotations((ADA, LONDON, Entity("LOC", 9, 10)), gold.relations)
    assert relation_rule("exact strings").count(GOLD, place) == RIGHT
    assert relation_rule("boundaries").count(GOLD, place) == {"from": Counts(tp=1, fp=1)}


def test_broken_relations_and_unknown_rules() -> None:
    with pytest.raises(DataError, match="points outside the 0 entities"):
        triples(WORDS, Annotations(relations=(Relation("from", 0, 1),)))
    for use in (lambda: relation_rule("head"), lambda: triples(WORDS, GOLD, "head")):  # type: ignore[arg-type]
        with pytest.raises(ConfigurationError, match="found 'head'"):
            use()


def test_one_label_is_no_list() -> None:
    with pytest.raises(ConfigurationError, match="expected a list of labels, found 'from'"):
        relation_rule("strict", "from")


@pytest.mark.parametrize(("ends", "typed"), [("strict", True), ("boundaries", False)])
@pytest.mark.parametrize("symmetric", ["", "AB"])
@given(pairs=compared_sentences)
def test_equal_to_spert(
    ends: Ends, typed: bool, symmetric: str, pairs: list[tuple[Sentence, Annotations]]
) -> None:
    gold, predicted = split(pairs)
    if symmetric and any(begins_alike(sentence) for sentence in (*gold, *predicted)):
        return  # see below
    counts = relation_rule(ends, list(symmetric)).table(gold, predicted).per_label
    theirs = spert_scores(
        *([relation_tuples(each, typed, symmetric) for each in side] for side in (gold, predicted))
    )
    if not theirs:
        assert counts == {}
        return
    assert total(counts.values()).ratios == pytest.approx(theirs.pop("micro"))
    assert macro(list(counts.values())) == pytest.approx(theirs.pop("macro"))
    assert {*counts} == {*theirs}
    for label, row in theirs.items():
        assert counts[label].ratios == pytest.approx(row)


def begins_alike(annotations: Annotations | Sentence) -> bool:
    """Whether a relation joins two different entities that begin at one word."""
    ends = [
        (annotations.entities[relation.head], annotations.entities[relation.tail])
        for relation in annotations.relations
    ]
    return any(head.start == tail.start and head != tail for head, tail in ends)


def test_spert_does_not_turn_relations_of_entities_that_begin_alike() -> None:
    # It orders the ends of a symmetric relation by their first words alone. Where these are equal,
    # a relation and the same turned round stay two different ones, and a right one may be wrong.
    inner, outer = Entity("A", 0, 1), Entity("A", 0, 2)
    gold = Sentence(WORDS, (inner, outer), (Relation("near", 0, 1),))
    turned = found(outer, inner, "near")
    theirs = [relation_tuples(each, True, "near") for each in (gold, turned)]
    scores = spert_scores(theirs[:1], theirs[1:])
    assert scores["micro"] == (0, 0, 0)
    assert relation_rule("strict", ["near"]).count(gold, turned) == {"near": Counts(tp=1)}
