"""Real files: what is read from them is what ``shared/data/README.md`` counts in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tango_ie.data.conversion import convert
from tango_ie.data.readers import ColumnReader

CONLL_COLUMNS = ["word", "pos", "chunk", "entities"]
IOB1_FILES = {"train": "eng.train", "dev": "eng.testa", "test": "eng.testb"}
IOB2_FILES = {"train": "train.txt", "dev": "dev.txt", "test": "test.txt"}
DOMAINS = [
    ("ai", (100, 350, 431), (532, 1549, 1809), 14),
    ("music", (100, 380, 465), (648, 2679, 3336), 13),
    ("politics", (200, 541, 651), (1304, 3482, 4209), 9),
    ("science", (200, 450, 543), (1075, 2538, 3089), 17),
]


def counts(statistics: dict[str, Any], key: str) -> tuple[int, ...]:
    return tuple(
        sum(split[key].values()) if isinstance(split[key], dict) else split[key]
        for split in statistics.values()
    )


def paths(folder: Path, files: dict[str, str]) -> dict[str, Path]:
    return {name: folder / file for name, file in files.items()}


def test_conll2003_iob1_is_iob2_after_conversion(shared_data: Path) -> None:
    folder = shared_data / "conll2003"
    iob1 = ColumnReader(CONLL_COLUMNS, scheme="iob1", tag_schemes={"chunk": "iob1"})
    ours = convert(iob1, paths(folder / "iob1", IOB1_FILES))
    theirs = convert(ColumnReader(CONLL_COLUMNS), paths(folder / "iob2", IOB2_FILES), strict=True)
    assert ours.fingerprint == theirs.fingerprint
    for name in IOB1_FILES:
        assert ours[name].sentences() == theirs[name].sentences()

    assert counts(ours.statistics, "sentences") == (14_041, 3_250, 3_453)
    assert counts(ours.statistics, "words") == (203_621, 51_362, 46_435)
    assert counts(ours.statistics, "documents") == (946, 216, 231)
    assert counts(ours.statistics, "entities") == (23_499, 5_942, 5_648)
    assert ours.statistics["train"]["entities"] == {
        "LOC": 7140,
        "MISC": 3438,
        "ORG": 6321,
        "PER": 6600,
    }
    # The readme calls B- in iob1 a mark between neighbours only; twice in train it is not.
    (kind,) = ours.statistics["train"]["notes"]
    assert ours.statistics["train"]["notes"][kind]["count"] == 2
    assert ours.schema.entity_types == ("LOC", "MISC", "ORG", "PER")


def test_corrected_test_sets_of_conll2003(shared_data: Path) -> None:
    folder = shared_data / "conll2003" / "corrected"
    files = {"conllpp": "conllpp_test.txt", "reconll": "reconll_test.txt"}
    statistics = convert(ColumnReader(CONLL_COLUMNS), paths(folder, files)).statistics
    assert counts(statistics, "sentences") == (3_453, 3_443)
    assert counts(statistics, "entities") == (5_702, 5_651)
    assert statistics["conllpp"]["notes"] == {}
    (note,) = statistics["reconll"]["notes"].values()
    assert note["count"] == 1


@pytest.mark.parametrize(("domain", "sentences", "entities", "types"), DOMAINS)
def test_crossner(
    domain: str,
    sentences: tuple[int, ...],
    entities: tuple[int, ...],
    types: int,
    shared_data: Path,
) -> None:
    reader = ColumnReader(["word", "entities"], separator="\t")
    corpus = convert(reader, paths(shared_data / "crossner" / domain, IOB2_FILES), strict=True)
    assert counts(corpus.statistics, "sentences") == sentences
    assert counts(corpus.statistics, "entities") == entities
    assert len(corpus.schema.entity_types) == types


@pytest.mark.parametrize("separator", [None, "\t"])
def test_wnut17(separator: str | None, shared_data: Path) -> None:
    files = {
        "train": "wnut17train.conll",
        "dev": "emerging.dev.conll",
        "test": "emerging.test.annotated",
    }
    reader = ColumnReader(["word", "entities"], separator=separator)
    corpus = convert(reader, paths(shared_data / "wnut17", files))
    assert counts(corpus.statistics, "sentences") == (3_394, 1_009, 1_287)
    assert counts(corpus.statistics, "words") == (62_730, 15_733, 23_394)
    assert counts(corpus.statistics, "entities") == (1_975, 836, 1_079)
    assert "creative-work" in corpus.schema.entity_types
    assert len(corpus.schema.entity_types) == 6
    words = [word for sentence in corpus["dev"] for word in sentence.words]
    assert any("\u200b" in word for word in words) and any("\ufeff" in word for word in words)


def test_bare_tags_of_wnut16(shared_data: Path) -> None:
    reader = ColumnReader(["word", "entities"], separator="\t", bare_label="entity")
    files = {"train": "train_notypes", "dev": "dev_notypes", "test": "test_notypes"}
    corpus = convert(reader, paths(shared_data / "wnut16", files))
    assert counts(corpus.statistics, "sentences") == (2_394, 1_000, 3_850)
    assert corpus.schema.entity_types == ("entity",)


def test_tag_first_and_trailing_blanks(shared_data: Path) -> None:
    tag_first = ColumnReader(["entities", "word"], separator="\t")
    files = {"train": "engtrain.bio", "test": "engtest.bio"}
    corpus = convert(tag_first, paths(shared_data / "mit_movie", files))
    assert counts(corpus.statistics, "sentences") == (9_775, 2_443)
    assert counts(corpus.statistics, "entities") == (21_295, 5_339)

    files = {name: f"connl03_{name}.txt" for name in ("train", "dev", "test")}
    corpus = convert(ColumnReader(["word", "entities"]), paths(shared_data / "ploner", files))
    assert counts(corpus.statistics, "sentences") == (1_750, 250, 500)
    assert counts(corpus.statistics, "entities") == (3_982, 551, 1_127)


def test_nested_layers_of_genia(shared_data: Path) -> None:
    reader = ColumnReader(["word", *["entities"] * 4], separator="\t")
    files = {"dev": "genia.dev.iob2", "test": "genia.test.iob2"}
    corpus = convert(reader, paths(shared_data / "genia" / "nested_iob2", files))
    assert counts(corpus.statistics, "sentences") == (1_669, 1_854)
    assert counts(corpus.statistics, "entities") == (3_983 + 354, 4_920 + 539 + 15)


def test_characters_of_msra(shared_data: Path) -> None:
    reader = ColumnReader(["word", "entities"], separator="\t")
    corpus = convert(reader, {"test": shared_data / "msra" / "msra_test_bio"}, strict=True)
    assert counts(corpus.statistics, "sentences") == (3_442,)
    assert counts(corpus.statistics, "entities") == (6_190,)
    assert corpus.statistics["test"]["longest_sentence"] == 2_427
