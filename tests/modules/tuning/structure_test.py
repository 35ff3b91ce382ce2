"""Which transformers can be tuned, and what is said about the others."""

from __future__ import annotations

import re

import pytest
import torch

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.tuning import context_words
from tests.modules.tuning.tiny import IDS, MASK, attach, make, states

WORDS = context_words(MASK, 1, 1)
ALL = ("adapter", "prefix", "lora", "unipelt")
WORKS = {
    "Roberta": ALL,
    "XLMRoberta": ALL,
    "Electra": ALL,
    "DistilBert": ALL,
    "NomicBert": ALL,
    "MPNet": ("adapter", "lora"),
    "DebertaV2": ("adapter",),
    "RobertaPreLayerNorm": ("prefix", "lora"),
    "MobileBert": (),
    "Albert": (),
}
REASONS = {
    ("MPNet", "prefix"): "MPNetModel .* set the prefix to null",
    ("MPNet", "unipelt"): "MPNetModel .* set the prefix to null",
    ("DebertaV2", "prefix"): "no attentions .* Only an adapter does without them",
    ("DebertaV2", "lora"): "no attentions .* Only an adapter does without them",
    ("DebertaV2", "unipelt"): "no attentions",
    ("RobertaPreLayerNorm", "adapter"): "do not end in a LayerNorm .* set the adapter to null",
    ("RobertaPreLayerNorm", "unipelt"): "do not end in a LayerNorm",
}


@pytest.mark.parametrize("part", ALL)
@pytest.mark.parametrize("family", list(WORKS))
def test_families(family: str, part: str) -> None:
    further = {"relative_attention": True, "pos_att_type": ["p2c", "c2p"]}
    transformer = make(family, **(further if family == "DebertaV2" else {}))
    before = states(transformer)
    settings = {"type": part} if part == "unipelt" else {"type": part, "gate": True}
    if part not in WORKS[family]:
        reason = REASONS.get((family, part), f"{family}Model cannot be tuned like this")
        with pytest.raises(ConfigurationError, match=f"tuning: .*{reason}"):
            attach(transformer, settings)
        assert torch.equal(states(transformer), before)  # it is left as it was
        assert all(weight.requires_grad for weight in transformer.parameters())
        return
    tuning = attach(transformer, settings)
    with tuning.over(WORDS):
        together = states(transformer)
    assert (together - before)[MASK.bool()].abs().max() > 0.05
    with tuning.over(WORDS[1:2, :4]):
        alone = states(transformer, IDS[1:2, :4], None)
    assert torch.allclose(together[1, :4], alone[0], atol=1e-5)
    assert not any(weight.requires_grad for weight in transformer.parameters())


def test_prefixes_need_the_attention_of_pytorch() -> None:
    transformer = make(attn_implementation="eager")
    with pytest.raises(ConfigurationError, match=re.escape("its attention (eager) does not go")):
        attach(transformer, {"type": "prefix"})
