from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.statistics import SentenceHashes
from tango_ie.data.tables import from_batch, to_batch
from tests.data.generated import sentences

WORDS = ("Ada", "met", "Bob")
ADA, BOB = Entity("PER", 0, 1), Entity("PER", 2, 3)


def duplicates(*gold: Sentence) -> tuple[int, int]:
    hashes = SentenceHashes()
    hashes.add(gold)
    found = hashes.duplicates()
    return found["words"], found["words_and_annotations"]


def test_words_are_not_run_together() -> None:
    assert duplicates(Sentence(("a", "b")), Sentence(("ab",)), Sentence(("b", "a"))) == (0, 0)


def test_the_order_of_annotations_does_not_count() -> None:
    there = Sentence(WORDS, (ADA, BOB), (Relation("met", 0, 1),), {"a": WORDS, "b": WORDS})
    same = Sentence(WORDS, (BOB, ADA), (Relation("met", 1, 0),), {"b": WORDS, "a": WORDS})
    assert duplicates(there, same) == (1, 1)


def test_annotations_that_differ() -> None:
    pair = (ADA, BOB)
    assert duplicates(
        Sentence(WORDS),
        Sentence(WORDS, pair),
        Sentence(WORDS, (ADA, Entity("LOC", 2, 3))),
        Sentence(WORDS, (ADA, Entity("PER", 1, 3))),
        Sentence(WORDS, pair, (Relation("met", 0, 1),)),
        Sentence(WORDS, pair, (Relation("met", 1, 0),)),
        Sentence(WORDS, pair, (Relation("knew", 0, 1),)),
        Sentence(WORDS, tags={"pos": ("N", "V", "N")}),
        Sentence(WORDS, tags={"chunk": ("N", "V", "N")}),
    ) == (8, 0)


def test_places_and_texts_do_not_count() -> None:
    assert duplicates(Sentence(WORDS, doc_id="1", position=3, text="x"), Sentence(WORDS)) == (1, 1)


@given(st.lists(sentences(), min_size=1, max_size=3))
def test_a_kept_sentence_is_the_same(gold: list[Sentence]) -> None:
    layers = sorted({layer for sentence in gold for layer in sentence.tags})
    words, both = duplicates(*gold, *from_batch(to_batch(gold, layers)))
    assert words >= both >= len(gold)


def test_eight_bytes_for_each() -> None:
    hashes = SentenceHashes()
    hashes.add(Sentence((str(number),)) for number in range(5_000))
    assert len(hashes) == 5_000
    assert hashes.of_words_and_annotations.nbytes == 40_000
    assert hashes.duplicates() == {"words": 0, "words_and_annotations": 0}
