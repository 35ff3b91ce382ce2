"""A small trained tagger."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.data.schema import Schema
from tango_ie.models import Model
from tests.models.model_contract import SENTENCES, fit


@pytest.fixture(scope="session")
def tagger_params(tiny_encoder: Path) -> dict[str, Any]:
    """The config of :func:`tagger`."""
    return {
        "type": "tango_ie::tagger",
        "encoder": {"type": "tango_ie::transformer", "model": str(tiny_encoder)},
        "head": "crf",
    }


@pytest.fixture(scope="session")
def trained(tagger_params: dict[str, Any]) -> Model:
    """A tagger that knows the contract's sentences by heart; do not change it."""
    torch.manual_seed(0)
    model: Model = Model.from_params(tagger_params, schema=Schema.from_sentences(SENTENCES))
    fit(model, SENTENCES, steps=60, rate=5e-3)
    return model
