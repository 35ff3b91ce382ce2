"""Heads for entities by themselves; what they do inside a model is in models/tagger_test.py."""

from __future__ import annotations

import pytest
import torch

from tango_ie.core.errors import ConfigurationError, DataError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.schema import Schema
from tango_ie.modules.entity_head import EntityHead

SCHEMA = Schema(entity_types=("LOC", "PER"))
NESTED = Sentence(("a", "b", "c"), (Entity("LOC", 0, 1), Entity("PER", 0, 2)))


def test_gold_and_decoding_are_inverse() -> None:
    sentence = Sentence(("a", "b", "c", "d"), (Entity("PER", 0, 2), Entity("PER", 2, 3)))
    for with_crf in (False, True):
        head = EntityHead(4, SCHEMA, "bioes", with_crf)
        gold = torch.from_numpy(head.gold(sentence)).long()
        logits = torch.nn.functional.one_hot(gold, len(head.tags)).float().unsqueeze(0) * 20
        (found,) = head.decode(logits, torch.ones(1, 4).bool())
        assert found.entities == sentence.entities
        assert all(entity.score > 0.99 for entity in found.entities)


def test_entities_that_nest() -> None:
    head = EntityHead(4, SCHEMA)
    assert [head.tags[tag] for tag in head.gold(NESTED)] == ["B-PER", "I-PER", "O"]
    assert head.unrepresentable([NESTED, NESTED]) == {"nested": 2}
    with pytest.raises(DataError, match=r"LOC \[0, 1\) overlaps .*strict = false"):
        EntityHead(4, SCHEMA, strict=True).gold(NESTED)


def test_a_type_that_is_not_known() -> None:
    with pytest.raises(DataError, match=r"'ORG' of 'a'.*it knows LOC, PER"):
        EntityHead(4, SCHEMA).gold(Sentence(("a",), (Entity("ORG", 0, 1),)))


def test_no_types() -> None:
    with pytest.raises(ConfigurationError, match="needs entity types"):
        EntityHead(4, Schema())


def test_adapted_keeps_the_settings() -> None:
    old = EntityHead(4, SCHEMA, "bioes", with_crf=True, strict=True)
    new = old.adapted(Schema(entity_types=("PER",)))
    assert (new.tag_set.scheme, new.strict, new.in_features) == ("bioes", True, 4)
    assert new.crf is not None and new.tags == ("O", "B-PER", "I-PER", "E-PER", "S-PER")
    assert torch.equal(new.weight[1:], old.weight[5:])


def test_half_precision_ends_at_the_logits() -> None:
    head = EntityHead(4, SCHEMA)
    with torch.autocast("cpu", torch.bfloat16):
        assert head(torch.randn(1, 2, 4)).dtype == torch.float32
    assert head.double()(torch.randn(1, 2, 4).double()).dtype == torch.float64
