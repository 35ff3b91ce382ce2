"""WNUT16 and WNUT17: lone tabs between sentences, labels with dashes, signs without width."""

from __future__ import annotations

from pathlib import Path

from tango_ie.data.readers import ColumnReader
from tests.data.counts.counting import converted, per_split, ready_made


def test_wnut17(shared_data: Path) -> None:
    corpus = ready_made("wnut17 { strict: true }", shared_data)
    assert per_split(corpus, "sentences") == (3_394, 1_009, 1_287)
    assert per_split(corpus, "words") == (62_730, 15_733, 23_394)
    assert per_split(corpus, "entities") == (1_975, 836, 1_079)
    assert len(corpus.schema.entity_types) == 6
    assert "creative-work" in corpus.schema.entity_types
    words = {word for sentence in corpus["dev"] for word in sentence.words}
    assert any("\u200b" in word for word in words)
    assert any("\ufeff" in word for word in words)


def test_any_blank_may_part_the_columns(shared_data: Path) -> None:
    files = {"train": "wnut17train.conll"}
    blanks, tabs = (
        converted(ColumnReader(["word", "entities"], separator), shared_data / "wnut17", files)
        for separator in (None, "\t")
    )
    assert blanks.fingerprint == tabs.fingerprint


def test_wnut16(shared_data: Path) -> None:
    corpus = ready_made("wnut16 { strict: true }", shared_data)
    assert per_split(corpus, "sentences") == (2_394, 1_000, 3_850)
    assert per_split(corpus, "entities") == (1_496, 661, 3_473)
    assert len(corpus.schema.entity_types) == 10
    assert "geo-loc" in corpus.schema.entity_types
    assert any("\u200b" in word for sentence in corpus["test"] for word in sentence.words)


def test_bare_tags(shared_data: Path) -> None:
    corpus = ready_made("wnut16_notypes { strict: true }", shared_data)
    assert per_split(corpus, "sentences") == (2_394, 1_000, 3_850)
    assert per_split(corpus, "entities") == (1_496, 661, 3_473)
    assert corpus.schema.entity_types == ("entity",)
