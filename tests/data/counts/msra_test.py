"""MSRA: characters in place of words, compressed, and very long."""

from __future__ import annotations

from pathlib import Path

from tests.data.counts.counting import per_split, ready_made


def test_counts(shared_data: Path) -> None:
    corpus = ready_made("msra { strict: true }", shared_data)
    splits = ("train", "test")
    assert per_split(corpus, "sentences", splits) == (45_000, 3_442)
    assert per_split(corpus, "entities", splits) == (75_059, 6_190)
    assert corpus.statistics["train"]["entities"] == {"LOC": 36_860, "ORG": 20_584, "PER": 17_615}
    assert corpus.statistics["test"]["longest_sentence"] == 2_427
    long = sum(int((corpus[split].num_words > 510).sum()) for split in splits)
    assert long == 36
