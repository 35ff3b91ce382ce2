"""Strategies of hypothesis for gold and predictions on the same few words, so that they collide."""

from __future__ import annotations

from hypothesis import strategies as st

from tango_ie.data.annotations import Annotations, Entity, Relation

WORDS = 7
labels = st.sampled_from("ABC")
scores = st.none() | st.floats(0, 1)


@st.composite
def an_entity(draw: st.DrawFn) -> Entity:
    start = draw(st.integers(0, WORDS - 1))
    return Entity(draw(labels), start, draw(st.integers(start + 1, WORDS)), draw(scores))


entities = st.lists(an_entity(), max_size=8)
entity_sentences = st.lists(st.tuples(entities, entities), max_size=5)


@st.composite
def annotated(draw: st.DrawFn) -> Annotations:
    """Few entities, so that pairs of them are met again."""
    found = draw(st.lists(an_entity(), min_size=1, max_size=4))
    place = st.integers(0, len(found) - 1)
    relations = draw(st.lists(st.builds(Relation, labels, place, place, scores), max_size=8))
    return Annotations(tuple(found), tuple(relations))


relation_sentences = st.lists(st.tuples(annotated(), annotated()), max_size=5)
