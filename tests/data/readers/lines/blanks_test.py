from __future__ import annotations

import pytest

from tango_ie.data.readers.lines.blanks import split_at_blanks


@pytest.mark.parametrize(
    ("line", "cells"),
    [
        ("a b\tc \r\n", ["a", "b", "c"]),
        ("  a\n", ["a"]),
        ("a\u3000b\x1cc\x0bd\u2028 e", ["a\u3000b\x1cc\x0bd\u2028", "e"]),
        (" \t\r\n", []),
        ("", []),
    ],
)
def test_cells(line: str, cells: list[str]) -> None:
    assert split_at_blanks(line) == cells
