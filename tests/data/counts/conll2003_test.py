"""CoNLL-2003: three ways in which it is spread, and two corrected test sets."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.corpus import Corpus
from tests.data.counts.counting import note_counts, per_split, ready_made

ENTITIES = {
    "train": {"LOC": 7140, "MISC": 3438, "ORG": 6321, "PER": 6600},
    "dev": {"LOC": 1837, "MISC": 922, "ORG": 1341, "PER": 1842},
    "test": {"LOC": 1668, "MISC": 702, "ORG": 1661, "PER": 1617},
}


@pytest.fixture(scope="module")
def iob1(shared_data: Path) -> Corpus:
    return ready_made("conll2003", shared_data)


@pytest.fixture(scope="module")
def iob2(shared_data: Path) -> Corpus:
    return ready_made("conll2003_iob2", shared_data)


def test_counts(iob1: Corpus) -> None:
    assert per_split(iob1, "sentences") == (14_041, 3_250, 3_453)
    assert per_split(iob1, "words") == (203_621, 51_362, 46_435)
    assert per_split(iob1, "documents") == (946, 216, 231)
    assert per_split(iob1, "entities") == (23_499, 5_942, 5_648)
    assert {split: iob1.statistics[split]["entities"] for split in ENTITIES} == ENTITIES
    assert len(iob1.schema.tag_layers["pos"]) == 45


def test_both_schemes_are_found_and_give_the_same_corpus(iob1: Corpus, iob2: Corpus) -> None:
    for corpus, scheme in ((iob1, "iob1"), (iob2, "iob2")):
        for split in corpus.splits:
            facts = corpus.statistics[split]["facts"]
            assert facts == {"scheme of entities": scheme, "scheme of chunk": scheme}
    assert iob1.fingerprint == iob2.fingerprint
    for split in iob1.splits:
        assert iob1[split].sentences() == iob2[split].sentences()
    # The readme calls B- in iob1 a mark between neighbours only; twice in train it is not.
    assert note_counts(iob1, "train") == {"entities: B that separates nothing (iob1)": 2}
    assert note_counts(iob1, "dev") == note_counts(iob1, "test") == {}


def test_corrected_test_sets(shared_data: Path) -> None:
    conllpp, reconll = (ready_made(name, shared_data) for name in ("conllpp", "reconll"))
    assert per_split(conllpp, "sentences", ["test"]) == (3_453,)
    assert per_split(conllpp, "entities", ["test"]) == (5_702,)
    # One file, two schemes.
    facts = {"scheme of entities": "iob2", "scheme of chunk": "iob1"}
    assert conllpp.statistics["test"]["facts"] == facts
    assert note_counts(conllpp, "test") == {}
    assert per_split(reconll, "sentences", ["test"]) == (3_443,)
    assert per_split(reconll, "entities", ["test"]) == (5_651,)
    assert note_counts(reconll, "test") == {"entities: I without B (iob2)": 1}


@pytest.mark.parametrize(("shots", "draws"), [(5, 4), (10, 3), (20, 3), (50, 3)])
def test_few_shots_have_exactly_as_many(
    shots: int, draws: int, iob2: Corpus, shared_data: Path
) -> None:
    train = {sentence.words for sentence in iob2["train"]}
    for draw in range(1, draws + 1):
        corpus = ready_made(f"conll2003_fewshot({shots}, {draw})", shared_data)
        assert corpus.statistics["train"]["entities"] == dict.fromkeys(ENTITIES["train"], shots)
        assert all(sentence.words in train for sentence in corpus["train"])


def test_strict_refuses_the_two_stray_tags(shared_data: Path) -> None:
    with pytest.raises(DataError, match=r"eng\.train, line 152428: .*B that separates nothing"):
        ready_made("conll2003 { strict: true }", shared_data)
