"""MIT Movie in columns: the tag last, and the tag first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.data.readers import ColumnReader
from tests.data.counts.counting import converted, per_split, ready_made

SETS = [
    ("eng", (8_797, 978, 2_443), (21_295, 5_339)),
    ("trivia10k13", (7_034, 782, 1_953), (23_030, 5_686)),
]


@pytest.mark.parametrize(("name", "sentences", "entities"), SETS)
def test_counts(
    name: str, sentences: tuple[int, ...], entities: tuple[int, ...], shared_data: Path
) -> None:
    corpus = ready_made(f"mit_movie('{name}') {{ strict: true }}", shared_data)
    assert per_split(corpus, "sentences") == sentences
    train, dev, test = per_split(corpus, "entities")
    assert (train + dev, test) == entities
    assert len(corpus.schema.entity_types) == 12

    tag_first = ColumnReader(["entities", "word"], separator="\t")
    files = {"train": f"{name}train.bio", "test": f"{name}test.bio"}
    upstream = converted(tag_first, shared_data / "mit_movie", files, strict=True)
    assert upstream["train"].sentences() == [*corpus["train"], *corpus["dev"]]
    assert upstream["test"].sentences() == corpus["test"].sentences()
