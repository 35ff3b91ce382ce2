"""Files of vectors: the forms they come in, and what is wrong with some."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import DataError
from tango_ie.data.notes import Notes
from tango_ie.data.vector_files import VectorRows, read_vectors

Write = Callable[[bytes], Path]
PLAIN = b"the 1 2 3\n, .5 -.5 1e-3\nAda 7 8 9\n"


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(content: bytes) -> Path:
        path = tmp_path / "vectors.txt"
        path.write_bytes(content)
        return path

    return written


def table(rows: VectorRows) -> dict[str, list[float]]:
    return {word: vector.tolist() for word, vector in zip(rows.words, rows.vectors, strict=True)}


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.rstrip(),
        PLAIN.replace(b"\n", b"\r\n"),
        PLAIN.replace(b"\n", b" \n"),  # as word2vec writes it
        b"3 3\n" + PLAIN,
        b"\xef\xbb\xbf" + PLAIN,
        gzip.compress(PLAIN),
    ],
    ids=["plain", "no_last_line_end", "crlf", "word2vec", "header", "mark", "gzip"],
)
def test_forms(content: bytes, write: Write) -> None:
    notes = Notes(strict=True)
    found = read_vectors(write(content), notes=notes)
    assert found.words == ("the", ",", "Ada") and found.num_rows == 3
    assert found.vectors.dtype == np.float32
    expected = np.array([[1, 2, 3], [0.5, -0.5, 1e-3], [7, 8, 9]], np.float32)
    assert np.array_equal(found.vectors, expected)


def test_only_what_is_wanted_in_the_order_of_the_file(write: Write) -> None:
    path = write(PLAIN + b"Bob 1 1 1\n")
    assert table(read_vectors(path, {"Ada", "the", "absent"})) == {
        "the": [1, 2, 3],
        "Ada": [7, 8, 9],
    }
    assert read_vectors(path, {"Bob"}, also_first=2).words == ("the", ",", "Bob")
    nothing = read_vectors(path, set())
    assert nothing.words == () and nothing.vectors.shape == (0, 3) and nothing.num_rows == 4


def test_odd_words(write: Write) -> None:
    odd = ". . . 1 0 1\nat name@x.org 2 0 2\nMünchen 3 0 3\n\xa0x 4 0 4\n7 5 0 5\n"
    path = write(PLAIN + odd.encode())
    found = table(read_vectors(path, notes=Notes(strict=True)))
    assert found[". . ."] == [1, 0, 1] and found["at name@x.org"] == [2, 0, 2]
    assert found["München"] == [3, 0, 3] and found["\xa0x"] == [4, 0, 4] and found["7"] == [5, 0, 5]


FAULTS = {
    b"short 1 2\n": ("rows of another length", "2 values, not 3"),
    b"long 1 2 3 4\n": ("rows of another length", "4 values, not 3"),
    b"\n": ("rows of another length", "0 values, not 3"),
    b" 1 2 3\n": ("rows without a word", "begins with a space"),
    b"M\xfcnchen 1 2 3\n": ("words that are not UTF-8", r"M\\xfcnchen"),
    b"the 4 5 6\n": ("words that occur again", "'the'"),
    b"x 1 2 three\n": ("values that are no numbers", "three"),
    b"x 1 2 nan\n": ("values that are no numbers", "not finite"),
    b"x  1 2\n": ("values that are no numbers", "x"),
}


@pytest.mark.parametrize("row", FAULTS)
@pytest.mark.parametrize("header", [b"", b"4 3\n"], ids=["bare", "header"])
def test_faults_are_noted_or_named_with_their_line(row: bytes, header: bytes, write: Write) -> None:
    kind, detail = FAULTS[row]
    path = write(header + PLAIN + row)
    notes = Notes()
    found = read_vectors(path, notes=notes)
    assert found.words == ("the", ",", "Ada") and found.num_rows == 4
    assert found.vectors[0].tolist() == [1, 2, 3]
    assert notes.counts == {kind: 1}
    line = 5 if header else 4
    with pytest.raises(DataError, match=f"line {line}: {kind}: .*{detail}") as caught:
        read_vectors(path, notes=Notes(strict=True))
    assert caught.value.line == line


def test_values_of_other_words_are_not_looked_at(write: Write) -> None:
    read_vectors(write(PLAIN + b"x 1 2 three\n"), {"the"}, notes=Notes(strict=True))


def test_fewer_rows_than_announced(write: Write) -> None:
    notes = Notes()
    read_vectors(write(b"400 3\n" + PLAIN), notes=notes)
    assert notes.counts == {"another number of rows than announced": 1}


NO_VECTORS = {
    b"": "holds no vectors",
    b"one\nword\nper\nline\n": "holds no vectors",
    b"PK\x03\x04rest": "zip archive; unpack it",
    b"2 3\n\x00\x01\x02\x03\n": "zero bytes: a binary file",
    gzip.compress(PLAIN * 500)[:-20]: "damaged or cut off",
    b"3 300\n" + PLAIN: "announces 300 values in a row, there are 3",
}


@pytest.mark.parametrize("content", NO_VECTORS)
def test_other_files(content: bytes, write: Write) -> None:
    with pytest.raises(DataError, match=NO_VECTORS[content]):
        read_vectors(write(content))


words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\n\r\t \0"), min_size=1, max_size=6
)


@given(st.dictionaries(words, st.lists(st.floats(-9, 9, width=32), min_size=2, max_size=2)))
def test_round_trip(rows: dict[str, list[float]]) -> None:
    rows = {"first": [1.0, 2.0], "second": [0.5, 1.5], **rows}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "vectors.txt")
        lines = [f"{word} {one!r} {two!r}\n" for word, (one, two) in rows.items()]
        path.write_text("".join(lines), encoding="utf-8", newline="\n")
        assert table(read_vectors(path, notes=Notes(strict=True))) == rows


def test_the_samples_of_glove(shared_data: Path) -> None:
    for size in (100, 300):
        path = shared_data / f"glove/glove.6B.{size}d.sample.txt.gz"
        found = read_vectors(path, notes=Notes(strict=True))
        assert found.vectors.shape == (100, size) and found.words[0] == "the"
    notes = Notes()
    found = read_vectors(shared_data / "glove/glove.840B.300d.head.txt", notes=notes)
    assert notes.counts == {"rows without a word": 4, "rows of another length": 1}
    assert found.num_rows == len(found.words) + 5
    assert {line for line in (9, 37, 64) if f"line {line}" in str(notes.to_json())} == {9, 37, 64}
