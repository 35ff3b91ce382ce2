from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.readers.lines.python_lists import number_list, string_list

_signs = st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cn", "Co", "Cf"])


@given(st.lists(st.text(_signs | st.just(" "), max_size=8)))
def test_strings_as_python_writes_them(items: list[str]) -> None:
    assert string_list(repr(items), "cell") == items


@given(st.lists(st.integers(0, 10**9 - 1)))
def test_numbers_as_python_writes_them(items: list[int]) -> None:
    assert number_list(repr(items), "cell") == items


@pytest.mark.parametrize("text", ["[]", "[ ]", " [] "])
def test_nothing(text: str) -> None:
    assert string_list(text, "cell") == []
    assert number_list(text, "cell") == []


@pytest.mark.parametrize(
    "text",
    [
        *("", "[", "]", "[']", "['a'", "'a'", "['a',]", "['a' 'b']", "[,]", "['a'] + ['b']"),
        *("['a']]", "[['a']]", "('a',)", "['a', 1]", "[None]", r"['\x41']", r"['\d']", "['a\\']"),
        *("[f'a']", "[__import__('os').abort()]", "[" * 10_000, "['a'" + ", 'a'" * 10_000),
    ],
)
def test_anything_else_is_an_error(text: str) -> None:
    with pytest.raises(DataError, match=r"cell must be a list like .*, found"):
        string_list(text, "cell")


@pytest.mark.parametrize(
    "text", ["[-1]", "[1.0]", "[1e3]", "[1_0]", "[" + "9" * 5_000 + "]", "[٣]"]
)
def test_other_numbers_are_errors(text: str) -> None:
    with pytest.raises(DataError, match="cell must be a list of word numbers"):
        number_list(text, "cell")
