from __future__ import annotations

import pytest

from tango_ie.data.alignment import Offset
from tango_ie.data.conllu_form import DocumentPlace, locate, no_space_after


@pytest.mark.parametrize(
    ("tokens", "text", "offsets"),
    [
        (["a", "b"], "ab", [(0, 1), (1, 2)]),
        (["a", "b"], " a\u00a0 b ", [(1, 2), (4, 5)]),
        (["a b", "c"], "a b c", [(0, 3), (4, 5)]),
        (["a", "a"], "a", None),
        (["b", "a"], "a b", None),
        (["a"], "", None),
    ],
)
def test_words_in_a_text(tokens: list[str], text: str, offsets: list[Offset] | None) -> None:
    assert locate([(token, [token]) for token in tokens], text) == offsets


def test_blanks_between_words() -> None:
    assert no_space_after([(0, 1), (1, 2), (3, 4)]) == [True, False, False]
    assert no_space_after([(0, 1)]) == [False]


def test_documents_are_named_or_numbered() -> None:
    place = DocumentPlace()
    assert place.next() == (None, None)
    place.open("a")
    assert [place.next(), place.next()] == [("a", 0), ("a", 1)]
    place.open(None)
    assert place.next() == ("2", 0)
