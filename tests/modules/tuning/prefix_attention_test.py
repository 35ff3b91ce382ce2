"""Prefixes in attention functions of others, and that none is left out unnoticed."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from tango_ie.modules.tuning import PrefixStates, context_words, with_prefix
from tango_ie.modules.tuning.prefix_attention import PREFIXED
from tests.modules.tuning.tiny import IDS, MASK, attach, make, states

WORDS = context_words(MASK, 1, 1)
KEPT = "tests_keys_are_kept"
DEAF = "tests_prefix_is_left_out"


def test_keys_values_and_masks_get_longer() -> None:
    key, value = torch.randn(2, 3, 4, 5), torch.randn(2, 3, 4, 5)
    prefix = PrefixStates(torch.ones(1, 3, 2, 5), torch.zeros(1, 3, 2, 5))
    closed = torch.zeros(2, 1, 1, 4)
    keys, values, mask = with_prefix(key, value, closed.bool(), prefix)
    assert keys.shape == values.shape == (2, 3, 6, 5)
    assert (keys[:, :, :2] == 1).all() and torch.equal(keys[:, :, 2:], key)
    assert (values[:, :, :2] == 0).all() and torch.equal(values[:, :, 2:], value)
    assert mask is not None and mask.dtype == torch.bool
    assert mask[0, 0, 0].tolist() == [True, True, False, False, False, False]
    *_, added = with_prefix(key, value, closed - 9.0, prefix)
    assert added is not None and added[0, 0, 0].tolist() == [0.0, 0.0, -9.0, -9.0, -9.0, -9.0]
    *_, none = with_prefix(key, value, None, prefix)
    assert none is None


def test_without_a_prefix_nothing_changes() -> None:
    key, value, mask = torch.randn(1, 2, 3, 4), torch.randn(1, 2, 3, 4), torch.ones(1, 1, 1, 3)
    found = with_prefix(key, value, mask, None)
    assert found[0] is key and found[1] is value and found[2] is mask


def test_the_keys_of_a_context_that_were_kept_have_the_prefix() -> None:
    """Two passes with kept keys, as query-parallel encoders make them, against one row."""
    from transformers import AttentionInterface

    kept: dict[int, tuple[Tensor, Tensor]] = {}

    def attend(
        module: Any,
        query: Tensor,
        key: Tensor,
        value: Tensor,
        attention_mask: Tensor | None,
        prefix: PrefixStates | None = None,
        **_: Any,
    ) -> tuple[Tensor, None]:
        key, value, _mask = with_prefix(key, value, None, prefix)
        layer = module.layer_idx
        if layer in kept:
            key, value = (
                torch.cat([old, new], 2) for old, new in zip(kept[layer], (key, value), strict=True)
            )
        else:
            kept[layer] = key, value
        attended = nn.functional.scaled_dot_product_attention(query, key, value)
        return attended.transpose(1, 2), None

    AttentionInterface.register(KEPT, attend)
    transformer = make()
    tuning = attach(transformer, {"type": "unipelt", "adapter": 5, "prefix": 3, "lora": 2})
    ids = torch.cat([IDS[:1], torch.tensor([[40, 41]])], 1)
    words = torch.cat([WORDS[:1], torch.zeros(1, 2).bool()], 1)
    seen = torch.ones(1, 1, 9, 9).bool()
    seen[..., :7, 7:] = False
    with tuning.over(words):
        expected = states(transformer, ids, seen)
    transformer.config._attn_implementation = KEPT
    with tuning.over(words[:, :7]) as gates:
        context = states(transformer, ids[:, :7], None)
    with tuning.using(gates):
        places = torch.tensor([[7, 8]])
        queries = states(transformer, ids[:, 7:], None, position_ids=places)
    assert all(key.shape[2] == 3 + 7 for key, _ in kept.values())
    assert torch.allclose(torch.cat([context, queries], 1), expected, atol=1e-5)


def test_it_is_known_in_another_process() -> None:
    """Where nothing was built: ranks of a training unpickle their model."""
    from transformers import AttentionInterface, AttentionMaskInterface

    transformer = make()
    tuning = attach(transformer, {"type": "prefix"})
    expected = states(transformer)
    pickled = pickle.dumps((transformer, tuning))
    for interface in (AttentionInterface, AttentionMaskInterface):
        del interface._global_mapping[PREFIXED]
    again, _ = pickle.loads(pickled)
    assert torch.equal(states(again), expected)


def test_an_attention_that_leaves_it_out_is_found() -> None:
    from transformers import AttentionInterface
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    AttentionInterface.register(DEAF, sdpa_attention_forward)
    transformer = make()
    attach(transformer, {"type": "prefix"})
    transformer.config._attn_implementation = DEAF
    with pytest.raises(RuntimeError, match="has left its prefix out"):
        states(transformer, mask=None)
