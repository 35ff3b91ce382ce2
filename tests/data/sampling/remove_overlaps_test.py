from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings

from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import remove_overlaps
from tests.data.sampling.small_corpora import several_sentences

WORDS = ("lithium", "toxicity", "after", "lithium")
NESTED = Sentence(
    WORDS,
    (Entity("Drug", 0, 1), Entity("Effect", 0, 2), Entity("Drug", 3, 4)),
    (Relation("causes", 1, 0), Relation("causes", 1, 2)),
)


def test_the_longer_wins_and_relations_of_the_loser_go() -> None:
    flat = remove_overlaps(Corpus.from_sentences({"train": [NESTED], "dev": [Sentence(("a",))]}))
    assert flat["train"][0].entities == NESTED.entities[1:]
    assert flat["train"][0].relations == (Relation("causes", 0, 1),)
    notes = flat.statistics["train"]["notes"]
    assert {kind: note["count"] for kind, note in notes.items()} == {
        "overlapping entity removed": 1,
        "relation of a removed entity dropped": 1,
        "sentence with overlapping entities": 1,
    }
    assert notes["overlapping entity removed"]["examples"] == [
        "split 'train', sentence 1: Drug 'lithium'"
    ]
    assert flat.statistics["dev"]["notes"] == {}
    with pytest.raises(DataError, match=r"split 'train', sentence 1: .*`strict: true`"):
        remove_overlaps(Corpus.from_sentences({"train": [NESTED]}), strict=True)


def test_ties_go_to_the_earlier_and_equal_entities_to_the_first() -> None:
    twice = Entity("Drug", 0, 2)
    gold = Sentence(WORDS, (Entity("Effect", 1, 3), twice, twice), (Relation("r", 2, 2),))
    flat = remove_overlaps(Corpus.from_sentences({"train": [gold]}))["train"][0]
    assert flat.entities == (twice,)
    assert flat.relations == ()


@settings(max_examples=30)
@given(given=several_sentences)
def test_nothing_overlaps_any_more(given: list[Sentence]) -> None:
    flat = remove_overlaps(Corpus.from_sentences({"train": given}))
    for before, after in zip(given, flat["train"], strict=True):
        spans = sorted((entity.start, entity.end) for entity in after.entities)
        assert all(left[1] <= right[0] for left, right in pairwise(spans))
        assert set(after.entities) <= set(before.entities)
        assert len(after.relations) <= len(before.relations)
        for relation in after.relations:
            head, tail = after.entities[relation.head], after.entities[relation.tail]
            assert any(
                (before.entities[old.head], before.entities[old.tail]) == (head, tail)
                for old in before.relations
                if old.label == relation.label
            )
    again = remove_overlaps(flat)
    assert again.fingerprint == flat.fingerprint
    assert again.statistics["train"]["notes"] == {}
