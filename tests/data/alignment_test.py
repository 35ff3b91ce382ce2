from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.alignment import TOKENISATIONS, Aligner, check_tokenisation, cut, tokenise

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


def words(text: str, method: str = "words") -> list[str]:
    return [text[start:end] for start, end in tokenise(text, method)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "IL-2-mediated (p < 0.05)",
            ["IL", "-", "2", "-", "mediated", "(", "p", "<", "0", ".", "05", ")"],
        ),
        ("Ne\u0301e\u0301 à Zürich", ["Ne\u0301e\u0301", "à", "Zürich"]),
        ("שלום, עולם", ["שלום", ",", "עולם"]),
        ("👩\u200d👧 and 🇳🇱!", ["👩\u200d👧", "and", "🇳🇱", "!"]),
        ("a_b\tc\r\nd", ["a_b", "c", "d"]),
        ("कि ताब", ["कि", "ताब"]),
        ("", []),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_blanks_and_characters() -> None:
    assert words("a-b c.", "blanks") == ["a-b", "c."]
    assert words("e\u0301雨 x", "characters") == ["e\u0301", "雨", "x"]
    check_tokenisation("blanks")
    with pytest.raises(ConfigurationError, match="tokenisation: 'word' is none of 'words'"):
        check_tokenisation("word")


@given(text=TEXTS, method=st.sampled_from(TOKENISATIONS))
def test_nothing_but_blanks_lies_between_words(text: str, method: str) -> None:
    offsets = tokenise(text, method)  # type: ignore[arg-type]
    covered = [0, *(place for offset in offsets for place in offset), len(text)]
    assert covered == sorted(covered) and all(start < end for start, end in offsets)
    gaps = zip(covered[::2], covered[1::2], strict=True)
    assert not "".join(text[start:end] for start, end in gaps).strip()


@given(text=TEXTS, boundaries=st.lists(st.integers(0, 30)))
def test_a_cut_word_has_parts_that_join(text: str, boundaries: list[int]) -> None:
    offsets = tokenise(text)
    parts = cut(offsets, boundaries)
    assert "".join(text[a:b] for a, b in parts) == "".join(text[a:b] for a, b in offsets)
    assert all(not any(a < place < b for place in boundaries) for a, b in parts)


@given(text=TEXTS, first=st.integers(0, 30), last=st.integers(0, 30))
def test_spans_like_a_search_word_by_word(text: str, first: int, last: int) -> None:
    offsets = tokenise(text)
    start, end = sorted((first, last))
    covered = text[start:end]
    begin = start + len(covered) - len(covered.lstrip())
    finish = end - (len(covered) - len(covered.rstrip()))
    touched = [at for at, (a, b) in enumerate(offsets) if a < finish and b > begin]
    found = Aligner(text, offsets).words(start, end)
    if begin >= finish or not touched:
        assert found is None
        return
    assert found is not None
    assert [*range(found.start, found.end)] == touched
    span = (offsets[touched[0]][0], offsets[touched[-1]][1])
    assert found.exact == (span == (begin, finish))
