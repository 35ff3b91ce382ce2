"""GENIA in columns: four layers of nested tags."""

from __future__ import annotations

from pathlib import Path

from tests.data.counts.counting import per_split, ready_made


def test_counts(shared_data: Path) -> None:
    corpus = ready_made("genia_nested { strict: true }", shared_data)
    assert per_split(corpus, "sentences", ["dev", "test"]) == (1_669, 1_854)
    layers = (3_983 + 354, 4_920 + 539 + 15)
    assert per_split(corpus, "entities", ["dev", "test"]) == layers
    facts = [list(corpus.statistics[split]["facts"]) for split in ("dev", "test")]
    assert [len(layers) for layers in facts] == [2, 3]
    assert len(corpus.schema.entity_types) == 5
