"""What is said of a corpus."""

from __future__ import annotations

from tango_ie.data import Corpus, Entity, Notes, Sentence
from tango_ie.reporting.corpus_wording import findings, subject

from .corpora import small_corpus


def test_findings_of_every_kind() -> None:
    assert findings(small_corpus()) == (
        "1 of 2 sentences of test (50.0 %) occur word for word in train",
        "1 entity type of test does not occur in train: <LOC> (1)",
        "1 relation type of test does not occur in train: is (1)",
        "a tagger with one tag per word cannot hold 2 of 7 entities (28.6 %)",
        "one relation per pair of entities loses 2 of 5 relations (40.0 %)",
        "1,234 × I <without> B",
    )


def test_long_lists_are_cut() -> None:
    notes = Notes()
    for number in range(8):
        notes.add(f"kind {number}", "case", count=10 - number)
    new = tuple(Entity(f"T{number}", 0, 1) for number in range(9))
    corpus = Corpus.from_sentences(
        {"train": [Sentence(("a",))], "dev": [Sentence(("b",), new)]}, notes={"train": notes}
    )
    lines = findings(corpus)
    assert lines[0].endswith("T0 (1), T1 (1), T2 (1), T3 (1), T4 (1) and 4 more")
    assert lines[2:] == (
        *(f"{10 - number} × kind {number}" for number in range(5)),
        "12 repairs of 3 other kinds",
    )


def test_subject_of_tags_alone() -> None:
    gold = [Sentence(("a",), tags={"upos": ("X",), "xpos": ("Y",)})]
    corpus = Corpus.from_sentences({"train": gold})
    assert subject(corpus) == "1 sentence in 1 split with tags in 2 layers"
    assert findings(corpus) == ()
