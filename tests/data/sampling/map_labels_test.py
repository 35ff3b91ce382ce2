from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.data.sampling import map_labels
from tests.data.sampling.small_corpora import corpus_of, last_operation, several_sentences

WNUT17 = {
    "person": "PER",
    "location": "LOC",
    "corporation": "ORG",
    "group": "ORG",
    "product": None,
    "creative-work": None,
}
RELATED = Sentence(
    ("Ada", "of", "Acme", "saw", "Dune"),
    (
        Entity("person", 0, 1),
        Entity("creative-work", 4, 5),
        Entity("corporation", 2, 3, subtype="firm"),
    ),
    (Relation("saw", 0, 1), Relation("of", 0, 2)),
    {"pos": ("N", "P", "N", "V", "N"), "chunk": ("B", "B", "B", "B", "B")},
)


def mapped(*gold: Sentence, **arguments: object) -> tuple[Sentence, dict[str, int]]:
    corpus = map_labels(Corpus.from_sentences({"train": gold}), **arguments)  # type: ignore[arg-type]
    notes = corpus.statistics["train"]["notes"]
    return corpus["train"][0], {kind: note["count"] for kind, note in notes.items()}


def test_dropped_entities_take_their_relations_along() -> None:
    mapping = {"person": "PER", "corporation": "ORG", "creative-work": None}
    sentence, notes = mapped(RELATED, entities=mapping)
    assert sentence.entities == (Entity("PER", 0, 1), Entity("ORG", 2, 3))
    assert sentence.entities[1].subtype == "firm"
    assert sentence.relations == (Relation("of", 0, 1),)
    assert notes == {"entity of a dropped type": 1, "relation of a dropped entity": 1}


def test_relations_and_layers() -> None:
    sentence, notes = mapped(
        RELATED, relations={"saw": None, "of": "Work_For"}, tags={"pos": "xpos"}, others="drop"
    )
    assert sentence.entities == RELATED.entities
    assert sentence.relations == (Relation("Work_For", 0, 2),)
    assert dict(sentence.tags) == {"xpos": RELATED.tags["pos"]}
    assert notes == {"relation of a dropped type": 1}


def test_others() -> None:
    only = {"person": "PER"}
    kept, _ = mapped(RELATED, entities=only)
    assert {entity.label for entity in kept.entities} == {"PER", "creative-work", "corporation"}
    dropped, _ = mapped(RELATED, entities=only, others="drop")
    assert dropped.entities == (Entity("PER", 0, 1),)
    with pytest.raises(
        ConfigurationError, match="entities: says nothing of corporation, creative-work; name them"
    ):
        mapped(RELATED, entities=only, others="error")


def test_subtypes_as_types() -> None:
    sentence, _ = mapped(RELATED, use_subtypes=True)
    assert [entity.label for entity in sentence.entities] == ["person", "creative-work", "firm"]
    sentence, _ = mapped(RELATED, entities={"firm": "ORG"}, use_subtypes=True, others="drop")
    assert sentence.entities == (Entity("ORG", 2, 3),)
    with pytest.raises(ConfigurationError, match="'corporation' is no label of the corpus"):
        mapped(RELATED, entities={"corporation": "ORG"}, use_subtypes=True)


def test_types_that_fall_together_on_one_span() -> None:
    gold = Sentence(
        ("Acme", "Ada"),
        (Entity("group", 0, 1), Entity("person", 1, 2), Entity("corporation", 0, 1)),
        (Relation("of", 1, 2), Relation("of", 2, 1)),
    )
    sentence, notes = mapped(gold, entities={"group": "ORG", "corporation": "ORG"})
    assert sentence.entities == (Entity("ORG", 0, 1), Entity("person", 1, 2))
    assert sentence.relations == (Relation("of", 1, 0), Relation("of", 0, 1))
    assert notes == {"entity that became equal to another": 1}


def test_a_misspelt_label_is_answered_with_the_near_match() -> None:
    with pytest.raises(ConfigurationError, match=r"entities: 'persn' .*did you mean 'person'"):
        mapped(RELATED, entities={"persn": "PER"})
    with pytest.raises(ConfigurationError, match=r"relations: 'swa' .*did you mean 'saw'"):
        mapped(RELATED, relations={"swa": "x"})
    with pytest.raises(ConfigurationError, match="tags: 'ner' is no label"):
        mapped(RELATED, tags={"ner": None})
    with pytest.raises(ConfigurationError, match="a new name is empty"):
        mapped(RELATED, entities={"person": ""})
    mapped(RELATED, entities={"person": "PER", "PER": "PER"})  # one map for several corpora


def test_names_follow_their_labels() -> None:
    names = {"person": "human", "of": "works for", "corporation": "firm", "N": "noun"}
    corpus = Corpus.from_sentences({"train": [RELATED]}, names=names)
    mapping = {"person": "PER", "corporation": "corporation"}
    new = map_labels(corpus, mapping, tags={"pos": None}, others="drop", names={"PER": "somebody"})
    assert new.schema.names == {"PER": "somebody", "corporation": "firm", "of": "works for"}
    assert last_operation(new)["entities"] == mapping


LABELS = ["PER", "creative-work", "geo-loc", "fromloc.city_name", "Ört", "B"]


@settings(max_examples=30)
@given(
    given=several_sentences,
    mapping=st.dictionaries(st.sampled_from(LABELS), st.none() | st.sampled_from(["PER", "new"])),
    subtypes=st.booleans(),
)
def test_mapping_twice_is_mapping_once(
    given: list[Sentence], mapping: dict[str, str | None], subtypes: bool
) -> None:
    mapping |= {"PER": "PER"}
    corpus = Corpus.from_sentences({"train": given})
    known = corpus.schema.entity_types
    once = map_labels(corpus, {k: v for k, v in mapping.items() if k in known})
    known = once.schema.entity_types
    twice = map_labels(once, {k: v for k, v in mapping.items() if k in known})
    assert twice.fingerprint == once.fingerprint
    assert map_labels(corpus).fingerprint == corpus.fingerprint
    unchanged = Corpus.from_sentences({"train": once["train"]})
    assert unchanged.fingerprint == once.fingerprint
    if subtypes:
        finer = map_labels(corpus, use_subtypes=True)
        assert map_labels(finer, use_subtypes=True).fingerprint == finer.fingerprint


def test_wnut17_onto_ploner() -> None:
    corpus = corpus_of(train=[f"a/{label}" for label in WNUT17], test=["b/person c/product"])
    new = map_labels(corpus, WNUT17, others="error")
    assert new.schema.entity_types == ("LOC", "ORG", "PER")
    assert new.statistics["train"]["entities"] == {"LOC": 1, "ORG": 2, "PER": 1}
    assert new.statistics["test"]["entities"] == {"PER": 1}
