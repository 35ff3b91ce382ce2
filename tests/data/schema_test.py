from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.schema import Schema
from tests.data.generated import sentences

SENTENCES = [
    Sentence(("b", "a"), (Entity("PER", 0, 1), Entity("LOC", 1, 2)), (Relation("in", 0, 1),)),
    Sentence(("c",), (), (), {"pos": ("NN",), "chunk": ("O",)}),
]


def test_labels_are_collected_in_sorted_order() -> None:
    schema = Schema.from_sentences(SENTENCES)
    assert schema.entity_types == ("LOC", "PER")
    assert schema.relation_types == ("in",)
    assert list(schema.tag_layers.items()) == [("chunk", ("O",)), ("pos", ("NN",))]


@given(st.lists(sentences(), max_size=4), st.lists(sentences(), max_size=4))
def test_merging_is_collecting_from_both(ours: list[Sentence], theirs: list[Sentence]) -> None:
    both = Schema.from_sentences([*ours, *theirs])
    assert Schema.from_sentences(ours).merge(Schema.from_sentences(theirs)) == both


@given(st.lists(sentences(), max_size=4), st.dictionaries(st.text(), st.text(), max_size=2))
def test_json_round_trip(gold: list[Sentence], names: dict[str, str]) -> None:
    schema = Schema.from_sentences(gold, names)
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema


def test_names_of_the_other_schema_win_a_merge() -> None:
    merged = Schema(names={"PER": "person", "LOC": "place"}).merge(Schema(names={"PER": "human"}))
    assert merged.names == {"PER": "human", "LOC": "place"}


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("PER", "person"),
        ("creative-work", "creative work"),
        ("fromloc.city_name", "from location city name"),
        ("Live_In", "live in"),
        ("OrgBased_In", "organization based in"),
        ("cell_line", "cell line"),
    ],
)
def test_natural_names_can_be_read_aloud(label: str, name: str) -> None:
    assert Schema().natural_name(label) == name


def test_given_names_come_before_derived_ones() -> None:
    assert Schema(names={"PER": "person"}).natural_name("PER") == "person"
