from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tango_ie.reporting.sentence_drawing import Bracket, Layer, SentenceDrawing
from tests.data.generated import any_entities, filled


def drawn(words: str, *brackets: Bracket, width: int = 60, name: str = "") -> list[str]:
    drawing = SentenceDrawing(words.split(), [Layer(name, brackets)])
    return [line.plain.rstrip() for line in drawing.lines(width)]


def test_words_make_room_for_labels() -> None:
    assert drawn("a of b", Bracket("PERSON", 0, 1), Bracket("X", 1, 3)) == [
        "a        of b",
        "└PERSON┘ └X─┘",
    ]


def test_nested_brackets_go_under_the_longer_ones() -> None:
    lines = drawn("Bank of Ghent", Bracket("LOC", 2, 3), Bracket("ORG", 0, 3))
    assert lines == ["Bank of Ghent", "└────ORG────┘", "        └LOC┘"]


def test_brackets_go_on_on_the_next_line() -> None:
    lines = drawn("one two three four", Bracket("X", 1, 4), width=9, name="gold")
    assert lines == [
        "     one",
        "     two",
        "gold └X╴",
        "     three",
        "gold ╶─X─╴",
        "     four",
        "gold ╶X─┘",
    ]


def test_a_bracket_over_words_of_one_cell_still_opens_and_closes() -> None:
    lines = drawn("0 0 0 0 0", Bracket("PER", 0, 5), width=5, name="gold")
    assert lines[1::2] == ["gold └", "gold ─", "gold ─", "gold ─", "gold ┘"]


def test_wide_and_invisible_signs_keep_brackets_in_place() -> None:
    lines = drawn("雨水 e\u0301 \u200b\t x", Bracket("A", 0, 1), Bracket("B", 1, 2))
    assert lines[0].startswith("雨水 e\u0301")
    assert lines[1].index("└B┘") == cell_len("└─A┘ ")


@given(st.data())
def test_every_bracket_is_as_wide_as_its_words(data: st.DataObject) -> None:
    words = data.draw(st.lists(filled, min_size=1, max_size=6))
    entities = data.draw(any_entities(len(words)))
    width = data.draw(st.integers(5, 80))
    brackets = [Bracket(item.label, item.start, item.end) for item in entities]
    lines = list(SentenceDrawing(words, [Layer("gold", brackets)]).lines(width))
    text = "".join(line.plain for line in lines)
    assert text.count("└") == text.count("┘") == len(entities)
    assert "\n" not in text and "\t" not in text


@pytest.mark.parametrize("words", [[], ["a"]])
def test_nothing_is_drawn_under_plain_words(words: list[str]) -> None:
    lines = [line.plain for line in SentenceDrawing(words, []).lines(20)]
    assert [line.split() for line in lines] == ([words] if words else [])
