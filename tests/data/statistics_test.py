from __future__ import annotations

from tango_ie.data.annotations import Entity, Relation, Sentence
from tango_ie.data.notes import Notes
from tango_ie.data.statistics import SplitStatistics


def test_counts() -> None:
    notes = Notes()
    notes.add("dropped", "a pair")
    statistics = SplitStatistics()
    nested = (Entity("PER", 0, 2), Entity("GIVEN", 0, 1), Entity("PER", 2, 3))
    statistics.add(Sentence(("a", "b", "c"), nested, (Relation("met", 0, 2),), doc_id="1"))
    statistics.add(Sentence(("d",), tags={"pos": ("NN",)}, doc_id="1"))
    statistics.add(Sentence(("e",), tags={"pos": ("VB",)}, doc_id="2"))
    statistics.add(Sentence(("f",), tags={"pos": ("VB",)}))
    assert statistics.to_json(notes) == {
        "sentences": 4,
        "words": 6,
        "longest_sentence": 3,
        "documents": 2,
        "entities": {"GIVEN": 1, "PER": 2},
        "overlapping_entities": 1,
        "relations": {"met": 1},
        "tag_layers": {"pos": 2},
        "notes": {"dropped": {"count": 1, "examples": ["a pair"]}},
    }


def test_neighbours_do_not_overlap() -> None:
    statistics = SplitStatistics()
    statistics.add(Sentence(("a", "b"), (Entity("PER", 1, 2), Entity("PER", 0, 1))))
    assert statistics.overlapping_entities == 0
