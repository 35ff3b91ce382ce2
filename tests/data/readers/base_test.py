from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.base import TextReader, located


class LineReader(TextReader):
    """One line is one sentence of one word."""

    def read_stream(self, stream: TextIO, source: str, notes: Notes) -> Iterator[Sentence]:
        for line in stream:
            yield Sentence((line.rstrip("\n"),))


def words(reader: TextReader, path: Path) -> list[str]:
    return [sentence.words[0] for sentence in reader.read(str(path))]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("größe\nÅ\n".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + "größe\nÅ\n".encode(), "utf-8"),
        (b"\xef\xbb\xbf" + "größe\nÅ\n".encode(), "UTF8"),
        ("größe\nÅ\n".encode("latin-1"), "latin-1"),
        ("größe\nÅ\n".encode("utf-16"), "utf-16"),
    ],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_encodings(content: bytes, encoding: str, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / ("data.txt.gz" if packed else "data.txt")
    path.write_bytes(gzip.compress(content) if packed else content)
    assert words(LineReader(encoding), path) == ["größe", "Å"]


def test_gzip_is_known_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(gzip.compress(b"a\n"))
    assert words(LineReader(), path) == ["a"]


def test_marks_and_line_ends_inside_words_are_kept(tmp_path: Path) -> None:
    content = ["\ufeffa", "b\ufeff", "c\u2028d", "e\x85f", "g\rh"]
    path = tmp_path / "data.txt"
    path.write_bytes("\n".join(content).encode())
    assert words(LineReader(), path) == ["a", *content[1:]]


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("before", [0, 1, 8191, 8192, 65535, 65536, 200_000])
def test_wrong_encoding_names_line_byte_and_remedy(
    before: int, packed: bool, tmp_path: Path
) -> None:
    good = ("é\n" * (before // 3 + 1)).encode()[: before // 3 * 3] + b"x" * (before % 3)
    content = good + "größe\n".encode("latin-1")
    path = tmp_path / "data.txt"
    path.write_bytes(gzip.compress(content) if packed else content)
    line = good.count(b"\n") + 1
    with pytest.raises(DataError) as caught:
        words(LineReader(), path)
    assert str(caught.value) == (
        f"{path}, line {line}: byte 0xf6 at offset {len(good) + 2} is not utf-8; give the reader "
        'the encoding of the file, for example `encoding: "latin-1"`, or convert the file to UTF-8'
    )


def test_utf_16_is_recognised_by_its_mark(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes("größe\n".encode("utf-16"))
    with pytest.raises(DataError, match=r'line 1: byte 0xff at offset 0 .* `encoding: "utf-16"`'):
        words(LineReader(), path)


def test_a_character_cut_off_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes("a\né".encode()[:-1])
    with pytest.raises(DataError, match="line 2: ends within a character of utf-8"):
        words(LineReader(), path)


def test_an_encoding_that_needs_a_mark(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.write_bytes(b"abcd")
    with pytest.raises(DataError, match=re.escape(str(path))):
        words(LineReader("utf-16"), path)


@pytest.mark.parametrize("encoding", ["utf-9", "base64", ""])
def test_an_unknown_encoding_is_refused_at_once(encoding: str) -> None:
    with pytest.raises(ConfigurationError, match=r"unknown encoding .* utf-8, latin-1"):
        LineReader(encoding)


def test_a_missing_file_is_answered_with_what_is_there(tmp_path: Path) -> None:
    for name in ("eng.train", "eng.testa", "eng.testb", "a", "b", "c"):
        (tmp_path / name).touch()
    # At once, not when the first sentence is asked for.
    with pytest.raises(DataError, match=r"eng\.tran: does not exist; did you mean eng\.train"):
        LineReader().read(tmp_path / "eng.tran")
    with pytest.raises(DataError, match=r"in .* there is a, b, c, eng.testa, eng.testb, …$"):
        LineReader().read(tmp_path / "zzz")
    with pytest.raises(DataError, match=r"nor does the folder .*none \(relative paths start at"):
        LineReader().read(tmp_path / "none" / "eng.train")


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    (tmp_path / "train.txt").touch()
    with pytest.raises(DataError, match=r"is a folder, .* in it there is train\.txt"):
        LineReader().read(tmp_path)


def test_a_loop_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(DataError, match="does not exist"):
        LineReader().read(tmp_path / "a")


def test_an_empty_file_holds_no_sentence(tmp_path: Path) -> None:
    path = tmp_path / "data.txt"
    path.touch()
    with pytest.raises(DataError, match=re.escape(f"{path}: holds no sentence")):
        list(LineReader().read(path))


@pytest.mark.parametrize("damage", [slice(0, 40), slice(0, 4)])
def test_damaged_gzip_is_an_error(damage: slice, tmp_path: Path) -> None:
    path = tmp_path / "data.gz"
    path.write_bytes(gzip.compress(bytes(range(97, 122)) * 50 + b"\n")[damage])
    with pytest.raises(DataError, match="gzip data are damaged or cut off"):
        list(LineReader().read(path))


def test_a_file_of_an_installed_package(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    package = tmp_path / "some_package"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "data.txt").write_text("a\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert [item.words for item in LineReader().read("pkg://some_package/data.txt")] == [("a",)]


def test_an_error_keeps_the_place_it_knows() -> None:
    assert str(located(DataError("bad"), "a.txt", 3)) == "a.txt, line 3: bad"
    assert str(located(DataError("bad", "b.txt", 1), "a.txt", 3)) == "b.txt, line 1: bad"


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
@pytest.mark.parametrize("before", [0, 3, 70_000])
def test_zero_bytes_are_refused_with_their_line(before: int, packed: bool, tmp_path: Path) -> None:
    content = b"a\n" * before + b"b\0\n"
    path = tmp_path / "data.txt"
    path.write_bytes(gzip.compress(content) if packed else content)
    with pytest.raises(DataError, match=r"holds a zero byte, .* UTF-16") as caught:
        words(LineReader(), path)
    assert caught.value.line == before + 1
    path.write_bytes("a\n".encode("utf-16-le"))
    assert words(LineReader("utf-16-le"), path) == ["a"]
