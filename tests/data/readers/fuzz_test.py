"""Damaged copies of sound files: nothing but a ``DataError`` ever comes out of a reader."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tests.data.readers.cases import Case, cases

_PIECES = [
    *(
        b"\n",
        b"\r\n",
        b"\n\n",
        b"\t",
        b" ",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xed\xa0\x80",
        b"\\",
    ),
    *(b'"', b"[", b"]", b"{", b"}", b",", b":", b"-", b"|", b"<", b">", b"&", b"#", b"*", b"="),
    *(b"0", b"-1", b"99999999999999999999", b"1e400", b"NaN", b"null", b"true", b"B-", b"I-X"),
    *("é\u0301\u200b\u2028".encode(), b"[" * 3000, b"A" * 200),
]
_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)

EXAMPLES = 60


def read_all(case: Case, path: Path) -> None:
    """Read a file to its end, or to a ``DataError``."""
    with suppress(DataError):
        for sentence in case.reader().read(path, Notes()):
            assert sentence.words


@st.composite
def damage(draw: st.DrawFn) -> Callable[[bytes], bytes]:
    """A few cuts, insertions and replacements at places given as shares of the length."""
    share = st.floats(0, 1, exclude_max=True)
    edits = draw(
        st.lists(
            st.tuples(share, st.integers(0, 12), st.sampled_from(_PIECES) | st.binary(max_size=4)),
            min_size=1,
            max_size=4,
        )
    )
    end = draw(st.none() | share)

    def function(content: bytes) -> bytes:
        for place, length, piece in edits:
            start = int(place * (len(content) + 1))
            content = content[:start] + piece + content[start + length :]
        return content if end is None else content[: int(end * len(content))]

    return function


@pytest.mark.parametrize("case", cases("sound"), ids=lambda case: case.name)
@settings(max_examples=EXAMPLES)
@given(change=damage(), which=st.integers(0, 99))
def test_damaged_bytes(
    case: Case,
    change: Callable[[bytes], bytes],
    which: int,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    copy = tmp_path_factory.mktemp("fuzz") / case.path.name
    if case.path.is_dir():
        shutil.copytree(case.path, copy)
        files = sorted(file for file in copy.rglob("*") if file.is_file())
        target = files[which % len(files)]
    else:
        shutil.copy(case.path, copy)
        target = copy
    target.write_bytes(change(target.read_bytes()))
    read_all(case, copy)


def json_cases() -> list[Case]:
    """Cases whose file is one JSON value, or one a line."""
    found = []
    for case in cases("sound"):
        if case.path.is_file():
            with suppress(ValueError):
                parsed(case.path)
                found.append(case)
    return found


def parsed(path: Path) -> tuple[list[Any], bool]:
    """The records of a file, and whether they stand on lines of their own."""
    text = path.read_text(encoding="utf-8")
    try:
        value = json.loads(text)
    except ValueError:
        return [json.loads(line) for line in text.splitlines() if line.strip()], True
    return (value, False) if isinstance(value, list) else ([value], True)


def replaced(value: Any, place: int, new: Any) -> tuple[Any, int]:
    """``value`` with the part that is ``place``-th in depth-first order replaced by ``new``."""
    if place == 0:
        return new, -1
    place -= 1
    if isinstance(value, (list, dict)):
        keys = range(len(value)) if isinstance(value, list) else list(value)
        value = value.copy()
        for key in keys:
            if place < 0:
                break
            value[key], place = replaced(value[key], place, new)
    return value, place


@pytest.mark.parametrize("case", json_cases(), ids=lambda case: case.name)
@settings(max_examples=EXAMPLES)
@given(changes=st.lists(st.tuples(st.integers(1, 150), _VALUES), min_size=1, max_size=3))
def test_other_values(
    case: Case, changes: list[tuple[int, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    records: Any
    records, lines = parsed(case.path)
    for place, new in changes:
        records, _ = replaced(records, place, new)
    if lines and isinstance(records, list):
        text = "\n".join(map(json.dumps, records))
    else:
        text = json.dumps(records)
    copy = tmp_path_factory.mktemp("fuzz") / case.path.name
    copy.write_text(text, encoding="utf-8")
    read_all(case, copy)
