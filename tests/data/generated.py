"""Strategies of hypothesis for sentences with everything that a sentence can carry."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

from tango_ie.data.annotations import Entity, Relation, Sentence

# Any text that a file can hold: combining characters, emoji, right-to-left, line separators, NUL.
_ANY = st.characters(exclude_categories=["Cs"])
texts = st.text(_ANY, max_size=8)
filled = st.text(_ANY, min_size=1, max_size=8)
labels = st.sampled_from(["PER", "creative-work", "geo-loc", "fromloc.city_name", "Ört", "B"])


@st.composite
def flat_entities(draw: st.DrawFn, length: int) -> list[Entity]:
    """Entities that do not overlap, in their order."""
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=8)))
    return [
        Entity(draw(labels), start, end) for start, end in pairwise(cuts) if draw(st.booleans())
    ]


@st.composite
def any_entities(draw: st.DrawFn, length: int) -> list[Entity]:
    """Entities that may nest, overlap and repeat."""
    spans = st.tuples(st.integers(0, length - 1), st.integers(1, length))
    found = draw(st.lists(st.tuples(labels, spans), max_size=5))
    return [
        Entity(label, start, max(end, start + 1), subtype=draw(st.none() | texts))
        for label, (start, end) in found
    ]


@st.composite
def sentences(draw: st.DrawFn) -> Sentence:
    """Sentences of one to six words."""
    words = draw(st.lists(filled, min_size=1, max_size=6))
    size = len(words)
    entities = draw(any_entities(size))
    relations = []
    if entities:
        place = st.integers(0, len(entities) - 1)
        relations = draw(st.lists(st.builds(Relation, labels, place, place), max_size=3))
    layers = draw(st.sets(st.sampled_from(["pos", "chunk", "a.b", "üb er"])))
    one_tag_each = st.lists(texts, min_size=size, max_size=size)
    pairs = st.tuples(st.integers(0, 99), st.integers(0, 99))
    offsets = draw(st.none() | st.lists(pairs, min_size=size, max_size=size))
    return Sentence(
        words=tuple(words),
        entities=tuple(entities),
        relations=tuple(relations),
        tags={layer: tuple(draw(one_tag_each)) for layer in sorted(layers)},
        doc_id=draw(st.none() | texts),
        position=draw(st.none() | st.integers(0, 2**40)),
        text=draw(st.none() | texts),
        offsets=None if offsets is None else tuple(offsets),
        text_start=draw(st.none() | st.integers(0, 2**40)),
    )
