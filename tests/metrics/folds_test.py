"""Pooled folds: as if the whole had been scored at once, and what is said of the single folds."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.data.annotations import Annotations, Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import make_fold
from tango_ie.metrics import Scores, ScoresFormat, evaluate, macro
from tango_ie.metrics.fold_info import FoldRatios, Folds
from tango_ie.metrics.folds import pool_folds

FOLDS = 3


def sentence(number: int) -> Sentence:
    """Each in words of its own; two of three have entities, some a relation."""
    words = (f"w{number}", "met", f"v{number}", ".")
    entities = [Entity("PER", 0, 1), Entity("LOC", 2, 3)][: number % 3]
    relations = [Relation("in", 0, 1)] if len(entities) == 2 and number % 2 else []
    return Sentence(words, tuple(entities), tuple(relations), doc_id=f"d{number // 4}")


SENTENCES = [sentence(number) for number in range(24)]
WHOLE = Corpus.from_sentences({"all": SENTENCES})
CORPORA = [make_fold(WHOLE, fold, FOLDS, dev_share=0.25) for fold in range(FOLDS)]


def predicted(item: Sentence, strength: float) -> Annotations:
    """A share of gold, decided by the words, and now and then something else."""
    seed = int(item.words[0][1:])
    generator = np.random.default_rng([seed, int(100 * strength)])
    if item.relations and generator.random() < strength:
        return Annotations(item.entities, item.relations)
    kept = [one for one in item.entities if generator.random() < strength]
    wrong = [Entity("PER", 1, 2)] if generator.random() > strength else []
    return Annotations((*kept, *wrong))


def scored(corpus: Corpus, strength: float = 0.6, seed: int = 1, **info: Any) -> Scores:
    tests = corpus["test"].sentences()
    archive = {"seed": seed, "train_seconds": 2.5, "num_parameters": 7, "best_epoch": len(tests)}
    facts = {
        "split": "test",
        "corpus_fingerprint": corpus.fingerprint,
        "relation_types": ["in"],
        "archive": {**archive, **info.pop("archive", {})},
        "seconds": 0.5,
        "sentences": len(tests),
        "sentences_per_second": 1.0,
        "device": "cpu",
    }
    found = [predicted(item, strength) for item in tests]
    return evaluate(found, corpus, {**facts, **info})


def at_once(corpora: Sequence[Corpus], strength: float = 0.6) -> Scores:
    """All test sentences as one corpus; training data are left out."""
    tests = [item for corpus in corpora for item in corpus["test"]]
    return scored(Corpus.from_sentences({"test": tests}), strength)


def without_training(scores: Scores) -> Scores:
    """Which entities were seen in training differs from fold to fold."""
    return replace(
        scores, tables=tuple(table for table in scores.tables if "seen" not in table.name), info={}
    )


@settings(max_examples=15)
@given(strength=st.floats(0, 1), order=st.permutations(range(FOLDS)))
def test_all_counts_are_those_of_the_whole(strength: float, order: list[int]) -> None:
    corpora = [CORPORA[place] for place in order]
    pooled = pool_folds([scored(corpus, strength) for corpus in corpora], corpora)
    whole = at_once(corpora, strength)
    assert without_training(pooled) == without_training(whole)
    assert pooled.sentence_counts().tolist() == whole.sentence_counts().tolist()
    assert pooled.by("relations strict").total == whole.by("relations strict").total


def test_every_fold_keeps_its_ratios(tmp_path: Path) -> None:
    scores = [scored(corpus) for corpus in CORPORA]
    pooled = pool_folds(scores, CORPORA)
    ScoresFormat().write(pooled, tmp_path)
    assert ScoresFormat().read(tmp_path) == pooled
    folds = Folds.of_info(ScoresFormat().read(tmp_path).info)
    assert folds is not None and len(folds) == FOLDS
    assert folds.sentences == tuple(len(corpus["test"]) for corpus in CORPORA)
    assert folds.ratios["strict"].micro == tuple(item.total.ratios for item in scores)
    assert folds.ratios["strict"].macro == tuple(item.macro for item in scores)
    relations = [item.by("relations strict") for item in scores]
    assert folds.ratios["relations strict"] == FoldRatios.of(item.table for item in relations)
    mean = statistics.mean(ratios.f1 for ratios in folds.ratios["strict"].macro)
    assert mean != pytest.approx(macro(list(pooled.per_label.values())).f1)
    assert {*folds.ratios} == {
        table.name for table in (pooled.main, *pooled.tables) if not table.grouped_by
    }


def test_the_info_is_that_of_all() -> None:
    archives = [{"best_epoch": 4, "made_from": {"model": {"size": place}}} for place in (1, 1, 2)]
    scores = [
        scored(corpus, archive=archive, unrepresentable={"nested": 2}, history={"epochs": [1]})
        for corpus, archive in zip(CORPORA, archives, strict=True)
    ]
    pooled = pool_folds(scores, CORPORA)
    info = pooled.info
    assert info["archive"] == {
        "seed": 1,
        "num_parameters": 7,
        "best_epoch": 4,
        "train_seconds": 7.5,
        "steps": None,
        "made_from": {"model": {}},
        "device": None,
    }
    assert (info["seconds"], info["sentences"]) == (1.5, 18)
    assert info["sentences_per_second"] == 12
    assert (info["device"], info["split"], info["unrepresentable"]) == (
        "cpu",
        "test",
        {"nested": 6},
    )
    assert "history" not in info
    assert info["folds"]["varying"] == {"archive.made_from.model.size": [1, 1, 2]}
    assert Folds.of_info(scores[0].info) is None


def test_costs_that_are_not_known_are_not_made_up() -> None:
    scores = [scored(corpus) for corpus in CORPORA]
    slow = replace(
        scores[1], info={**scores[1].info, "sentences_per_second": None, "device": "gpu"}
    )
    info = pool_folds([scores[0], slow, scores[2]], CORPORA).info
    assert info["sentences_per_second"] is None
    assert info["device"] == "cpu, gpu"
    assert info["folds"]["varying"]["device"] == ["cpu", "gpu", "cpu"]


def test_arms_pair_on_the_same_folds_in_the_same_order() -> None:
    def pooled(corpora: Sequence[Corpus], strength: float) -> Scores:
        return pool_folds([scored(corpus, strength) for corpus in corpora], corpora)

    weak, strong, turned = (
        pooled(CORPORA, 0.2),
        pooled(CORPORA, 0.9),
        pooled(CORPORA[::-1], 0.9),
    )
    gold = [item.sentence_counts()[:, [0, 2]].sum(axis=1).tolist() for item in (weak, strong)]
    assert gold[0] == gold[1]
    fingerprints = [item.info["corpus_fingerprint"] for item in (weak, strong, turned)]
    assert fingerprints[0] == fingerprints[1] != fingerprints[2]


def test_a_document_in_two_folds_is_one() -> None:
    pooled = pool_folds([scored(corpus) for corpus in CORPORA], CORPORA)
    names = [item.doc_id for corpus in CORPORA for item in corpus["test"]]
    assert pooled.documents is not None
    assert (
        len({*pooled.documents})
        == len({*names})
        < sum(len({item.doc_id for item in corpus["test"]}) for corpus in CORPORA)
    )
    assert len({*zip(pooled.documents, names, strict=True)}) == len({*names})
    unknown = [replace(scored(corpus), documents=None) for corpus in CORPORA]
    assert pool_folds(unknown, CORPORA).documents is None
