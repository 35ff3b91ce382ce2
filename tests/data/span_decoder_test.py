from __future__ import annotations

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tango_ie.data.span_decoder import SpanDecoder


def decoder(notes: Notes) -> SpanDecoder:
    return SpanDecoder("auto", "entities", "a.txt", notes)


def test_the_scheme_is_stated_and_what_breaks_it_is_noted() -> None:
    notes = Notes()
    auto = decoder(notes)
    for line in range(1, 30):
        auto.decode(["I-X" if line % 6 == 0 else "B-X"], line)
    assert notes.to_json() == {}
    auto.finish()
    assert notes.facts == {"scheme of entities": "iob2"}
    assert notes.to_json() == {
        "entities: I without B (iob2)": {
            "count": 4,
            "examples": [
                f"a.txt, line {line}: I-X after the sentence's edge" for line in (6, 12, 18)
            ],
        }
    }


def test_strict_refuses_at_the_end() -> None:
    auto = decoder(Notes(strict=True))
    for line in range(1, 10):
        auto.decode(["I-X" if line == 7 else "B-X"], line)
    with pytest.raises(DataError, match=r"a\.txt, line 7: entities: I without B"):
        auto.finish()


def test_nothing_is_stated_where_there_is_nothing() -> None:
    notes = Notes()
    auto = decoder(notes)
    auto.decode(["O", "O"], 1)
    auto.finish()
    assert notes.facts == {}


@pytest.mark.parametrize(("one_line", "line"), [(False, 12), (True, 10)])
def test_a_bad_tag_is_placed(one_line: bool, line: int) -> None:
    with pytest.raises(DataError, match="column 'entities': 'Q' is not a tag") as caught:
        decoder(Notes()).decode(["O", "S-X", "Q"], 10, one_line)
    assert (caught.value.source, caught.value.line) == ("a.txt", line)
