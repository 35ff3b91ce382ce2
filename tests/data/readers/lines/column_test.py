from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.config import build
from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers import ColumnReader, Reader
from tango_ie.data.schemes import SCHEMES, TagScheme, entities_to_tags
from tests.data.generated import filled, flat_entities


@pytest.fixture
def read(tmp_path: Path) -> Any:
    """Read a text with a reader that is built from a config."""

    def function(
        text: str, columns: list[str], notes: Notes | None = None, **options: Any
    ) -> list[Sentence]:
        path = tmp_path / "data.txt"
        path.write_text(text, encoding="utf-8", newline="")
        reader = build(Reader, {"type": "tango_ie::column", "columns": columns, **options})
        assert isinstance(reader, ColumnReader)
        return list(reader.read(path, notes))

    return function


CONLL = """\
-DOCSTART- -X- O O

EU NNP I-NP I-ORG
rejects VBZ I-VP O
German JJ I-NP I-MISC

Peter NNP I-NP I-PER
Blackburn NNP I-NP I-PER

-DOCSTART- -X- -X- O

Paris NNP I-NP I-LOC
"""


def test_conll(read: Any) -> None:
    assert read(CONLL, ["word", "pos", "_", "entities"], scheme="iob1") == [
        Sentence(
            ("EU", "rejects", "German"),
            (Entity("ORG", 0, 1), Entity("MISC", 2, 3)),
            (),
            {"pos": ("NNP", "VBZ", "JJ")},
            "1",
            0,
        ),
        Sentence(
            ("Peter", "Blackburn"), (Entity("PER", 0, 2),), (), {"pos": ("NNP", "NNP")}, "1", 1
        ),
        Sentence(("Paris",), (Entity("LOC", 0, 1),), (), {"pos": ("NNP",)}, "2", 0),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "a B-X\nb I-X\n\nc O\n",
        "a B-X\nb I-X\n\nc O",
        "a B-X\nb I-X\n\n\n\nc O\n\n\n",
        "\n\na B-X\nb I-X\n \t \nc O\n",
        "a B-X \nb I-X  \n\t\nc O \n",
        "a B-X\r\nb I-X\r\n\r\nc O\r\n",
        "  a   B-X\n\tb \t I-X\n\nc\tO\n",
    ],
)
def test_blanks_and_line_ends(text: str, read: Any) -> None:
    expected = [Sentence(("a", "b"), (Entity("X", 0, 2),)), Sentence(("c",))]
    assert read(text, ["word", "entities"]) == expected


@pytest.mark.parametrize(
    "text",
    [
        "a\tB-X\nb\tI-X\n\nc\tO\n",
        "a\tB-X\t\nb\tI-X \n\t\nc\tO\n",
        "a\tB-X\r\nb\tI-X\r\n\t\r\nc\tO\r\n",
    ],
)
def test_tabs(text: str, read: Any) -> None:
    expected = [Sentence(("a", "b"), (Entity("X", 0, 2),)), Sentence(("c",))]
    assert read(text, ["word", "entities"], separator="\t") == expected


def test_words_may_hold_blanks_that_are_not_ascii(read: Any) -> None:
    words = ("5\u00a0000", "\u3000", "a\u200b", "\ufeff", "x\u2028y", "é\x85")
    text = "".join(f"{word} O\n" for word in words)
    assert read(text, ["word", "entities"]) == [Sentence(words)]
    assert read(text, ["word", "entities"], separator=" ") == [Sentence(words)]
    swapped = "".join(f"O\t{word}\n" for word in words)
    assert read(swapped, ["entities", "word"], separator="\t") == [Sentence(words)]


def test_words_may_hold_spaces_between_tabs(read: Any) -> None:
    text = "New York\tB-LOC\nis\tO\n"
    assert read(text, ["word", "entities"], separator="\t")[0].words == ("New York", "is")


def test_nested_layers(read: Any) -> None:
    text = "IL-2 B-DNA B-protein\ngene I-DNA O\n"
    assert read(text, ["word", "entities", "entities"])[0].entities == (
        Entity("DNA", 0, 2),
        Entity("protein", 0, 1),
    )


def test_bare_tags(read: Any) -> None:
    text = "a B\nb I\nc O\n"
    assert read(text, ["word", "entities"], bare_label="entity")[0].entities == (
        Entity("entity", 0, 2),
    )


def test_layers_stay_as_they_are_unless_their_scheme_is_named(read: Any) -> None:
    columns = ["word", "chunk", "entities"]
    text = "a I-NP O\nb I-NP O\nc B-NP O\n"
    assert read(text, columns)[0].tags == {"chunk": ("I-NP", "I-NP", "B-NP")}
    converted = read(text, columns, tag_schemes={"chunk": "iob1"})
    assert converted[0].tags == {"chunk": ("B-NP", "I-NP", "B-NP")}


@pytest.mark.parametrize(
    "text",
    [
        "a O\n-DOCSTART- O\nb O\n",
        "-DOCSTART-\na O\n\n-DOCSTART-\nb O\n",
        "O -DOCSTART- x y\na O\n\n-DOCSTART- (doc-7)\n\nb O\n",
    ],
)
def test_document_marks_part_sentences_wherever_they_stand(text: str, read: Any) -> None:
    assert [sentence.words for sentence in read(text, ["word", "entities"])] == [("a",), ("b",)]


def test_no_document_without_a_mark(read: Any) -> None:
    text = "a O\n\n-DOCSTART- O\n\nb O\n\nc -DOCSTART-s\n"
    found = read(text, ["word", "pos"])
    assert [(item.doc_id, item.position) for item in found] == [(None, None), ("1", 0), ("1", 1)]
    found = read("-DOCSTART- O\nb O\n", ["word", "entities"], document_marker=None)
    assert found == [Sentence(("-DOCSTART-", "b"))]


def test_a_sentence_of_2000_words_is_read_whole(read: Any) -> None:
    tags = ["O"] * 1998 + ["B-X", "I-X"]
    text = "".join(f"w{number} {tag}\n" for number, tag in enumerate(tags))
    (sentence,) = read(text, ["word", "entities"])
    assert len(sentence) == 2000
    assert sentence.entities == (Entity("X", 1998, 2000),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "a O\n\nb\nc O\n",
            "line 3: 1 column parted by blanks, expected 2 (word, entities): 'b'; "
            "check `columns` and `separator`, or mend the line",
        ),
        (
            "a O\nb NN O\n",
            "line 2: 3 columns parted by blanks, expected 2 (word, entities): 'b NN O'; "
            "name the further columns, '_' for those not wanted",
        ),
        ("a O\nb PER\n", "line 2: column 'entities': 'PER' is not a tag of the scheme iob2"),
        ("a O\n\na O\nb X-S\n", "line 4: column 'entities': 'X-S' is not a tag"),
        (
            "a S-X\n\na O\nb U-X\n",
            "line 4: column 'entities': 'U-X' is a tag of bilou, but there is S-X on line 1",
        ),
        ("a O\nb B\n", "line 2: column 'entities': the tag 'B' names no entity type"),
        ("\n \n", "holds no sentence"),
        ("-DOCSTART- O\n\n", "holds no sentence"),
    ],
)
def test_malformed_lines_are_named(text: str, message: str, read: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        read(text, ["word", "entities"])
    assert message in str(caught.value)
    assert str(caught.value).startswith(str(tmp_path / "data.txt"))


def test_empty_cells_are_errors(read: Any) -> None:
    with pytest.raises(DataError, match="line 2: empty word"):
        read("a\tO\n\tO\n", ["word", "entities"], separator="\t")
    with pytest.raises(DataError, match=r"line 2: 1 column parted by '.t'"):
        read("a\tO\nb\t\n", ["word", "entities"], separator="\t")


def test_a_long_line_is_shown_in_part(read: Any) -> None:
    with pytest.raises(DataError) as caught:
        read("x" * 10_000 + "\n", ["word", "entities"])
    assert len(caught.value.message) < 300


def test_repairs_are_noted_with_their_lines(read: Any, tmp_path: Path) -> None:
    text = "a O\n\nb I-X\nc I-Y\n"
    notes = Notes()
    (_, sentence) = read(text, ["word", "entities"], notes, scheme="iob2")
    assert sentence.entities == (Entity("X", 0, 1), Entity("Y", 1, 2))
    path = tmp_path / "data.txt"
    assert notes.to_json() == {
        "entities: I without B (iob2)": {
            "count": 2,
            "examples": [
                f"{path}, line 3: I-X after the sentence's edge",
                f"{path}, line 4: I-Y after I-X",
            ],
        }
    }
    with pytest.raises(DataError, match=re.escape("line 3: entities: I without B (iob2)")):
        read(text, ["word", "entities"], Notes(strict=True), scheme="iob2")


@pytest.mark.parametrize("scheme", SCHEMES)
@given(data=st.data())
def test_round_trip(scheme: TagScheme, data: st.DataObject, tmp_path_factory: Any) -> None:
    word = filled.filter(lambda text: not set(text) & set("\t\n\r \0"))
    words = data.draw(st.lists(word, min_size=1, max_size=6))
    entities = data.draw(flat_entities(len(words)))
    tags = entities_to_tags(entities, len(words), scheme)
    path = tmp_path_factory.mktemp("round") / "data.txt"
    lines = [f"{tag}\t{word}\n" for tag, word in zip(tags, words, strict=True)]
    path.write_text("".join(lines), encoding="utf-8", newline="")
    reader = ColumnReader(["entities", "word"], separator="\t", scheme=scheme)
    assert list(reader.read(path, Notes(strict=True))) == [Sentence(tuple(words), tuple(entities))]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"columns": ["entities"]}, "columns: exactly one column must be 'word'"),
        ({"columns": ["word", "word"]}, "exactly one column must be 'word'"),
        ({"columns": ["word", "ner"]}, "did you mean 'entities'?"),
        ({"columns": ["token", "entities", "word"]}, "did you mean 'word'?"),
        ({"columns": ["word", "pos", "pos"]}, "column 'pos' is empty or twice"),
        ({"columns": ["word", ""]}, "column '' is empty or twice"),
        ({"columns": ["word"], "separator": ""}, "separator: must not be empty"),
        ({"columns": ["word"], "tag_schemes": {"pos": "iob1"}}, "'pos' is not a tag column"),
        ({"columns": ["word"], "scheme": "iob3"}, "scheme: expected 'auto' or .* did you mean"),
        ({"columns": ["word"], "seperator": "\t"}, "did you mean 'separator'"),
        ({}, "columns: .* needs a value here"),
    ],
)
def test_arguments_are_checked_when_built(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message.replace("?", r"\?")):
        build(Reader, {"type": "column", **options})
