"""Tuning a pretrained transformer by few weights beside its own, which stay as they are."""

from tango_ie.modules.tuning.base import AttachedTuning, EncoderTuning
from tango_ie.modules.tuning.gates import Gates, context_words
from tango_ie.modules.tuning.prefix_attention import PrefixStates, with_prefix
from tango_ie.modules.tuning.unipelt import Adapter, Lora, Prefix, UniPelt

__all__ = [
    "Adapter",
    "AttachedTuning",
    "EncoderTuning",
    "Gates",
    "Lora",
    "Prefix",
    "PrefixStates",
    "UniPelt",
    "context_words",
    "with_prefix",
]
