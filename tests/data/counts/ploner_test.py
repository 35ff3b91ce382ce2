"""PLONER: blanks at the end of every line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tango_ie.data.readers import ColumnReader
from tests.data.counts.counting import converted, per_split, ready_made


@pytest.mark.parametrize(
    ("domain", "entities"), [("connl03", (3_982, 551, 1_127)), ("wnut16", (2_838, 399, 782))]
)
def test_counts(domain: str, entities: tuple[int, ...], shared_data: Path) -> None:
    corpus = ready_made(f"ploner('{domain}')", shared_data)
    assert per_split(corpus, "sentences") == (1_750, 250, 500)
    assert per_split(corpus, "entities") == entities
    assert corpus.schema.entity_types == ("LOC", "ORG", "PER")

    files = {"all": f"{domain}_all.txt"}
    whole = converted(ColumnReader(["word", "entities"]), shared_data / "ploner", files)
    parts = [sentence for split in corpus for sentence in corpus[split]]
    assert Counter(map(repr, whole["all"])) == Counter(map(repr, parts))
