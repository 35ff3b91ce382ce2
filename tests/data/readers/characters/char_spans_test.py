from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.readers.characters.char_spans import (
    CharEntity,
    CharSentence,
    InsideWords,
    SpanPlacer,
)
from tango_ie.data.readers.word_records import Place
from tests.data.generated import texts

TEXT = "the p53-null mice"
INSIDE = [CharEntity("A", 4, 6, "fine"), CharEntity("B", 8, 12)]


def placed(
    found: CharSentence, placer: SpanPlacer | None = None, notes: Notes | None = None
) -> Sentence | None:
    return (placer or SpanPlacer()).sentence(found, Place(notes or Notes(), "a.jsonl", 3))


@pytest.mark.parametrize(
    ("inside_words", "words", "entities", "relations", "kind"),
    [
        (
            *("widen", ("the", "p53-null", "mice")),
            *((Entity("A", 1, 2), Entity("B", 1, 2)), (Relation("r", 0, 1),)),
            "entity widened to whole words",
        ),
        (
            *("split", ("the", "p5", "3-", "null", "mice")),
            *((Entity("A", 1, 2), Entity("B", 3, 4)), (Relation("r", 0, 1),)),
            "words cut at the boundaries of an entity",
        ),
        (
            *("drop", ("the", "p53-null", "mice"), (), ()),
            "entity with a boundary inside a word left out",
        ),
    ],
)
def test_a_boundary_inside_a_word(
    inside_words: InsideWords,
    words: tuple[str, ...],
    entities: tuple[Entity, ...],
    relations: tuple[Relation, ...],
    kind: str,
) -> None:
    notes = Notes()
    placer = SpanPlacer("blanks", inside_words)
    sentence = placed(CharSentence(TEXT, INSIDE, [Relation("r", 0, 1)]), placer, notes)
    assert sentence is not None
    assert (sentence.words, sentence.entities) == (words, entities)
    assert sentence.relations == relations
    assert [entity.subtype for entity in sentence.entities] == ["fine", None][: len(entities)]
    assert sentence.words == tuple(TEXT[start:end] for start, end in sentence.offsets or ())
    lost = {"relation of an entity that is left out": 1} if inside_words == "drop" else {}
    assert notes.counts == {kind: 2, **lost}


def test_tags_of_a_word_that_is_cut_go_to_its_parts() -> None:
    words = [(0, 3), (4, 12), (13, 17)]
    found = CharSentence(TEXT, INSIDE[:1], words=words, tags={"pos": ("DT", "JJ", "NNS")})
    sentence = placed(found, SpanPlacer(inside_words="split"))
    assert sentence is not None
    assert sentence.words == ("the", "p5", "3-null", "mice")
    assert sentence.tags == {"pos": ("DT", "JJ", "JJ", "NNS")}


def test_blanks_at_the_edge_do_not_count_unless_they_belong_to_words() -> None:
    notes = Notes()
    found = CharSentence("in New York ", [CharEntity("LOC", 2, 12), CharEntity("LOC", 3, 11)])
    sentence = placed(found, notes=notes)
    assert sentence is not None and sentence.entities == (Entity("LOC", 1, 3),) * 2
    assert notes.counts == {"blanks at the edge of an entity left out": 1}

    given_words = [(0, 2), (2, 3), (3, 12)]
    entities = [CharEntity("GAP", 2, 3), CharEntity("LOC", 3, 12), CharEntity("ALL", 0, 12)]
    sentence = placed(CharSentence("in New York ", entities, words=given_words), notes=notes)
    assert sentence is not None
    assert sentence.entities == (Entity("GAP", 1, 2), Entity("LOC", 2, 3), Entity("ALL", 0, 3))
    assert sum(notes.counts.values()) == 1


@pytest.mark.parametrize(
    ("entity", "message"),
    [
        (CharEntity("A", -1, 3), r"'A' \[-1, 3\) is no span of a text of 17 characters"),
        (CharEntity("A", 3, 3), r"\[3, 3\) is no span"),
        (CharEntity("A", 5, 3), r"\[5, 3\) is no span"),
        (CharEntity("A", 13, 18), r"\[13, 18\) is no span"),
        (CharEntity("A", 3, 4), r"\[3, 4\) ' ' covers no word"),
    ],
)
def test_impossible_spans_are_errors(entity: CharEntity, message: str) -> None:
    with pytest.raises(DataError, match=message):
        placed(CharSentence(TEXT, [entity]))


def test_what_the_given_words_leave_out_is_no_word() -> None:
    with pytest.raises(DataError, match="'null' covers no word"):
        placed(CharSentence(TEXT, [CharEntity("A", 8, 12)], words=[(0, 3), (4, 7)]))
    with pytest.raises(DataError, match=r"tags\.pos has 1 tags for 2 words"):
        placed(CharSentence(TEXT, words=[(0, 3), (4, 7)], tags={"pos": ("DT",)}))


def test_sentences_without_words() -> None:
    notes = Notes()
    assert placed(CharSentence(" \n"), notes=notes) is None
    assert notes.counts == {"sentence without words left out": 1}
    with pytest.raises(DataError, match="covers no word"):
        placed(CharSentence(" \n", [CharEntity("A", 0, 1)]))
    with pytest.raises(DataError, match=r"points outside the 0 entities"):
        placed(CharSentence(" \n", relations=[Relation("r", 0, 0)]))


def test_wrong_arguments() -> None:
    with pytest.raises(ConfigurationError, match="inside_words: 'keep' is none of 'widen'"):
        SpanPlacer(inside_words="keep")  # type: ignore[arg-type]
    with pytest.raises(ConfigurationError, match="tokenisation: 'word' is none of"):
        SpanPlacer("word")  # type: ignore[arg-type]


@given(st.data())
def test_split_keeps_every_character_of_an_entity(data: st.DataObject) -> None:
    text = data.draw(texts.filter(lambda text: bool(text.strip())))
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    if not text[start:end].strip():
        return
    method = data.draw(st.sampled_from(["words", "blanks", "characters"]))
    found = CharSentence(text, [CharEntity("A", start, end)])
    sentence = placed(found, SpanPlacer(method, "split"))
    assert sentence is not None and sentence.offsets is not None
    (entity,) = sentence.entities
    covered = text[sentence.offsets[entity.start][0] : sentence.offsets[entity.end - 1][1]]
    assert covered.strip() == text[start:end].strip()
