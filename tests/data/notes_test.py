from __future__ import annotations

import re

import pytest

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes


def test_counts_everything_and_shows_the_first_cases() -> None:
    notes = Notes()
    for line in range(1, 6):
        notes.add("I without B", "I-PER after O", "a.txt", line)
    notes.add("dropped", "a pair", count=7)
    assert notes.counts == {"I without B": 5, "dropped": 7}
    assert list(notes.to_json()) == ["I without B", "dropped"]
    assert notes.to_json()["I without B"] == {
        "count": 5,
        "examples": [f"a.txt, line {line}: I-PER after O" for line in (1, 2, 3)],
    }


def test_strict_notes_are_errors_with_their_place() -> None:
    message = "a.txt, line 3: I without B: I-PER after O"
    with pytest.raises(DataError, match=re.escape(message)):
        Notes(strict=True).add("I without B", "I-PER after O", "a.txt", 3)
