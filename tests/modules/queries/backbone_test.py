"""Which encoders can read queries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.encoders import Casing, TransformerEncoder
from tango_ie.modules.queries.backbone import checked_encoder, layers_of
from tests.modules.queries.tiny import KINDS, tiny_reader, tiny_transformer


@pytest.mark.parametrize("kind", KINDS)
def test_transformers_built_like_bert(kind: str, tiny_encoder: Path, tmp_path: Path) -> None:
    encoder = tiny_reader(kind, tiny_encoder, tmp_path)
    assert len(layers_of(checked_encoder(encoder).transformer)) == 3
    two = tiny_reader(kind, tiny_encoder, tmp_path, layers=2)
    assert len(layers_of(checked_encoder(two).transformer)) == 2


@pytest.mark.parametrize(
    ("kind", "options"),
    [("RobertaPreLayerNorm", {"type_vocab_size": 1}), ("MPNet", {}), ("DebertaV2", {})],
)
def test_transformers_built_otherwise(
    kind: str, options: dict[str, Any], tiny_encoder: Path, tmp_path: Path
) -> None:
    folder = tiny_transformer(kind, tiny_encoder, tmp_path, **options)
    encoder = TransformerEncoder(str(folder))
    with pytest.raises(ConfigurationError, match=f"built like BERT.*{kind}Model is not"):
        checked_encoder(encoder)


def test_encoders_of_another_kind(tiny_encoder: Path) -> None:
    with pytest.raises(ConfigurationError, match="found Casing"):
        checked_encoder(Casing())
    with pytest.raises(ConfigurationError, match="found 'mix'"):
        checked_encoder(TransformerEncoder(str(tiny_encoder), layers="mix"))
