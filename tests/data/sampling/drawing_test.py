from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.sampling.drawing import check_labels, content_digest, draw, words_digest
from tests.data.sampling.small_corpora import seeds, sentence, several_sentences


@settings(max_examples=50)
@given(given=several_sentences, seed=seeds, order=st.randoms(use_true_random=False))
def test_an_order_of_contents(given: list[Sentence], seed: int, order: random.Random) -> None:
    units = draw([given], seed, "test")
    assert sorted(place for unit in units for place in unit.positions) == list(range(len(given)))
    for unit in units:
        (place,) = unit.positions
        assert unit.counts == Counter(entity.label for entity in given[place].entities)
        assert unit.digest == content_digest(given[place])
    shuffled = draw([order.sample(given, len(given))], seed, "test")
    assert [unit.digest for unit in shuffled] == [unit.digest for unit in units]
    assert [unit.key for unit in shuffled] == [unit.key for unit in units]


def test_seeds_and_purposes_have_orders_of_their_own() -> None:
    given = [sentence(f"w{i}") for i in range(20)]
    orders = {
        tuple(unit.positions for unit in draw([given], seed, purpose))
        for seed in range(4)
        for purpose in ("one", "other")
    }
    assert len(orders) == 8


def test_documents_are_drawn_whole_and_end_with_their_part() -> None:
    one = [sentence("a", "1"), sentence("b/PER", "2"), sentence("c/PER d/LOC", "1")]
    units = draw([one, [sentence("e", "1")]], 0, "test", by="document")
    assert sorted(unit.positions for unit in units) == [(0, 2), (1,), (3,)]
    assert {unit.positions: unit.counts for unit in units}[(0, 2)] == {"LOC": 1, "PER": 1}


def test_what_identifies_a_sentence() -> None:
    bare = Sentence(("Ada", "met"), (Entity("PER", 0, 1),))
    placed = Sentence(bare.words, bare.entities, (), {}, "1", 7, "Ada met", ((0, 3), (4, 7)), 9)
    assert content_digest(placed) == content_digest(bare)
    others = [
        Sentence(("Ada", "Met"), bare.entities),
        Sentence(bare.words),
        Sentence(bare.words, (Entity("PER", 0, 1, subtype="poet"),)),
        Sentence(bare.words, bare.entities, (Relation("met", 0, 0),)),
        Sentence(bare.words, bare.entities, (), {"pos": ("N", "V")}),
    ]
    assert len({content_digest(other) for other in [bare, *others]}) == 6
    assert len({words_digest(other) for other in [bare, *others]}) == 2
    # Saved with samples: a change would make them strangers to the sentences they name.
    assert content_digest(bare) == "9f619ad0b1a818ec"


def test_a_lone_surrogate_is_no_obstacle() -> None:
    assert len(draw([[Sentence(("\ud800",))]], 0, "test")) == 1


def test_unknown_labels() -> None:
    check_labels(["PER"], ["PER", "LOC"], "types")
    with pytest.raises(ConfigurationError, match=r"types: 'PRE' is no label.*did you mean 'PER'"):
        check_labels(["PER", "PRE"], ["PER", "LOC"], "types")
