"""Strategies of hypothesis for documents whose sentences know their text."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from tango_ie.data.annotations import Sentence
from tests.data.generated import sentences, texts


@st.composite
def with_text(draw: st.DrawFn, source: st.SearchStrategy[Sentence]) -> Sentence:
    """Sentences whose text holds their words, with anything before, between and behind them."""
    sentence = draw(source)
    text, offsets = draw(texts), []
    for word in sentence.words:
        offsets.append((len(text), len(text) + len(word)))
        text += word + draw(texts)
    return replace(sentence, text=text, offsets=tuple(offsets))


@st.composite
def documents(draw: st.DrawFn, source: st.SearchStrategy[Sentence]) -> list[Sentence]:
    """Sentences of one document, at places that do not overlap."""
    doc_id = draw(st.none() | texts)
    found, end = [], 0
    for position, sentence in enumerate(draw(st.lists(with_text(source), min_size=1, max_size=4))):
        start = end + draw(st.integers(0, 9))
        found.append(replace(sentence, doc_id=doc_id, position=position, text_start=start))
        end = start + len(sentence.text or "")
    return found


def subtypes(found: list[Sentence]) -> list[list[str | None]]:
    """The finer types of all entities, which do not take part in comparisons."""
    return [[entity.subtype for entity in sentence.entities] for sentence in found]


any_sentences = sentences()
