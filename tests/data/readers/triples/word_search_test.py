from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.readers.triples.word_search import (
    Found,
    Place,
    WordSearch,
    without_accents,
    words_of,
)


def plain(*spans: tuple[int, int], bare: bool = False) -> Found:
    return Found(tuple(Place(*span) for span in spans), bare)


def test_words_are_parted_by_blanks_only() -> None:
    assert words_of(" one\u00a0two \t three\u3000four\r\n") == ["one\u00a0two", "three\u3000four"]
    assert words_of(" \r\n") == []


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("Bogotá", "Bogota"),
        ("Cafe\u0301  Ñandú", "Cafe Nandu"),
        ("ÉTÉ", "ETE"),
        ("\u00b4 a\u00a8b", "ab"),  # signs that come apart into a blank and a mark
        ("Łódź", "Łodz"),  # the stroke is a part of its letter
    ],
)
def test_without_accents(text: str, bare: str) -> None:
    assert without_accents(text) == bare


@pytest.mark.parametrize(
    ("sentence", "text", "found"),
    [
        ("Ada met Ada Byron", "Ada", plain((0, 1), (2, 3))),
        ("Ada met Ada Byron", "Ada  Byron ", plain((2, 4))),
        ("Ada met Ada Byron", "ada", plain()),  # capitals count
        ("Adam met Ada", "Ada", plain((2, 3))),
        ("a a a a a", "a a", plain((0, 2), (2, 4))),  # places do not overlap
        ("to Bogota , Colombia", "Bogotá , Colombia", plain((1, 4), bare=True)),
        ("to Bogotá", "Bogota", plain((1, 2), bare=True)),
        ("to Bogota and Bogotá", "Bogotá", plain((3, 4))),  # as it is, before without accents
        ("Ada", "", plain()),
        ("Ada", "\u0301", plain()),  # nothing is left of it without accents
        ("Ada", "Ada Byron", plain()),
    ],
)
def test_whole_words(sentence: str, text: str, found: Found) -> None:
    assert WordSearch(sentence.split()).find(text) == found


@pytest.mark.parametrize(
    ("sentence", "text", "places"),
    [
        ('he said "Ada Byron met', "Ada Byron", [Place(2, 4, True)]),
        ("Americans met pro-American Ada", "American", [Place(2, 3, True)]),  # no letter beside it
        ("Berlin wins", "in", [Place(0, 1, True), Place(1, 2, True)]),  # or else all
        ("x,x,x y", "x", [Place(0, 1, True)]),  # the same word once
        ("Ada's", "Ada's", [Place(0, 1)]),
        ('"Bogota', "Bogotá", [Place(0, 1, True)]),
    ],
)
def test_parts_of_words(sentence: str, text: str, places: list[Place]) -> None:
    assert list(WordSearch(sentence.split()).find(text).places) == places


def test_more_places_are_looked_for_where_more_are_wanted() -> None:
    search = WordSearch(['"Ada', "met", "Ada", "and", "Charles"])
    assert search.find("Ada").places == (Place(2, 3),)
    assert search.find("Ada", wanted=2).places == (Place(0, 1, True), Place(2, 3))
    # Where no way finds enough, the first of those that find most.
    assert search.find("Charles", wanted=9).places == (Place(4, 5),)


def test_a_long_monotonous_sentence() -> None:
    # Quadratic time would show here as a test that does not end.
    words = ["a"] * 200_000
    search = WordSearch(words)
    assert len(search.find("a").places) == 200_000
    assert len(search.find(" ".join(words[:100_000])).places) == 2
    assert search.find(" ".join([*words[:100_000], "b"])).places == ()


@given(st.lists(st.sampled_from("ab"), max_size=12), st.lists(st.sampled_from("ab"), max_size=3))
def test_whole_words_against_brute_force(words: list[str], wanted: list[str]) -> None:
    places, start = [], 0
    while wanted and start + len(wanted) <= len(words):
        if words[start : start + len(wanted)] == wanted:
            places.append(Place(start, start + len(wanted)))
            start += len(wanted)
        else:
            start += 1
    # With single letters a part of a word is a word.
    assert WordSearch(words).find(" ".join(wanted)) == Found(tuple(places))


_PIECES = st.text(st.sampled_from('aáA"\u0301 \u00a8-'), max_size=6)


@given(st.lists(_PIECES.filter(lambda word: bool(word.strip()) and " " not in word)), _PIECES)
def test_what_is_found_holds_the_text(words: list[str], text: str) -> None:
    found = WordSearch(words).find(text)
    for start, end, widened in found.places:
        there, wanted = " ".join(words[start:end]), " ".join(words_of(text))
        if found.bare:
            there, wanted = without_accents(there), without_accents(wanted)
        assert wanted in there if widened else wanted == there
    assert list(found.places) == sorted(set(found.places))
