"""NYT, NYT10, NYT11 and the CoType test set: what is there of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.triples.casrel import CasRelReader
from tango_ie.data.readers.triples.id_names import read_id_names
from tango_ie.data.readers.triples.relation_mentions import RelationMentionsReader
from tests.data.counts.counting import converted, note_counts, total

REPEATED = "repeated triple dropped"
ITSELF = "relation of an entity with itself kept"
SEVERAL = "argument at several places: the first taken"
ACCENTS = "argument found without its accents"


def casrel(folder: Path, files: dict[str, str]) -> Corpus:
    return converted(CasRelReader(relations=InputFile(folder / "rel2id.json")), folder, files)


def sentence_pairs(one: Corpus, other: Corpus) -> list[tuple[Sentence, Sentence]]:
    return [pair for split in one for pair in zip(one[split], other[split], strict=True)]


def triples(sentence: Sentence) -> set[tuple[tuple[int, int], str, tuple[int, int]]]:
    spans = [(entity.start, entity.end) for entity in sentence.entities]
    return {
        (spans[relation.head], relation.label, spans[relation.tail])
        for relation in sentence.relations
    }


def same_triples(one: Corpus, other: Corpus) -> bool:
    """The same sentences with the same relations, whatever the order of these."""
    return all(
        first.words == second.words and triples(first) == triples(second)
        for first, second in sentence_pairs(one, other)
    )


def used(corpus: Corpus) -> tuple[int, ...]:
    return tuple(len(corpus.statistics[split]["relations"]) for split in corpus)


FILES = {"val": "val_triples.json.gz", "test": "test_triples.json.gz"}


@pytest.fixture(scope="module")
def nyt(shared_data: Path) -> Corpus:
    return casrel(shared_data / "nyt" / "casrel" / "nyt", FILES)


@pytest.fixture(scope="module")
def nyt_star(shared_data: Path) -> Corpus:
    return casrel(shared_data / "nyt" / "casrel" / "nyt_star", FILES)


def test_nyt_star(nyt_star: Corpus, shared_data: Path) -> None:
    assert total(nyt_star, "sentences") == (4999, 5000)
    assert total(nyt_star, "words") == (188762, 189272)
    assert total(nyt_star, "relations") == (7976, 8110)
    assert total(nyt_star, "entities") == (10794, 10777)
    assert note_counts(nyt_star, "val") == {ITSELF: 52, SEVERAL: 1097}
    assert note_counts(nyt_star, "test") == {ITSELF: 57, SEVERAL: 1102}
    assert used(nyt_star) == (22, 22)
    path = shared_data / "nyt" / "casrel" / "nyt_star" / "rel2id.json"
    assert len(read_id_names(path)) == 24
    duplicates = [nyt_star.statistics[split]["duplicates"]["words"] for split in nyt_star]
    assert duplicates == [26, 15]


def test_nyt(nyt: Corpus, shared_data: Path) -> None:
    assert total(nyt, "sentences") == (5000, 5000)
    assert total(nyt, "words") == (188145, 188713)
    # 8489 and 8616 triples with the repeated ones
    assert total(nyt, "relations") == (7985, 8120) == (8489 - 504, 8616 - 496)
    assert total(nyt, "entities") == (10848, 10836)
    # 47 arguments of val are not in their text; 5 of them are in repeated triples.
    assert note_counts(nyt, "val") == {REPEATED: 504, ACCENTS: 47 - 5, SEVERAL: 834}
    assert note_counts(nyt, "test") == {REPEATED: 496, ACCENTS: 44, SEVERAL: 811}
    assert used(nyt) == (22, 22)
    assert len(read_id_names(shared_data / "nyt" / "casrel" / "nyt" / "rel2id.json")) == 24
    assert [nyt.statistics[split]["duplicates"]["words"] for split in nyt] == [25, 15]


def test_nyt_has_pairs_under_several_relations(nyt: Corpus) -> None:
    def several(sentence: Sentence) -> bool:
        found = triples(sentence)
        return len({frozenset((head, tail)) for head, _, tail in found}) < len(found)

    # In either direction, by places. By texts as well it is 1410.
    assert sum(map(several, nyt["test"])) == 1410


def test_nyt_pairs_are_the_triples_without_repeated_ones(nyt: Corpus, shared_data: Path) -> None:
    files = {"val": "valid.json.gz", "test": "test.json.gz"}
    folder = shared_data / "nyt" / "relation_mentions"
    corpus = converted(RelationMentionsReader(), folder, files)
    assert same_triples(corpus, nyt)
    assert total(corpus, "entities") == total(nyt, "entities")
    assert note_counts(corpus, "val") == {ACCENTS: 42, SEVERAL: 834}
    assert note_counts(corpus, "test") == {ACCENTS: 44, SEVERAL: 811}


def test_nyt_star_pairs_are_the_triples(nyt_star: Corpus, shared_data: Path) -> None:
    files = {"val": "new_valid.json.gz", "test": "new_test.json.gz"}
    folder = shared_data / "nyt" / "relation_mentions_star"
    corpus = converted(RelationMentionsReader(), folder, files)
    assert same_triples(corpus, nyt_star)
    for split in corpus:
        assert note_counts(corpus, split) == note_counts(nyt_star, split)


def test_nyt10(shared_data: Path) -> None:
    folder = shared_data / "nyt10"
    corpus = casrel(folder, {"dev": "dev.json", "test": "test.json"})
    assert total(corpus, "sentences") == (351, 4006)
    assert total(corpus, "words") == (13232, 154274)
    assert total(corpus, "relations") == (443, 5859)
    assert total(corpus, "entities") == (732, 8331)
    assert used(corpus) == (18, 29)
    assert len(read_id_names(folder / "rel2id.json")) == 29
    assert note_counts(corpus, "dev") == {SEVERAL: 45}
    assert note_counts(corpus, "test") == {SEVERAL: 627}


def test_nyt11(shared_data: Path) -> None:
    folder = shared_data / "nyt11"
    corpus = casrel(folder, {"dev": "dev.json", "test": "test.json"})
    assert total(corpus, "sentences") == (313, 369)
    assert total(corpus, "words") == (12093, 13365)
    assert total(corpus, "relations") == (390, 370)
    assert total(corpus, "entities") == (657, 739)
    assert used(corpus) == (11, 12)
    assert len(read_id_names(folder / "rel2id.json")) == 12
    assert note_counts(corpus, "dev") == {SEVERAL: 36}
    assert note_counts(corpus, "test") == {SEVERAL: 31}
    assert [corpus.statistics[split]["duplicates"]["words"] for split in corpus] == [0, 7]


def test_nyt_cotype(shared_data: Path) -> None:
    corpus = converted(RelationMentionsReader(), shared_data / "nyt_cotype", {"test": "test.json"})
    assert total(corpus, "sentences") == (395,)
    assert total(corpus, "words") == (14509,)
    statistics = corpus.statistics["test"]
    # All pairs of mentions are listed, so that a text mentioned twice repeats its relations.
    assert total(corpus, "relations") == (410 - 14,)
    assert statistics["facts"]["pairs without a relation"] == "3470 labelled 'None'"
    assert 3470 + 410 == 3880
    assert len(statistics["relations"]) == 12
    assert statistics["entities"] == {"LOCATION": 940, "ORGANIZATION": 141, "PERSON": 280}
    assert note_counts(corpus, "test") == {
        REPEATED: 14,
        # Of all pairs 78 arguments are not in the text; 19 of related ones, 2 in repeated triples.
        ACCENTS: 17,
        SEVERAL: 26,
        # A quote mark stands at the word.
        "entity mention inside words: widened to them": 31,
    }
    # The sentences are shuffled: a document is begun anew 342 times.
    assert len({sentence.doc_id for sentence in corpus["test"]}) == 70
    first = corpus["test"][0]
    assert (first.doc_id, first.position) == ("2", 33)
    assert first.words[-1] == "."
