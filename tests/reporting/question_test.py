"""Questions and answers in words."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tango_ie.reporting import compare
from tango_ie.reporting.question import answer, question
from tango_ie.reporting.variant import Variant

from .conftest import make_scores


def variants(**recalls: float) -> tuple[Variant, ...]:
    """One variant per recall of gold, two seeds each."""
    scores = {
        name: [make_scores(recall, seed) for seed in (1, 2)] for name, recall in recalls.items()
    }
    return compare(scores, resamples=200).variants


def test_one_variant() -> None:
    (alone,) = variants(softmax=0.7)
    assert question([alone]) == "How good is softmax?"
    assert answer([alone]).startswith("softmax has 7")
    assert answer([alone]).endswith("F1 over 2 seeds.")


def test_the_users_own_words() -> None:
    assert question(variants(a=0.7, b=0.8), "Is 100 % enough?") == "Is 100 % enough?"


@pytest.mark.parametrize(
    ("recall", "said"),
    [
        (0.95, r"Yes: crf scores [\d.]+ points of F1 higher than softmax\."),
        (0.3, r"No: crf scores [\d.]+ points of F1 lower than softmax\."),
        (0.705, r"Not shown: crf cannot be told apart from softmax\."),
    ],
)
def test_two_variants(recall: float, said: str) -> None:
    both = variants(softmax=0.7, crf=recall)
    assert question(both) == "Does crf help over softmax?"
    assert re.fullmatch(said, answer(both))


def test_the_same_models_under_two_names() -> None:
    scores = [make_scores(0.7, seed) for seed in (1, 2)]
    both = compare({"a": scores, "b": scores}, resamples=100).variants
    assert answer(both) == "No: b and a score the same."


def test_one_seed_of_each_speaks_for_itself_alone() -> None:
    scores = {"a": [make_scores(0.5)], "b": [make_scores(0.95)], "c": [make_scores(0.94)]}
    two = compare({name: scores[name] for name in "ab"}, resamples=100).variants
    assert answer(two).startswith("For the models at hand yes: that of b scores")
    assert answer(two).endswith("one seed of each says nothing of other seeds.")
    three = compare(scores, resamples=100).variants
    assert answer(three) == (
        "2 of 2 score higher than a (b and c). Where there is one seed of each, that is said of "
        "the models at hand alone."
    )


def test_many_variants() -> None:
    several = variants(base=0.7, worse=0.3, same=0.705, better=0.95, best=0.99)
    assert question(several) == "Which of worse, same, better and best is better than base?"
    assert answer(several) == (
        "2 of 4 score higher than base (better and best); 1 scores lower (worse); 1 cannot be told "
        "apart from it (same)."
    )
    assert answer([several[0], several[2], several[2]]) == (
        "None of 2 variants can be told apart from base."
    )
    assert answer([*several[:3], several[1]]) == (
        "None of 3 scores higher than base; 2 score lower (worse and worse); 1 cannot be told "
        "apart from it (same)."
    )


def test_long_names_and_many_are_not_listed() -> None:
    first, second, *_ = variants(a=0.7, b=0.95)
    long = [replace(second, name=f"dropout=0.{number}, head=softmax") for number in range(3)]
    base = replace(first, name="dropout=0.3, head=softmax, scheme=iob2")
    assert question([base, *long]) == "Which of 3 variants is better than the baseline?"
    assert answer([base, *long]) == "3 of 3 score higher than the baseline."
    short = [replace(second, name=str(number)) for number in range(9)]
    assert question([first, *short]) == "Which of 9 variants is better than a?"
