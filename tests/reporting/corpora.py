"""Corpora to be reported."""

from __future__ import annotations

from tango_ie.data import Corpus, Entity, Notes, Relation, Sentence

ADA = Sentence(
    ("Ada", "Lind", "met", "Bob"),
    (Entity("PER", 0, 2), Entity("GIVEN", 0, 1), Entity("PER", 3, 4)),
    (Relation("met", 0, 2), Relation("knew", 0, 2)),
)
RAIN = Sentence(("It", "rains"), tags={"pos": ("PRON", "VERB")})
OSLO = Sentence(("Oslo",), (Entity("<LOC>", 0, 1),), (Relation("is", 0, 0),))


def small_corpus() -> Corpus:
    """Two splits with a bit of everything."""
    notes = Notes()
    notes.add("I <without> B", "I-PER after O", "train.txt", 3, count=1_234)
    notes.state("scheme of entities", "iob2")
    return Corpus.from_sentences(
        {"train": [ADA, RAIN, RAIN], "test": [ADA, OSLO]},
        notes={"train": notes},
        origin={"reader": "ColumnReader", "files": {"train": "train.txt"}, "drawn": [1, 2]},
    )


def wide_corpus(size: int) -> Corpus:
    """As many types of entities and relations."""
    words = tuple(f"w{number}" for number in range(size))
    entities = tuple(Entity(f"type_{n:04}.of/entity", n, n + 1) for n in range(size))
    relations = tuple(Relation(f"/relation/number_{n:04}", n, 0) for n in range(size))
    return Corpus.from_sentences({"train": [Sentence(words, entities, relations)]})
