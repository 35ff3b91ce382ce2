"""The page of a corpus: whole, readable and self-contained."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.fingerprint import source_closure
from tango_ie.data import Corpus, CorpusFormat, Sentence
from tango_ie.reporting import ReportedCorpusFormat
from tango_ie.reporting.corpus_page import corpus_page, write_corpus_page
from tango_ie.reporting.corpus_wording import findings
from tests.data.generated import sentences

from .corpora import small_corpus, wide_corpus
from .pages import Page


def test_everything_is_told() -> None:
    corpus = small_corpus()
    source = corpus_page(corpus)
    page = Page(source)
    for line in (
        "5 sentences in 2 splits with 7 entities of 3 types and 5 relations of 3 types",
        *(f"{finding}." for finding in findings(corpus)),
        "reader ColumnReader",
        "train: train.txt",
        "scheme of entities iob2 (train)",
        '"drawn"',
        corpus.fingerprint,
        "words inside entities 37.5 % 80.0 %",
        "GIVEN 1 1",
        "<LOC> 0 1",
        "one inside the other 1 1",
        "one tag per word (IOB1, IOB2, BIOES, BILOU) 1 (33.3 %) 1 (25.0 %)",
        "one relation per head and tail 1 (50.0 %) 1 (33.3 %)",
        "of test, in train too 1 (50.0 %) 1 (50.0 %) 1",
        "Ada Lind met Bob",
        "Labels that train does not have",
        "1 types of relations is 1",
        "I <without> B train.txt, line 3: I-PER after O 1,234",
    ):
        assert line in page.text
    assert page.tags.count("figure") == 2
    assert page.requests == []
    assert "url(" not in source
    assert "@import" not in source
    assert "script" not in page.tags
    assert "loc" not in page.tags  # names are escaped
    assert "prefers-color-scheme: dark" in source


def test_nothing_annotated_and_nothing_to_repair() -> None:
    page = Page(corpus_page(Corpus.from_sentences({"all": [Sentence(("a",))]})))
    assert "1 sentence in 1 split" in page.text
    assert "None was needed." in page.text
    for title in ("Entities of", "Relations of", "share words", "cannot represent", "does not"):
        assert title not in page.text
    assert "None" not in page.text.replace("None was needed.", "")


@pytest.mark.parametrize(
    ("size", "folded"),
    [(34, []), (35, [6]), (36, [6, 6, 7]), (216, [186, 186, 187]), (1_500, [1470, 1470, 1471])],
)
def test_long_inventories_are_folded(size: int, folded: list[int]) -> None:
    page = Page(corpus_page(wide_corpus(size)))
    # The table of lengths has a row more, for all types together.
    assert sorted(map(int, re.findall(r"(\d+) more", page.text))) == folded
    assert "type_0033.of/entity" in page.text
    assert ("500 rarer ones are in statistics.json" in page.text) is (size == 1_500)


@settings(max_examples=25)
@given(
    train=st.lists(sentences(), min_size=1, max_size=4),
    test=st.lists(sentences(), min_size=1, max_size=4),
)
def test_any_corpus_has_a_page(train: list[Sentence], test: list[Sentence]) -> None:
    page = Page(corpus_page(Corpus.from_sentences({"train": train, "test": test})))
    assert page.requests == []
    for attributes in page.attributes:
        for name in ("x", "y", "width", "height", "x1", "x2", "y1", "y2"):
            if attributes.get(name, "").endswith("%"):
                assert 0 <= float(attributes[name][:-1]) <= 100


def test_the_format_writes_it_beside_the_corpus(tmp_path: Path) -> None:
    corpus = small_corpus()
    ReportedCorpusFormat().write(corpus, tmp_path)
    loaded = ReportedCorpusFormat().read(tmp_path)
    assert loaded.fingerprint == corpus.fingerprint
    # What is read back draws the same page, and knows where it lies.
    text = (tmp_path / "corpus.html").read_text(encoding="utf-8")
    assert loaded.folder is not None
    assert write_corpus_page(loaded, loaded.folder) == tmp_path / "corpus.html"
    assert (tmp_path / "corpus.html").read_text(encoding="utf-8") == text


def test_drawing_makes_no_corpus_stale() -> None:
    assert ReportedCorpusFormat.VERSION == CorpusFormat.VERSION
    names = source_closure(ReportedCorpusFormat)
    assert "tango_ie.data.leakage:compare_splits" in names
    drawing = ("tango_ie.reporting.corpus_page", "tango_ie.reporting.histogram")
    assert not any(name.startswith(drawing) for name in names)
