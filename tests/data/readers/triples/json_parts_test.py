from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.readers.triples.json_parts import iter_parts

_ITEMS = st.lists(st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers()))


@given(st.lists(_ITEMS, min_size=1, max_size=3), st.sampled_from([None, 1]))
def test_all_items_in_order(parts: list[list[Any]], indent: int | None) -> None:
    stream = io.StringIO(json.dumps(parts, indent=indent))
    found: list[list[Any]] = [[] for _ in parts]
    for item in iter_parts(stream, "here", len(parts)):
        found[item.part].append(item.value)
    assert found == parts


def test_lines() -> None:
    items = iter_parts(io.StringIO("[\n[1,\n2], [\n\n3]]\n"), "here", 2)
    assert [item.line for item in items] == [2, 3, 5]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "a list of 2 lists: expected '\\[', the file ends early"),
        ("{}", "expected '\\[', found '{'"),
        ("[1, 2]", "expected '\\[', found '1'"),
        ("[[1]]", "expected ',', found ']'"),
        ("[[1], [2], [3]]", "expected ']', found ','"),
        ("[[1 2], [3]]", "parted by commas: expected ',', found '2'"),
        ("[[1,, 2], [3]]", "not JSON"),
        ("[[1], [3", "expected ',', the file ends early"),
        ("[[1], [3]", "expected ']', the file ends early"),
        ("[[1], [3]] 4", "text after the end of the lists"),
    ],
)
def test_other_forms(text: str, message: str) -> None:
    with pytest.raises(DataError, match=f"here, line 1: .*{message}"):
        list(iter_parts(io.StringIO(text), "here", 2))
