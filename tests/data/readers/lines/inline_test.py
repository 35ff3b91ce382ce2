from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.inline import InlineReader

LINES = """\
wake:O me:O at:O 6:30:B-time am:I-time <=> set alarm
::O <=>:O\tulm:B-to.city_name
hi:O <=> <NULL>
"""


def test_words_tags_and_labels(tmp_path: Path) -> None:
    path = tmp_path / "train"
    path.write_text(LINES)
    notes = Notes()
    first = Sentence(
        ("wake", "me", "at", "6:30", "am"),
        (Entity("time", 3, 5),),
        tags={"intent": ("set alarm",) * 5},
    )
    rest = [Sentence((":", "<=>", "ulm"), (Entity("to.city_name", 2, 3),)), Sentence(("hi",))]
    assert list(InlineReader().read(path, notes)) == [first, *rest]
    assert notes.counts == {}
    other = next(InlineReader(sentence_label="aim").read(path))
    assert other.tags == {"aim": ("set alarm",) * 5}
    assert all(item.tags == {} for item in InlineReader(sentence_label=None).read(path))


def test_notes_and_errors_name_the_line(tmp_path: Path) -> None:
    path = tmp_path / "train"
    path.write_text("a:O\n \n<=> <NULL>\nto:O ulm:I-city\n")
    notes = Notes()
    sentences = list(InlineReader(scheme="iob2").read(path, notes))
    assert [sentence.words for sentence in sentences] == [("a",), ("to", "ulm")]
    assert notes.to_json() == {
        "entities: I without B (iob2)": {
            "count": 1,
            "examples": [f"{path}, line 4: I-city after O"],
        },
        "sentence without words left out": {
            "count": 2,
            "examples": [f"{path}, line 2: empty line", f"{path}, line 3: empty line"],
        },
    }
    path.write_text("a:O\na:O b\n")
    with pytest.raises(DataError, match="line 2: item 2 of the line has no tag: 'b'"):
        list(InlineReader().read(path))


def test_a_layer_needs_a_name() -> None:
    with pytest.raises(ConfigurationError, match="sentence_label: must not be empty"):
        InlineReader(sentence_label="")
