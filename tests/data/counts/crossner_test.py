"""CrossNER: four small domains, and its own version of CoNLL-2003."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.data.counts.counting import SPLITS, note_counts, per_split, ready_made


@pytest.mark.parametrize(
    ("domain", "sentences", "entities", "types"),
    [
        ("ai", (100, 350, 431), (532, 1549, 1809), 14),
        ("music", (100, 380, 465), (648, 2679, 3336), 13),
        ("politics", (200, 541, 651), (1304, 3482, 4209), 9),
        ("science", (200, 450, 543), (1075, 2538, 3089), 17),
        # Neighbours of one type have been merged: 70, 4 and 20 entities less than in the original.
        ("conll2003", (14_041, 3_250, 3_453), (23_429, 5_938, 5_628), 4),
    ],
)
def test_counts(
    domain: str,
    sentences: tuple[int, ...],
    entities: tuple[int, ...],
    types: int,
    shared_data: Path,
) -> None:
    corpus = ready_made(f"crossner('{domain}') {{ strict: true }}", shared_data)
    assert per_split(corpus, "sentences") == sentences
    assert per_split(corpus, "entities") == entities
    assert len(corpus.schema.entity_types) == types
    for split in SPLITS:
        assert corpus.statistics[split]["facts"] == {"scheme of entities": "iob2"}
        assert note_counts(corpus, split) == {}
