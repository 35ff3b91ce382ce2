"""ATIS in parallel files and inline: the same sentences."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tango_ie.data.corpus import Corpus
from tango_ie.data.readers.lines.inline import InlineReader
from tango_ie.data.readers.lines.parallel import ParallelReader
from tests.data.counts.counting import SPLITS, converted, total


@pytest.fixture(scope="module")
def parallel(shared_data: Path) -> Corpus:
    return converted(ParallelReader(), shared_data / "atis", "{}", strict=True)


def types(corpus: Corpus, split: str) -> set[str]:
    return set(corpus.statistics[split]["entities"])


def test_counts(parallel: Corpus) -> None:
    assert total(parallel, "sentences") == (4_478, 500, 893)
    assert total(parallel, "entities") == (14_851, 1_709, 2_837)
    assert len(types(parallel, "train")) == 79
    assert len(parallel.schema.entity_types) == 83
    assert types(parallel, "dev") <= types(parallel, "train")
    assert types(parallel, "test") - types(parallel, "train") == {
        "booking_class",
        "compartment",
        "flight",
        "stoploc.airport_code",
    }


def test_intents(parallel: Corpus) -> None:
    intents = {split: [item.tags["intent"] for item in parallel[split]] for split in SPLITS}
    assert all(len(set(tags)) == 1 for split in SPLITS for tags in intents[split])
    assert [len({tags[0] for tags in intents[split]}) for split in SPLITS] == [21, 16, 20]
    assert [sum("#" in tags[0] for tags in intents[split]) for split in SPLITS] == [23, 3, 15]


def test_duplicates(parallel: Corpus) -> None:
    found = [
        len(parallel[split]) - len({sentence.words for sentence in parallel[split]})
        for split in SPLITS
    ]
    assert found == [289, 7, 43]


def test_inline_is_the_same_but_for_how_intents_are_joined(
    parallel: Corpus, shared_data: Path
) -> None:
    files = {"train": "train", "dev": "valid", "test": "test"}
    inline = converted(InlineReader(), shared_data / "atis" / "inline", files, strict=True)
    for split in SPLITS:
        assert parallel[split].sentences() == [
            replace(
                sentence,
                tags={"intent": tuple(tag.replace(";", "#") for tag in sentence.tags["intent"])},
            )
            for sentence in inline[split]
        ]
