from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.readers import json_objects
from tango_ie.data.readers.json_objects import iter_records, iter_values

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
RECORDS = st.lists(st.dictionaries(st.text(max_size=3), JSON, max_size=3), max_size=5)


def layouts(records: list[dict[str, Any]]) -> list[str]:
    lines = [json.dumps(record) for record in records]
    return [
        json.dumps(records),
        json.dumps(records, indent=2, ensure_ascii=False),
        "\n".join(lines),
        "\n\n ".join(lines) + "\n",
        " ".join(json.dumps(record, indent=1) for record in records),
    ]


@given(records=RECORDS, chunk=st.sampled_from([1, 2, 7, 64, 1 << 16]))
def test_records_of_every_layout(records: list[dict[str, Any]], chunk: int) -> None:
    for text in layouts(records):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(json_objects, "_CHUNK", chunk)
            found = [record.values for record in iter_records(io.StringIO(text), "f")]
        assert found == records


def test_lines_are_those_on_which_records_begin() -> None:
    text = '[\n {"a": [1,\n 2]},\n\n {"b": 3}, {}\n]\n'
    assert [record.line for record in iter_records(io.StringIO(text), "f")] == [2, 5, 5]
    assert [line for _, line in iter_values(io.StringIO("1\n2 3"), "f")] == [1, 2, 2]


@pytest.mark.parametrize("chunk", [1, 1 << 16])
@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[{"a": 1}\n', 2, "the array of records is cut off"),
        ('[{"a": 1},\n', None, "the array of records is cut off|not JSON"),
        ('[{"a": 1}]\n x', 2, "text after the end of the array"),
        ('{"a": 1', 1, "the file ends within a record"),
        ('{"a": 1}\n{"b"', 2, "the file ends within a record"),
        ('[{"a": 1}\n{"b": 2}]', 2, "expected , or ]"),
        ("[{},\n1]", 2, "each record must be an object, found 1"),
        ('{}\n{"a":\n "x', 3, r"not JSON.*\(the record begins on line 2\)"),
        ('{"a": "\\ud800"}', 1, "half of a character"),
        ("[" * 100_000, 1, "nested too deeply"),
        (f"[{'9' * 5000}]", 1, "cannot be read"),
    ],
)
def test_broken_files(
    text: str, line: int | None, message: str, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_objects, "_CHUNK", chunk)
    with pytest.raises(DataError, match=message) as caught:
        list(iter_records(io.StringIO(text), "f"))
    assert caught.value.source == "f"
    assert line is None or caught.value.line == line
