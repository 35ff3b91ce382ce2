"""The parts that a transformer is tuned by, put in their places.

Legend: H hidden, L layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.tuning.base import AttachedTuning
from tango_ie.modules.tuning.bottleneck import Bottleneck
from tango_ie.modules.tuning.gates import Gate
from tango_ie.modules.tuning.low_rank import LowRank
from tango_ie.modules.tuning.prefix import PrefixVectors
from tango_ie.modules.tuning.prefix_attention import PREFIXED
from tango_ie.modules.tuning.structure import (
    Attention,
    check_attention_interface,
    find_attention,
    find_last_norm,
    find_layers,
)

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class PartSizes:
    """Which parts there are, and how large.

    Args:
        adapter: width of the adapters.
        prefix: length of the prefixes.
        prefix_mid: width of the maps that make them.
        lora: rank.
        lora_factor: of the low-rank maps, where they have no gates.
        gates: whether every part has one in every layer (LoRA two: queries and values).
    """

    adapter: int | None = None
    prefix: int | None = None
    prefix_mid: int = 512
    lora: int | None = None
    lora_factor: float = 1.0
    gates: bool = False


class TunedParts(AttachedTuning):
    """Adapters, prefixes and LoRA in every layer of a transformer, each if it is wanted.

    Raises:
        ConfigurationError: the transformer is built in a way that is not understood; it is left as
            it was.
    """

    def __init__(self, transformer: PreTrainedModel, sizes: PartSizes) -> None:
        super().__init__()
        self._sizes = sizes
        self._hidden_size = int(transformer.config.hidden_size)
        layers = find_layers(transformer)
        # All is looked for before anything is changed.
        norms = [find_last_norm(transformer, layer) for layer in layers if sizes.adapter]
        attentions = [
            find_attention(transformer, layer) for layer in layers if sizes.prefix or sizes.lora
        ]
        if sizes.prefix:
            check_attention_interface(transformer)
        transformer.requires_grad_(False)
        if sizes.adapter:
            self.adapter = self._adapters(norms, sizes.adapter)
        if sizes.prefix:
            heads = int(transformer.config.num_attention_heads)
            self.prefix = self._prefixes(attentions, heads, sizes.prefix)
            transformer.config._attn_implementation = PREFIXED
        if sizes.lora:
            self.lora = self._low_ranks(attentions, sizes.lora)

    def counts(self) -> dict[str, int]:
        """See the base class; gates are counted by themselves."""
        counted: dict[str, int] = {}
        for name, parameter in self.named_parameters():
            part, _, rest = name.partition(".")
            part = "gates" if "gate" in rest else part
            counted[part] = counted.get(part, 0) + parameter.numel()
        return counted

    def _adapters(self, norms: Sequence[nn.LayerNorm], size: int) -> nn.ModuleList:
        return nn.ModuleList(
            Bottleneck(norm, size, self._gate(f"{index}.adapter"))
            for index, norm in enumerate(norms)
        )

    def _prefixes(self, attentions: Sequence[Attention], heads: int, length: int) -> PrefixVectors:
        gates = [self._gate(f"{index}.prefix") for index in range(len(attentions))]
        return PrefixVectors(
            attentions,
            self._hidden_size,
            self._hidden_size // heads,
            length,
            self._sizes.prefix_mid,
            self.scope,
            [gate for gate in gates if gate is not None],
        )

    def _low_ranks(self, attentions: Sequence[Attention], rank: int) -> nn.ModuleList:
        factor = self._sizes.lora_factor
        return nn.ModuleList(
            nn.ModuleDict(
                {
                    name: LowRank(linear, rank, factor, self._gate(f"{index}.lora.{name}"))
                    for name, linear in (("query", item.query), ("value", item.value))
                }
            )
            for index, item in enumerate(attentions)
        )

    def _gate(self, name: str) -> Gate | None:
        return Gate(name, self._hidden_size, self.scope) if self._sizes.gates else None


def check_positive(**values: float | None) -> None:
    """Raise for sizes that are none.

    Raises:
        ConfigurationError: a size below 1.
    """
    for name, value in values.items():
        if value is not None and value < 1:
            raise ConfigurationError(f"must be at least 1, found {value}", name)
