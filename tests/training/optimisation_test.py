"""Parameter groups: rates by pattern, no decay on biases and norms, clear errors."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Entity, Sentence
from tango_ie.data.corpus import Corpus
from tango_ie.inference.corpus_encoding import encode_corpus
from tango_ie.models import Model
from tango_ie.modules.encoders import Encoder
from tango_ie.training.optimisation import BASE_RATE, AdamW, Optimizer, ParameterGroup
from tests.training.tiny_model import SCHEMA, TinyTagger


def settings_by_name(model: torch.nn.Module, **params: Any) -> dict[str, tuple[float, float]]:
    optimizer = Optimizer.from_params(params).build(model)
    names = {id(parameter): name for name, parameter in model.named_parameters()}
    return {
        names[id(parameter)]: (group["lr"], group["weight_decay"])
        for group in optimizer.param_groups
        for parameter in group["params"]
    }


def test_groups_by_pattern() -> None:
    found = settings_by_name(
        TinyTagger(SCHEMA),
        learning_rate=0.1,
        weight_decay=0.5,
        groups=[
            {"pattern": "^encoder\\.0", "learning_rate": 0.01},
            {"pattern": "^encoder|^embedding", "learning_rate": 0.02, "weight_decay": 0.3},
        ],
    )
    assert found == {
        "embedding.weight": (0.02, 0.3),
        "encoder.0.weight": (0.01, 0.5),
        "encoder.0.bias": (0.01, 0.0),
        "encoder.2.weight": (0.02, 0.0),
        "encoder.2.bias": (0.02, 0.0),
        "head.weight": (0.1, 0.5),
        "head.bias": (0.1, 0.0),
        "unused.weight": (0.1, 0.5),
        "unused.bias": (0.1, 0.0),
    }


def test_biases_of_recurrent_layers_do_not_decay() -> None:
    found = settings_by_name(torch.nn.GRU(2, 3, bidirectional=True), weight_decay=0.5)
    assert len(found) == 8
    for name, (_, decay) in found.items():
        assert decay == (0.0 if name.startswith("bias") else 0.5)


def test_frozen_parameters_are_left_out() -> None:
    model = TinyTagger(SCHEMA)
    model.encoder.requires_grad_(False)
    found = settings_by_name(model, groups=[{"pattern": "^encoder", "learning_rate": 1e-5}])
    assert not any(name.startswith("encoder") for name in found)
    model.requires_grad_(False)
    with pytest.raises(ConfigurationError, match="no parameter that takes gradients"):
        AdamW().build(model)


def test_patterns_of_encoders_that_are_not_loaded(tiny_encoder: Path, tmp_path: Path) -> None:
    """They are fine as well, as they are for the same encoder when it is loaded."""
    frozen = {"type": "transformer", "model": str(tiny_encoder), "frozen": True}
    corpus = Corpus.from_sentences({"train": [Sentence(("Bonn",), (Entity("LOC", 0, 1),))]})
    features = encode_corpus(Encoder.from_params(frozen), corpus, tmp_path / "features")
    model = Model.from_params(
        {"type": "tagger", "encoder": {"type": "cached_features", "features": features}},
        schema=corpus.schema,
    )
    for pattern in (r"^encoder\.", r"^encoder\.transformer\.embeddings"):
        AdamW(groups=(ParameterGroup(pattern, 1e-5),)).build(model)
    with pytest.raises(ConfigurationError, match="matches no parameter"):
        AdamW(groups=(ParameterGroup(r"^encoder\.mix"),)).build(model)


def test_pattern_without_a_match() -> None:
    with pytest.raises(ConfigurationError, match=r"'\^encodr' matches no parameter.*encoder\.0"):
        AdamW(groups=(ParameterGroup("^encodr"),)).build(TinyTagger(SCHEMA))
    with pytest.raises(ConfigurationError, match="not a regular expression"):
        ParameterGroup("(")


@pytest.mark.parametrize(
    "params", [{"learning_rate": -1}, {"weight_decay": -1}, {"betas": [0.9, 1]}]
)
def test_refuses_nonsense(params: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError):
        Optimizer.from_params(params)


def test_fused_step_is_adamw() -> None:
    torch.manual_seed(0)
    model, reference = torch.nn.Linear(4, 3), torch.nn.Linear(4, 3)
    reference.load_state_dict(model.state_dict())
    ours = AdamW(learning_rate=0.1, weight_decay=0.2).build(model)
    theirs = torch.optim.AdamW(
        [
            {"params": [reference.weight], "weight_decay": 0.2},
            {"params": [reference.bias], "weight_decay": 0.0},
        ],
        lr=0.1,
        fused=False,
    )
    assert ours.param_groups[0][BASE_RATE] == 0.1
    for _ in range(5):
        inputs = torch.randn(6, 4)
        for layer, optimizer in ((model, ours), (reference, theirs)):
            optimizer.zero_grad()
            layer(inputs).square().sum().backward()
            optimizer.step()
    torch.testing.assert_close(model.weight, reference.weight)
    torch.testing.assert_close(model.bias, reference.bias)
