from __future__ import annotations

from hypothesis import given

from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.writers.layout import laid_out
from tests.data.laid_out_sentences import any_sentences, with_text


@given(with_text(any_sentences))
def test_the_own_text_is_kept(sentence: Sentence) -> None:
    layout = laid_out(sentence, Notes(strict=True))
    assert (layout.text, layout.offsets, layout.original) == (
        *(sentence.text, sentence.offsets, True),
    )


@given(any_sentences)
def test_words_lie_where_the_layout_says(sentence: Sentence) -> None:
    layout = laid_out(sentence, Notes())
    assert tuple(layout.text[start:end] for start, end in layout.offsets) == sentence.words
    for entity in sentence.entities:
        start, end = layout.characters(entity)
        assert layout.text[start:end].startswith(sentence.words[entity.start])
        assert layout.text[start:end].endswith(sentence.words[entity.end - 1])


def test_characters_of_an_entity() -> None:
    layout = laid_out(Sentence(("naïve", "🚂", "b")), Notes())
    assert layout.characters(Entity("X", 1, 3)) == (6, 9)
