"""Which rules there are for what a model predicts."""

from __future__ import annotations

from tango_ie.data.annotations import Annotations, Entity, Sentence
from tango_ie.metrics.counts import Counts
from tango_ie.metrics.standard_rules import (
    standard_entity_rules,
    standard_relation_rules,
    standard_tag_rules,
)

GOLD = Sentence(("Ada", "sang"), (Entity("PER", 0, 1),))


def test_entities() -> None:
    rules = standard_entity_rules(iter([GOLD]))
    assert rules[0].name == "strict"
    assert len({rule.name for rule in rules}) == len(rules) == 10
    seen = [rule.count(GOLD, Annotations()) for rule in rules if "seen" in rule.name]
    assert seen == [{"seen": Counts(fn=1)}] * 2
    assert len(standard_entity_rules()) == 8


def test_relations() -> None:
    rules = standard_relation_rules(["near"], main="exact strings")
    assert rules[0].name == "relations exact strings"
    assert len({rule.name for rule in rules}) == len(rules) == 7
    assert all("without direction: near" in rule.sentence for rule in rules)


def test_layers() -> None:
    layers = {"pos": ("NN", "O"), "chunk": ("B-NP", "I-NP", "O"), "bilou": ("O", "U-NP"), "no": ()}
    names = [rule.name for rule in standard_tag_rules(layers)]
    assert names == ["pos tags", "chunk tags", "chunk chunks", "bilou tags", "no tags"]
