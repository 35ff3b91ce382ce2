from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.brat import BratReader
from tango_ie.data.writers.base import Writer
from tango_ie.data.writers.brat import BratWriter
from tests.data.laid_out_sentences import any_sentences, documents, subtypes

_LEFT_OUT = {"word tags left out", "subtype with a line end left out"}


def bare(sentence: Sentence) -> Sentence:
    """What the format holds of any sentence."""
    return replace(sentence, tags={}, text=None, offsets=None, text_start=None)


def spellable(found: list[list[str | None]]) -> list[list[str | None]]:
    return [
        [None if name and any(sign in name for sign in "\n\r\0") else name for name in names]
        for names in found
    ]


@given(gold=st.lists(any_sentences, min_size=1, max_size=5), size=st.integers(1, 3))
def test_what_is_written_is_read_back(
    gold: list[Sentence], size: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(not any("\0" in "".join((*sentence.words, sentence.text or "")) for sentence in gold))
    folder = tmp_path_factory.mktemp("written") / "corpus"
    assert BratWriter(size).write(iter(gold), folder) == len(gold)
    back = list(BratReader().read(folder, Notes(strict=True)))
    assert [bare(sentence) for sentence in back] == [bare(sentence) for sentence in gold]
    assert subtypes(back) == spellable(subtypes(gold))
    for sentence in back:
        assert sentence.text is not None and sentence.offsets is not None
        assert sentence.words == tuple(sentence.text[start:end] for start, end in sentence.offsets)


@given(gold=documents(any_sentences).flatmap(st.permutations))
def test_texts_lie_where_they_did_in_their_document(
    gold: list[Sentence], tmp_path_factory: pytest.TempPathFactory
) -> None:
    assume(not any("\0" in (sentence.text or "") for sentence in gold))
    folder = tmp_path_factory.mktemp("written") / "corpus"
    notes = Notes()
    BratWriter().write(gold, folder, notes)
    assert set(notes.counts) <= _LEFT_OUT
    back = list(BratReader().read(folder, Notes(strict=True)))
    assert back == [replace(sentence, tags={}) for sentence in gold]
    assert subtypes(back) == spellable(subtypes(gold))


def test_the_files_are_what_brat_reads(tmp_path: Path) -> None:
    gold = [
        Sentence(
            ("Ada", "Lovelace", "was", "born", "in", "London", "."),
            (Entity("PER", 0, 2, subtype="poet's child"), Entity("LOC", 5, 6)),
            (Relation("born in", 0, 1),),
            doc_id="a/b",
        ),
        Sentence(("She", "wrote"), doc_id="a/b"),
    ]
    writer = build(Writer, "tango_ie::brat")
    notes = Notes(strict=True)
    assert writer.write(gold, tmp_path / "corpus", notes) == 2
    assert notes.facts == {"labels spelt for brat": "'born in' as born_in"}
    files = {
        path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "corpus").iterdir()
    }
    assert sorted(files) == ["a_b.ann", "a_b.txt", "annotation.conf", "tango_ie_sentences.jsonl"]
    assert files["a_b.txt"] == "Ada Lovelace was born in London .\nShe wrote\n"
    assert files["a_b.ann"].splitlines() == [
        "T1\tPER 0 12\tAda Lovelace",
        "#1\tSubtype T1\tpoet's child",
        "T2\tLOC 25 31\tLondon",
        "R1\tborn_in Arg1:T1 Arg2:T2",
    ]
    assert files["annotation.conf"].splitlines() == [
        *("[entities]", "LOC", "PER", "[relations]", "born_in\tArg1:<ENTITY>, Arg2:<ENTITY>"),
        *("[events]", "[attributes]"),
    ]
    back = list(BratReader().read(tmp_path / "corpus", notes))
    assert [bare(sentence) for sentence in back] == gold


def test_words_without_blanks_need_no_list_of_sentences(tmp_path: Path) -> None:
    gold = [Sentence(("Ada", "wrote", "it!"), (Entity("PER", 0, 1),)), Sentence(("No", "."))]
    BratWriter().write(gold, tmp_path / "corpus")
    reader = BratReader(unit="line", tokenisation="blanks", written_sentences=False)
    back = list(reader.read(tmp_path / "corpus"))
    assert [(sentence.words, sentence.entities) for sentence in back] == [
        (sentence.words, sentence.entities) for sentence in gold
    ]


def test_annotations_may_be_changed_and_texts_too(tmp_path: Path) -> None:
    folder = tmp_path / "corpus"
    gold = [Sentence(("New York", "grows"), doc_id="b"), Sentence(("So", "what"), doc_id="a")]
    BratWriter().write(gold, folder)
    (folder / "b.ann").write_text("T1\tLOC 0 8\tNew York\n", encoding="utf-8")
    (folder / "new.txt").write_text("Yes", encoding="utf-8")
    (folder / "new.ann").touch()
    notes = Notes()
    back = list(BratReader().read(folder, notes))
    assert [sentence.words for sentence in back] == [
        ("New York", "grows"),
        ("So", "what"),
        ("Yes",),
    ]
    assert back[0].entities == (Entity("LOC", 0, 1),)
    assert notes.counts == {} and "2 documents" in notes.facts["sentences"]

    (folder / "b.txt").write_text("New York grew", encoding="utf-8")
    (folder / "a.txt").unlink()
    (folder / "a.ann").unlink()
    back = list(BratReader().read(folder, notes))
    assert [sentence.words for sentence in back] == [("New", "York", "grew"), ("Yes",)]
    assert notes.counts == {
        "text changed since it was written, cut anew": 1,
        "document that was written is gone": 1,
    }


def test_a_document_that_comes_back_has_files_of_its_own(tmp_path: Path) -> None:
    gold = [Sentence((word,), doc_id=doc_id) for word, doc_id in zip("abcd", "xyxX", strict=True)]
    BratWriter().write(gold, tmp_path / "corpus")
    names = sorted(path.name for path in (tmp_path / "corpus").glob("*.txt"))
    assert names == ["X_3.txt", "x.txt", "x_2.txt", "y.txt"]
    back = list(BratReader().read(tmp_path / "corpus"))
    assert [bare(sentence) for sentence in back] == gold


def parts(*starts: int) -> list[Sentence]:
    return [
        Sentence((word,), doc_id="d", text=word, offsets=((0, 2),), text_start=start)
        for word, start in zip(("aa", "bb", "cc"), starts, strict=False)
    ]


def test_sentences_may_come_in_another_order_than_that_of_the_text(tmp_path: Path) -> None:
    gold = parts(12, 3, 5)
    BratWriter().write(gold, tmp_path / "corpus", Notes(strict=True))
    text = (tmp_path / "corpus" / "d.txt").read_text(encoding="utf-8")
    assert text == "  \nbbcc    \naa\n"
    assert list(BratReader().read(tmp_path / "corpus")) == gold


@pytest.mark.parametrize("starts", [(40, 39), (3, 3), (0, 1 << 40)])
def test_places_that_cannot_be_are_given_up(starts: tuple[int, int], tmp_path: Path) -> None:
    notes = Notes()
    BratWriter().write(parts(*starts), tmp_path / "corpus", notes)
    assert notes.counts == {"place of a sentence in its document left out": 2}
    assert [found.text_start for found in BratReader().read(tmp_path / "corpus")] == [0, 3]


def test_a_zero_byte_is_an_error(tmp_path: Path) -> None:
    gold = [Sentence(("a",)), Sentence(("b\0",))]
    with pytest.raises(DataError, match="corpus, among the sentences 1 to 2: a word holds a zero"):
        BratWriter().write(gold, tmp_path / "corpus")
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_whole_or_absent(tmp_path: Path) -> None:
    def broken() -> Iterator[Sentence]:
        yield Sentence(("a",))
        raise RuntimeError("the source ended early")

    with pytest.raises(RuntimeError, match="ended early"):
        BratWriter(1).write(broken(), tmp_path / "corpus")
    assert list(tmp_path.iterdir()) == []

    (tmp_path / "corpus").mkdir()
    BratWriter().write([Sentence(("a",))], tmp_path / "corpus")
    with pytest.raises(DataError, match="corpus: is there already; name a new folder"):
        BratWriter().write([Sentence(("a",))], tmp_path / "corpus")
    with pytest.raises(DataError, match="cannot be written"):
        BratWriter().write([Sentence(("a",))], tmp_path / "missing" / "corpus")
    assert [path.name for path in tmp_path.iterdir()] == ["corpus"]


def test_the_size_of_a_document_is_checked() -> None:
    with pytest.raises(ConfigurationError, match="document_size: must be at least 1"):
        BratWriter(0)
