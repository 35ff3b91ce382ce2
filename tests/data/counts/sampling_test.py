"""Samples of real corpora: the numbers that papers report, reached or shown to be out of reach."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.characters.drug_ae import DrugAeReader
from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.data.sampling import (
    downsample,
    fraction,
    k_shot,
    make_fold,
    map_labels,
    merge,
    remove_overlaps,
)
from tests.data.counts.counting import converted, note_counts

TYPES = ("LOC", "MISC", "ORG", "PER")


@pytest.fixture(scope="module")
def conll2003(shared_data: Path) -> Corpus:
    reader = ColumnReader(["word", "_", "_", "entities"], scheme="iob2")
    return converted(reader, shared_data / "conll2003" / "iob2", {"train": "train.txt"})


def entities(corpus: Corpus, split: str = "train") -> dict[str, int]:
    counts: dict[str, int] = corpus.statistics[split]["entities"]
    return counts


@pytest.mark.parametrize("seed", [0, 1])
def test_in_domain_low_resource_setting(conll2003: Corpus, seed: int) -> None:
    mentions = {"ORG": 3763, "PER": 2496, "LOC": 50, "MISC": 50}
    sample = downsample(conll2003, mentions, seed, sentences=4001, strict=True)
    assert entities(sample) == mentions
    assert len(sample["train"]) == 4001


@pytest.mark.parametrize("k", [5, 50])
def test_few_shot_samples_like_those_of_entlm(conll2003: Corpus, shared_data: Path, k: int) -> None:
    files = {"train": "1.txt"}
    theirs = converted(
        ColumnReader(["word", "entities"], scheme="iob2"),
        shared_data / "conll2003_fewshot" / f"{k}shot",
        files,
    )
    assert entities(theirs) == dict.fromkeys(TYPES, k)
    ours = k_shot(conll2003, k, seed=1, exact=True, strict=True)
    assert entities(ours) == entities(theirs)
    loose = k_shot(conll2003, k, seed=1)
    assert all(k <= number < k + 10 for number in entities(loose).values())


def test_a_tenth_has_a_tenth_of_each_type(conll2003: Corpus) -> None:
    sample = fraction(conll2003, 0.1, seed=1)
    assert len(sample["train"]) == 1404
    whole = entities(conll2003)
    for label, number in entities(sample).items():
        assert number == pytest.approx(0.1 * whole[label], rel=0.03)


def test_folds_by_document(conll2003: Corpus) -> None:
    fold = make_fold(conll2003, 0, by="document")
    documents = [{item.doc_id for item in fold[split]} for split in fold]
    assert sum(map(len, documents)) == len(set().union(*documents)) == 946
    assert sum(len(fold[split]) for split in fold) == 14041


def test_wnut17_onto_the_types_of_ploner(conll2003: Corpus, shared_data: Path) -> None:
    reader = ColumnReader(["word", "entities"], scheme="iob2", separator="\t")
    files = {"dev": "emerging.dev.conll", "test": "emerging.test.annotated"}
    wnut17 = converted(reader, shared_data / "wnut17", files)
    types: dict[str, str | None] = {
        "person": "PER",
        "location": "LOC",
        "corporation": "ORG",
        "group": "ORG",
        "product": None,
        "creative-work": None,
    }
    mapped = map_labels(wnut17, types, others="error")
    for split in wnut17:
        before = entities(wnut17, split)
        assert entities(mapped, split) == {
            "LOC": before["location"],
            "ORG": before["corporation"] + before["group"],
            "PER": before["person"],
        }
        dropped = mapped.statistics[split]["notes"]["entity of a dropped type"]["count"]
        assert dropped == before["product"] + before["creative-work"]
    ploner = map_labels(conll2003, {"PER": "PER", "LOC": "LOC", "ORG": "ORG"}, others="drop")
    assert ploner.statistics["train"]["notes"]["entity of a dropped type"]["count"] == 3438
    both = merge({"conll2003": ploner, "wnut17": mapped})
    assert list(both) == ["train", "dev", "test"]
    assert both.schema.entity_types == ("LOC", "ORG", "PER")


def test_protocol_of_ade(shared_data: Path) -> None:
    nested = converted(DrugAeReader(), shared_data / "ade" / "raw", {"train": "DRUG-AE.rel"})
    flat = remove_overlaps(nested)
    # "120 overlap with other entities" (Crone 2020), all of them drugs, in 119 sentences.
    assert note_counts(flat, "train") == {
        "overlapping entity removed": 120,
        "relation of a removed entity dropped": 194,
        "sentence with overlapping entities": 119,
    }
    assert entities(flat) == {"Adverse-Effect": 5776, "Drug": 4943}
    folds = [make_fold(flat, fold) for fold in (0, 9)]
    for fold in folds:
        assert len(fold["dev"]) == 427
        assert len(fold["test"]) in (384, 385)
        assert sum(len(fold[split]) for split in fold) == 4272
    assert folds[0]["dev"].sentences() == folds[1]["dev"].sentences()
    before = make_fold(nested, 9)
    assert [item.words for item in before["test"]] == [item.words for item in folds[1]["test"]]
