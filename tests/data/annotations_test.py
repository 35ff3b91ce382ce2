from __future__ import annotations

import dataclasses
import pickle
import re
from typing import Any

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence

WORDS = ("Ada", "Lovelace", "met", "Babbage")
ENTITIES = (Entity("PER", 0, 2), Entity("PER", 3, 4))


def test_sentence_keeps_nested_and_equal_spans() -> None:
    entities = (Entity("PER", 0, 2), Entity("GIVEN", 0, 1), Entity("NAME", 0, 2))
    assert Sentence(WORDS, entities).entities == entities


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entities": (Entity("PER", 2, 5),)}, "entity PER [2, 5) lies outside a sentence of 4"),
        ({"entities": (Entity("PER", 2, 2),)}, "entity PER [2, 2) lies outside"),
        ({"entities": (Entity("PER", -1, 2),)}, "entity PER [-1, 2) lies outside"),
        (
            {"entities": ENTITIES, "relations": (Relation("met", 0, 2),)},
            "relation met (0 → 2) points outside the 2 entities",
        ),
        (
            {"entities": ENTITIES, "relations": (Relation("met", -1, 0),)},
            "relation met (-1 → 0) points outside",
        ),
        ({"tags": {"pos": ("NNP",)}}, "layer 'pos' has 1 tags for 4 words"),
        ({"offsets": ((0, 3),)}, "1 character offsets for 4 words"),
    ],
)
def test_annotations_that_do_not_fit_are_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)) as caught:
        Sentence(WORDS, **arguments)
    assert "Ada Lovelace met Babbage" in str(caught.value)


def test_error_shows_only_the_beginning_of_a_long_sentence() -> None:
    with pytest.raises(DataError, match=r"w0 .* w11 …$"):
        Sentence(tuple(f"w{number}" for number in range(2000)), (Entity("PER", 0, 2001),))


def test_scores_take_no_part_in_equality_and_hashing() -> None:
    scored, gold = Entity("PER", 0, 2, score=0.5), Entity("PER", 0, 2)
    assert {scored} == {gold}
    assert Relation("met", 0, 1, score=0.5) == Relation("met", 0, 1)
    assert Entity("PER", 0, 2) != Entity("PER", 0, 3)


def test_sentence_is_frozen_and_travels_between_processes() -> None:
    sentence = Sentence(WORDS, ENTITIES, (Relation("met", 0, 1),), {"pos": ("X",) * 4}, "1", 0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        sentence.words = ()  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(sentence)) == sentence
    assert len(sentence) == 4


def test_gold_has_the_shape_of_predictions() -> None:
    sentence = Sentence(WORDS, ENTITIES, (Relation("met", 0, 1),), {"pos": ("X",) * 4})
    gold = Annotations(ENTITIES, (Relation("met", 0, 1),), {"pos": ("X",) * 4})
    assert sentence.annotations == gold
