from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.sentence_splitting import Unit, check_unit, split_text

signs = st.sampled_from([*'aB. !?\n\r\t("”。…é\u2028', "Dr", "e.g", " \u0301"])
passages = st.lists(signs, max_size=30).map("".join)
units = st.sampled_from(["sentence", "line", "document"])


def split(
    text: str, unit: Unit = "sentence", whole: list[tuple[int, int]] | None = None
) -> list[str]:
    return [text[start:end] for start, end in split_text(text, unit, whole or [])]


@pytest.mark.parametrize(
    "text",
    [
        "It ended. | Then it began!  | Did it? | Yes…",
        "He said “stop.” | She left.",
        "(It rained.) | (It snowed.)",
        "Dr. Holm met Prof. A. B. Ek in St. Gallen, U.S. territory.",
        "See Fig. 3 and cf. Smith et al. Nature, vol. 3.",
        "It cost 3.50 in Jan. 1990. | Then more.",
        "grew in E. coli. | In yeast not.",
        "Es war spät. | Österreich schlief.",
        "他来了。|她走了！|好",
        "וזה סוף. | והתחלה.",
        "no capital. follows here",
        "Wait... | What?! | No",
        "The sun. | The sea.",
    ],
)
def test_sentences_end_where_a_reader_would_say_so(text: str) -> None:
    parts = [part.strip() for part in text.split("|")]
    assert split(text.replace("|", "")) == parts


def test_units() -> None:
    text = "\n One. Two\r\nthree.\n\n"
    assert split(text) == ["One.", "Two", "three."]
    assert split(text, "line") == ["One. Two", "three."]
    assert split(text, "document") == ["One. Two\r\nthree."]
    assert split(" \n\t") == []
    with pytest.raises(ConfigurationError, match="unit: 'page' is none of 'sentence', 'line'"):
        check_unit("page")


def test_spans_are_not_cut() -> None:
    text = "The E. Coli Co. Ltd\nof Oslo. Yes. No."
    assert split(text, whole=[(4, 27)]) == ["The E. Coli Co. Ltd\nof Oslo.", "Yes.", "No."]
    assert split(text, "line", [(0, 3), (16, 22)]) == [text]
    assert split("A.\nB", whole=[(0, 2), (3, 4)]) == ["A.", "B"]


@given(passages, units, st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=3))
def test_no_character_is_lost_and_no_span_is_cut(
    text: str, unit: Unit, marks: list[tuple[int, int]]
) -> None:
    whole = [(start, start + size) for start, size in marks if start + size <= len(text)]
    offsets = split_text(text, unit, whole)
    last = 0
    for start, end in offsets:
        assert last <= start < end and not text[last:start].strip()
        assert text[start:end] == text[start:end].strip()
        last = end
    assert not text[last:].strip()
    for first, final in whole:
        for (_, end), (start, _) in pairwise(offsets):
            assert not (text[first:end].strip() and text[start:final].strip() and final > start)


def test_long_runs_of_signs_take_no_time() -> None:
    assert len(split_text("." * 200_000 + "\n" + ")" * 200_000 + "." + " " * 200_000)) == 2
