from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.lines.conllu import ConlluReader
from tango_ie.data.writers.conllu import ConlluWriter
from tests.data.generated import filled, sentences, texts

held = sentences().filter(lambda sentence: not re.search(r"[\t\n\r\0]", "".join(sentence.words)))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("written") / "data.conllu"


@given(st.lists(held, min_size=1, max_size=3))
def test_what_is_written_is_read_back(path: Path, items: list[Sentence]) -> None:
    written, read = Notes(), Notes()
    assert ConlluWriter().write(items, path, written) == len(items)
    found = list(ConlluReader().read(path, read))
    assert found == items
    assert [[entity.subtype for entity in item.entities] for item in found] == [
        [entity.subtype for entity in item.entities] for item in items
    ]
    assert written.counts == read.counts == {}


@st.composite
def documents(draw: st.DrawFn) -> list[Sentence]:
    """Sentences as treebanks have them, with a few that are not where one expects them."""
    names = st.sampled_from(["a", "b"]) | st.none()
    items = []
    doc_id, position = draw(names), 0
    for words in draw(st.lists(st.lists(st.sampled_from("abc"), min_size=1), min_size=1)):
        if draw(st.booleans()):
            doc_id, position = draw(names), draw(st.integers(0, 2))
        tags = {layer: tuple(draw(texts) for _ in words) for layer in ("upos", "xpos", "lemma")}
        tags["deprel"] = tuple(draw(filled) for _ in words)
        where = (doc_id, position if doc_id else None)
        items.append(Sentence(tuple(words), (), (), tags, *where, text=" ".join(words)))
        position += 1
    return items


@given(documents())
def test_documents_and_columns_are_read_back(path: Path, items: list[Sentence]) -> None:
    ConlluWriter(["upos", "lemma"]).write(items, path)
    assert list(ConlluReader(["upos", "lemma"]).read(path)) == items


def test_the_usual_columns_and_comments(path: Path) -> None:
    tags = {"upos": ("PROPN", "PUNCT"), "chunk": ("B", "O"), "xpos": ("", "."), "lemma": ("a", "b")}
    items = [
        Sentence(
            ("New Ulm", "!"),
            (Entity("LOC", 0, 1),),
            (Relation("in", 0, 0),),
            tags,
            "d1",
            0,
            "New Ulm!",
            ((0, 7), (7, 8)),
        ),
        Sentence(("Oh",), doc_id="d1", position=1),
        Sentence(("_",)),
    ]
    ConlluWriter().write(items, path)
    form = "Layer.chunk=B|Layer.xpos=|Layer.lemma=a|SpaceAfter=No"
    assert path.read_text(encoding="utf-8") == (
        "# newdoc id = d1\n"
        "# sent_id = 1\n"
        "# text = New Ulm!\n"
        "1\tNew Ulm\t_\tPROPN\t_\t_\t_\t_\t_\tEntitySpan=1:1:LOC|EntityRelation=1:in:1:1|"
        f"{form}\n"
        "2\t!\t_\tPUNCT\t_\t_\t_\t_\t_\tLayer.chunk=O|Layer.xpos=.|Layer.lemma=b\n"
        "\n"
        "# sent_id = 2\n"
        "1\tOh\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "\n"
        "# sent_id = 3\n"
        '# tango_ie = {"doc_id": null, "position": null}\n'
        "1\t_\t_\t_\t_\t_\t_\t_\t_\t_\n"
        "\n"
    )
    assert list(ConlluReader().read(path)) == items


@pytest.mark.parametrize("word", ["", "a\tb", "a\n", "\r", "\0"])
def test_words_that_cannot_be_held(word: str, tmp_path: Path) -> None:
    path = tmp_path / "data.conllu"
    with pytest.raises(DataError, match=r"data\.conllu, sentence 2: word 2 is .*replace them"):
        ConlluWriter().write([Sentence(("a",)), Sentence(("a", word))], path)
    assert not path.exists()


def test_half_of_a_character(tmp_path: Path) -> None:
    path = tmp_path / "data.conllu"
    for sentence in (
        Sentence(("\ud83d",)),
        Sentence(("a",), (Entity("\udc00", 0, 1),)),
        Sentence(("a",), text="\ud83d\n"),
        Sentence(("a",), tags={"upos": ("\ud83d",)}),
    ):
        with pytest.raises(DataError, match=r"U\+D[0-9A-F]{3} is half of a character"):
            ConlluWriter().write([sentence], path)


def test_layers_are_columns() -> None:
    with pytest.raises(ConfigurationError, match="layers: 'pos' is no column of tags"):
        ConlluWriter(["pos"])  # type: ignore[list-item]
