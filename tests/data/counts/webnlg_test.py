"""WebNLG: whole arguments (CasRel, JointER) and last words (CasRel, pairs, numbers)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.input_files import InputFile
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.triples.casrel import CasRelReader
from tango_ie.data.readers.triples.id_names import read_id_names
from tango_ie.data.readers.triples.jointer import JointERReader
from tango_ie.data.readers.triples.relation_mentions import RelationMentionsReader
from tango_ie.data.readers.triples.zeng import ZengReader
from tests.data.counts.counting import converted, note_counts, total

CASREL = {split: f"{name}_triples.json" for split, name in zip(
    ("train", "dev", "test"), ("train", "val", "test"), strict=True
)}  # fmt: skip
REPEATED = "repeated triple dropped"
ITSELF = "relation of an entity with itself kept"
SEVERAL = "argument at several places: the first taken"


def noted(corpus: Corpus, kind: str) -> tuple[int, ...]:
    return tuple(note_counts(corpus, split).get(kind, 0) for split in corpus)


def used(corpus: Corpus) -> tuple[int, ...]:
    return tuple(len(corpus.statistics[split]["relations"]) for split in corpus)


def sentences(corpus: Corpus) -> list[list[Sentence]]:
    return [list(corpus[split]) for split in corpus]


@pytest.fixture(scope="module")
def folder(shared_data: Path) -> Path:
    return shared_data / "webnlg"


@pytest.fixture(scope="module")
def star(folder: Path) -> Corpus:
    inventory = folder / "casrel" / "webnlg_star" / "rel2id.json"
    reader = CasRelReader(relations=InputFile(inventory))
    return converted(reader, folder / "casrel" / "webnlg_star", CASREL)


@pytest.fixture(scope="module")
def whole(folder: Path) -> Corpus:
    reader = CasRelReader(relations=InputFile(folder / "casrel" / "webnlg" / "rel2id.json"))
    return converted(reader, folder / "casrel" / "webnlg", CASREL)


def test_webnlg_star(star: Corpus, folder: Path) -> None:
    assert total(star, "sentences") == (5019, 500, 703)
    assert total(star, "words") == (120505, 11603, 17044)
    assert noted(star, REPEATED) == (89, 5, 10)
    kept = total(star, "relations")
    assert kept == (11687, 1113, 1581)
    assert tuple(map(sum, zip(kept, noted(star, REPEATED), strict=True))) == (11776, 1118, 1591)
    # 754, 65 and 84 triples have one text for both; 49, 5 and 6 of them are repetitions.
    assert noted(star, ITSELF) == (754 - 49, 65 - 5, 84 - 6)
    assert used(star) == (170, 110, 125)
    assert len(read_id_names(folder / "casrel" / "webnlg_star" / "rel2id.json")) == 171
    # 3649 of 23552 arguments (15 %) are at several places, 71 of them in repeated triples.
    assert noted(star, SEVERAL) == (3578, 317, 467)
    assert total(star, "entities") == (15854, 1538, 2187)
    for split in star:
        assert note_counts(star, split).keys() == {REPEATED, ITSELF, SEVERAL}
        assert star.statistics[split]["facts"]["arguments of relations"].startswith("single words")
        assert star.statistics[split]["entity_lengths"]["entity"].keys() == {"1"}
    assert [star.statistics[split]["duplicates"]["words"] for split in star] == [7, 0, 2]


def test_webnlg(whole: Corpus, folder: Path) -> None:
    assert total(whole, "sentences") == (5019, 500, 703)
    assert total(whole, "words") == (112008, 11402, 16345)
    assert noted(whole, REPEATED) == (1, 1, 0)
    kept = total(whole, "relations")
    assert tuple(map(sum, zip(kept, noted(whole, REPEATED), strict=True))) == (11313, 1224, 1607)
    assert noted(whole, ITSELF) == (41, 4, 11)
    assert used(whole) == (211, 144, 149)
    for name in ("rel2id.json", "rel2id_casrel_style.json"):
        assert len(read_id_names(folder / "casrel" / "webnlg" / name)) == 216
    # 2032 of 22626 arguments (9 %): one is in a repeated triple, and in two triples of a sentence
    # with "Akita , Akita , Akita" the places of "Akita , Akita" overlap, which makes them one.
    assert noted(whole, SEVERAL) == (2029, 251, 318)
    assert total(whole, "entities") == (16257, 1718, 2292)
    # All arguments are words of the text: nothing else is noted.
    for split in whole:
        assert note_counts(whole, split).keys() <= {REPEATED, ITSELF, SEVERAL}
    assert [whole.statistics[split]["duplicates"]["words"] for split in whole] == [8, 0, 2]
    assert "was a crew member of" in whole.schema.relation_types


def test_both_inventories_are_the_same(folder: Path) -> None:
    plain, both = (
        read_id_names(folder / "casrel" / "webnlg" / name)
        for name in ("rel2id.json", "rel2id_casrel_style.json")
    )
    assert plain == both


def test_jointer_has_the_same_spans(whole: Corpus, folder: Path) -> None:
    corpus = converted(JointERReader(), folder / "jointer", "{}.json")
    for ours, theirs in zip(sentences(whole), sentences(corpus), strict=True):
        for sentence, other in zip(ours, theirs, strict=True):
            assert sentence.words == other.words
            assert sentence.annotations.entities == other.annotations.entities
            assert sentence.annotations.relations == other.annotations.relations
    # Texts and spans of the triples agree, and each word has a part of speech.
    for split in corpus:
        assert note_counts(corpus, split).keys() <= {REPEATED, ITSELF}
        assert all(len(sentence.tags["pos"]) == len(sentence) for sentence in corpus[split])
    assert len(corpus.schema.tag_layers["pos"]) == 41


def test_pairs_are_those_of_the_last_words(star: Corpus, folder: Path) -> None:
    files = {"train": "new_train.json", "dev": "new_valid.json", "test": "new_test.json"}
    corpus = converted(RelationMentionsReader(), folder / "relation_mentions", files)
    assert sentences(corpus) == sentences(star)
    for kind in (REPEATED, ITSELF, SEVERAL):
        assert noted(corpus, kind) == noted(star, kind)


def test_numbers_are_those_of_the_last_words(star: Corpus, folder: Path) -> None:
    folder = folder / "copyre_ids"
    reader = ZengReader(
        InputFile(folder / "words2id.json"), InputFile(folder / "relations2id.json")
    )
    # Their dev file is the test set.
    files = {"train": "train.json", "dev": "valid.json", "test": "dev.json"}
    corpus = converted(reader, folder, files)
    assert total(corpus, "sentences") == (5019, 500, 703)
    assert total(corpus, "relations") == total(star, "relations")
    assert noted(corpus, REPEATED) == noted(star, REPEATED)
    assert noted(corpus, ITSELF) == noted(star, ITSELF)
    assert len(read_id_names(folder / "words2id.json")) == 5928
    assert len(read_id_names(folder / "relations2id.json")) == 247
    # The places in them are first ones too, which is why "first" is the default: with it the two
    # agree but for one sentence of the test set, in which a number is a later place.
    pairs = zip(sentences(corpus), sentences(star), strict=True)
    unlike = [
        sum(one != other for one, other in zip(theirs, ours, strict=True)) for theirs, ours in pairs
    ]
    assert unlike == [0, 0, 1]
