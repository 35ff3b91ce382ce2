"""What is not the folds of one cross-validation is refused, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import make_fold
from tango_ie.metrics import RuleTable, Scores
from tango_ie.metrics.fold_checks import check_folds

from .folds_test import CORPORA, WHOLE, scored, sentence

SCORES = [scored(corpus) for corpus in CORPORA]


def test_sound_folds_pass() -> None:
    check_folds(SCORES, CORPORA)


@pytest.mark.parametrize(
    ("scores", "corpora", "message"),
    [
        ([], [], "scores: there are 0 folds; give the scores of at least two"),
        (SCORES[:1], CORPORA[:1], "scores: there are 1 folds"),
        (SCORES, CORPORA[:2], "corpora: there are 2 corpora for the scores of 3 folds"),
        ([*SCORES, SCORES[0]], [*CORPORA, CORPORA[0]], "corpora: folds 0 and 3 are one and the"),
    ],
)
def test_configs_that_cannot_work(
    scores: list[Scores], corpora: list[Corpus], message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        check_folds(scores, corpora)


def test_scores_of_another_fold() -> None:
    with pytest.raises(DataError, match="fold 1: the predictions were made on corpus"):
        check_folds([SCORES[0], SCORES[2]], CORPORA[:2])


def test_scores_of_fewer_sentences() -> None:
    tests = CORPORA[1]["test"].sentences()
    other = Corpus.from_sentences({"test": tests[1:]})
    cut = scored(other)
    cut = replace(cut, info={**cut.info, "corpus_fingerprint": CORPORA[1].fingerprint})
    with pytest.raises(DataError, match=r"fold 1: the scores are of 5 sentences, but .* has 6"):
        check_folds([SCORES[0], cut], CORPORA[:2])


def changed(**changes: Any) -> Scores:
    return replace(SCORES[1], **changes)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        (scored(CORPORA[1], seed=2), r"different seeds cannot be pooled \(fold 0: 1; fold 1: 2\)"),
        (changed(rule="another"), "different main rules .*fold 1: strict: another"),
        (SCORES[1].by("boundaries"), "different main rules .*fold 1: boundaries"),
        (changed(tables=SCORES[1].tables[1:]), "only one was counted by these rules: boundaries;"),
        (
            changed(tables=(*SCORES[1].tables, RuleTable("new", "new", SCORES[1].table))),
            "only one was counted by these rules: new; pool what one model",
        ),
    ],
)
def test_scores_that_are_not_alike(other: Scores, message: str) -> None:
    with pytest.raises(DataError, match=message):
        check_folds([SCORES[0], other, SCORES[2]], CORPORA)


def test_another_split() -> None:
    other = scored(CORPORA[1])
    other = replace(other, info={**other.info, "split": "dev"})
    with pytest.raises(DataError, match=r"different splits .*fold 0: test; fold 1: dev"):
        check_folds([SCORES[0], other], CORPORA[:2])


def test_other_labels() -> None:
    plain = Sentence(("nobody", "came"))
    others = [
        Corpus.from_sentences({"train": [sentence(1)], "test": [sentence(2)]}),
        Corpus.from_sentences({"train": [plain], "test": [sentence(4)]}),
    ]
    with pytest.raises(DataError, match=r"different entity types .*fold 0: LOC, PER; fold 1: PER"):
        check_folds([scored(corpus, relation_types=[]) for corpus in others], others)


def test_a_sentence_that_is_tested_twice() -> None:
    other = make_fold(WHOLE, 1, 3, seed=5, dev_share=0.25)
    tests = [item.words for item in CORPORA[0]["test"]]
    common = sum(item.words in tests for item in other["test"])
    assert common
    message = rf"fold 1 tests {common} of its 6 sentences again .* in fold 0: w\d+ met v\d+ \.; the"
    with pytest.raises(DataError, match=message):
        check_folds([SCORES[0], scored(other)], [CORPORA[0], other])


def test_copies_are_tested_as_often_as_there_are() -> None:
    """Without places, what the corpora hold says how often a sentence may be tested."""
    copy, rest = Sentence(("w99", "same")), [sentence(number) for number in (2, 5, 8)]
    twice = [
        Corpus.from_sentences({"train": [copy, rest[1]], "test": [copy, rest[0]]}),
        Corpus.from_sentences({"train": [copy, rest[0]], "test": [copy, rest[1]]}),
    ]
    check_folds([scored(corpus) for corpus in twice], twice)
    third = Corpus.from_sentences({"train": rest[:2], "test": [copy, rest[2]]})
    with pytest.raises(DataError, match=r"fold 2 tests 1 of its 2 .*in fold 0: w99 same;"):
        check_folds([scored(corpus) for corpus in [*twice, third]], [*twice, third])


def test_copies_in_different_places_of_one_source() -> None:
    """A copy that was removed from train does not make the other one tested twice."""
    source = {"read_from": "a file"}

    def fold(train: int, test: int, place: int) -> Corpus:
        copy = Sentence(("w99", "same"), doc_id=f"d{place}", position=0)
        splits = {"train": [sentence(train)], "test": [sentence(test), copy]}
        return Corpus.from_sentences(splits, origin={**source, "operations": [{"fold": place}]})

    folds = [fold(2, 5, 0), fold(5, 2, 1)]
    check_folds([scored(corpus) for corpus in folds], folds)
    folds = [fold(2, 5, 0), fold(5, 2, 0)]
    with pytest.raises(DataError, match="fold 1 tests 1 of its 2 sentences again"):
        check_folds([scored(corpus) for corpus in folds], folds)
