"""Queries as sub-words."""

from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders import TransformerEncoder
from tango_ie.modules.queries.type_queries import TypeQueries


def test_shorter_names_come_first(tiny_encoder: Path) -> None:
    encoder = TransformerEncoder(str(tiny_encoder))
    queries = TypeQueries(encoder, {"A": "abc de", "B": "x", "C": "fg"}, prompt=2)
    assert (queries.labels, queries.counts) == (("B", "C", "A"), (1, 2, 5))
    tokens = encoder.tokenizer.tokenizer.convert_ids_to_tokens
    ids, mask = queries.part(1, 3)
    assert tokens(ids[1]) == ["a", "##b", "##c", "d", "##e"]
    assert mask is not None
    assert mask.int().tolist() == [[1, 1, 0, 0, 0], [1] * 5]
    ids, mask = queries.part(0, 1)
    assert (tokens(ids[0]), mask) == (["x"], None)
    assert queries.state_dict() == {}


def test_too_long_and_too_few(tiny_encoder: Path) -> None:
    encoder = TransformerEncoder(str(tiny_encoder), max_length=8)
    with pytest.raises(ConfigurationError, match=r"query of 'B' has 7 sub-words.*only 6 fit"):
        TypeQueries(encoder, {"A": "x", "B": "abcdefg"}, prompt=2)
    with pytest.raises(ConfigurationError, match="no entity types"):
        TypeQueries(encoder, {}, prompt=2)
