"""MIT Movie with its tags inline; the column files are made from these."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.data.readers.lines.column import ColumnReader
from tango_ie.data.readers.lines.inline import InlineReader
from tests.data.counts.counting import converted, total

FILES = {"train": "train", "valid": "valid", "test": "test"}
SETS = {
    "eng": ("movie_eng", (8_797, 978, 2_443), (19_137, 2_158, 5_339), (34, 0, 1)),
    "trivia10k13": ("movie_trivia10k13", (7_034, 782, 1_953), (20_712, 2_318, 5_686), (0, 0, 0)),
}
SOME_TYPES = {
    "eng": {"GENRE", "RATINGS_AVERAGE", "YEAR", "TRAILER"},
    "trivia10k13": {"Character_Name", "Plot", "Soundtrack"},
}


@pytest.mark.parametrize("name", SETS)
def test_counts(name: str, shared_data: Path) -> None:
    folder, sentences, entities, duplicates = SETS[name]
    root = shared_data / "mit_movie"
    inline = converted(InlineReader(), root / "inline" / folder, FILES, strict=True)
    assert total(inline, "sentences") == sentences
    assert total(inline, "entities") == entities
    assert len(inline.schema.entity_types) == 12
    assert SOME_TYPES[name] <= set(inline.schema.entity_types)
    assert inline.schema.tag_layers == {}, "<NULL> is no label"
    found = [len(inline[split]) - len({item.words for item in inline[split]}) for split in FILES]
    assert tuple(found) == duplicates
    assert not any(":" in word for split in FILES for item in inline[split] for word in item.words)

    tag_first = ColumnReader(["entities", "word"], separator="\t")
    files = {"train": f"{name}train.bio", "test": f"{name}test.bio"}
    columns = converted(tag_first, root, files, strict=True)
    assert columns["train"].sentences() == [*inline["train"], *inline["valid"]]
    assert columns["test"].sentences() == inline["test"].sentences()
