"""UniPELT and its parts on a small BERT: against formulas written out, and how many weights."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.tuning import EncoderTuning, UniPelt, context_words
from tests.modules.tuning.reference import tuned_bert
from tests.modules.tuning.tiny import IDS, MASK, attach, make, states

SMALL = {"adapter": 5, "prefix": 3, "prefix_mid": 7, "lora": 2}
PARTS: dict[str, dict[str, Any]] = {
    "unipelt": {"type": "unipelt", **SMALL},
    "open": {"type": "unipelt", **SMALL, "gates": False},
    "two": {"type": "unipelt", **SMALL, "prefix": None},
    "adapter": {"type": "adapter", "size": 5},
    "gated_adapter": {"type": "adapter", "size": 5, "gate": True},
    "prefix": {"type": "prefix", "length": 3, "mid_size": 7},
    "gated_prefix": {"type": "prefix", "length": 3, "mid_size": 7, "gate": True},
    "lora": {"type": "lora", "rank": 2, "alpha": 3.0},
    "gated_lora": {"type": "lora", "rank": 2, "gate": True},
}
WORDS = context_words(MASK, 1, 1)
each_part = pytest.mark.parametrize("params", PARTS.values(), ids=list(PARTS))


@each_part
def test_equals_the_formulas(params: dict[str, Any]) -> None:
    transformer = make()
    before = states(transformer)
    tuning = attach(transformer, params)
    with tuning.over(WORDS):
        found = states(transformer)
    assert (found - before)[MASK.bool()].abs().max() > 0.1
    for row, ids, mask, words in zip(found, IDS, MASK, WORDS, strict=True):
        size = int(mask.sum())
        with torch.no_grad():
            expected = tuned_bert(transformer, tuning, ids[:size], words[:size].tolist())
        assert torch.allclose(row[:size], expected, atol=1e-5)


@pytest.mark.parametrize("gate", [False, True])
def test_lora_starts_as_the_encoder_was(gate: bool) -> None:
    transformer = make()
    before = states(transformer)
    tuning = attach(transformer, {"type": "lora", "gate": gate}, stir=False)
    with tuning.over(WORDS):
        assert torch.equal(states(transformer), before)


@pytest.mark.parametrize("gate", [False, True])
def test_an_adapter_starts_near_it(gate: bool) -> None:
    transformer = make(initializer_range=0.02)
    before = states(transformer)
    tuning: Any = attach(transformer, {"type": "adapter", "gate": gate}, stir=False)
    with tuning.over(WORDS):
        assert 0 < (states(transformer) - before).abs().max() < 0.05
    with torch.no_grad():
        for adapter in tuning.adapter:
            adapter.up.weight.zero_()
    with tuning.over(WORDS):
        assert torch.allclose(states(transformer), before, atol=1e-6)


@each_part
def test_only_the_new_weights_take_gradients(params: dict[str, Any]) -> None:
    transformer = make().train()
    tuning = attach(transformer, params)
    with tuning.over(WORDS):
        hidden = transformer(input_ids=IDS, attention_mask=MASK).last_hidden_state
    hidden[0, 1:3].square().sum().backward()
    assert all(weight.grad is None for weight in transformer.parameters())
    for name, weight in tuning.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.abs().sum() > 0, name
    names = {name for name, _ in transformer.named_parameters()}
    assert names == {name for name, _ in make().named_parameters()}


def closed_formula(
    hidden: int, layers: int, adapter: int, prefix: int, mid: int, rank: int
) -> dict[str, int]:
    return {
        "adapter": layers * (2 * hidden * adapter + adapter + hidden),
        "prefix": prefix * hidden + hidden * mid + mid + layers * 2 * hidden * (mid + 1),
        "lora": layers * 2 * 2 * hidden * rank,
        "gates": layers * 4 * (hidden + 1),
    }


@pytest.mark.parametrize(
    ("hidden", "layers", "heads", "total"),
    [(768, 12, 12, 11_083_376), (384, 6, 12, 2_871_608), (1024, 24, 16, 29_019_872)],
    ids=["bert_base", "minilm", "bert_large"],
)
def test_counts_of_real_sizes(hidden: int, layers: int, heads: int, total: int) -> None:
    with torch.device("meta"):
        transformer = make(
            hidden_size=hidden,
            num_hidden_layers=layers,
            num_attention_heads=heads,
            intermediate_size=4 * hidden,
            vocab_size=30_522,
        )
        tuning = UniPelt().attach(transformer)
    expected = closed_formula(hidden, layers, 48, 10, 512, 8)
    assert tuning.counts() == expected
    trained = [
        weight
        for module in (transformer, tuning)
        for weight in module.parameters()
        if weight.requires_grad
    ]
    assert sum(weight.numel() for weight in trained) == sum(expected.values()) == total


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"type": "adapter", "size": 5}, {"adapter": 2 * (2 * 16 * 5 + 5 + 16)}),
        ({"type": "lora", "rank": 3, "gate": True}, {"lora": 2 * 4 * 16 * 3, "gates": 4 * 17}),
        ({"type": "unipelt", "lora": None, "prefix": None, "gates": False}, {"adapter": 3200}),
    ],
)
def test_counts_of_parts(params: dict[str, Any], expected: dict[str, int]) -> None:
    assert attach(make(), params).counts() == expected


def test_gates_start_half_open() -> None:
    transformer = make(initializer_range=0.02)
    tuning = attach(transformer, {"type": "unipelt"}, stir=False)
    with tuning.over(WORDS) as gates:
        states(transformer)
    assert len(gates) == 2 * 4
    for name in gates:
        assert gates[name].shape == (3,)
        assert (gates[name] - 0.5).abs().max() < 0.1


@each_part
def test_copies_are_independent(params: dict[str, Any]) -> None:
    transformer = make()
    tuning = attach(transformer, params)
    with tuning.over(WORDS):
        before = states(transformer)
    pairs = copy.deepcopy((transformer, tuning)), pickle.loads(pickle.dumps((transformer, tuning)))
    for other, other_tuning in pairs:
        with other_tuning.over(WORDS):
            assert torch.equal(states(other), before)
        with torch.no_grad():
            for weight in other_tuning.parameters():
                weight.add_(1.0)
        with other_tuning.over(WORDS):
            assert not torch.allclose(states(other), before, atol=1e-2)
    with tuning.over(WORDS):
        assert torch.equal(states(transformer), before)


@each_part
def test_its_config_builds_it_again(params: dict[str, Any]) -> None:
    settings = EncoderTuning.from_params(params)
    archived = settings.archived_params()
    assert archived["type"] == f"tango_ie::{params['type']}"
    assert EncoderTuning.from_params(archived) == settings


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"type": "unipelt", "adapter": 0}, "adapter: must be at least 1, found 0"),
        ({"type": "unipelt", "adapter": None, "prefix": None, "lora": None}, "nothing would be"),
        ({"type": "adapter", "size": 0}, "size: must be at least 1"),
        ({"type": "prefix", "length": -1}, "length: must be at least 1"),
        ({"type": "prefix", "mid_size": 0}, "mid_size: must be at least 1"),
        ({"type": "lora", "rank": 0}, "rank: must be at least 1"),
        ({"type": "lora", "alpha": 0.0}, "alpha: must be above 0"),
        ({"type": "lora", "alpha": 8.0, "gate": True}, "alpha: a gate takes its place"),
        ({"type": "lora", "ranks": 8}, "ranks"),
        ({"type": "lore"}, "lora"),
    ],
)
def test_wrong_settings(params: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        EncoderTuning.from_params(params)
