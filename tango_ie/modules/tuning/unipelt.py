"""UniPELT, and each of its parts alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tango_ie.core.errors import ConfigurationError
from tango_ie.modules.tuning.base import EncoderTuning
from tango_ie.modules.tuning.parts import PartSizes, TunedParts, check_positive

if TYPE_CHECKING:
    from transformers import PreTrainedModel


@EncoderTuning.register("tango_ie::unipelt")
@dataclass(frozen=True)
class UniPelt(EncoderTuning):
    """Adapters, prefixes and LoRA together, each behind gates that open as the input asks for.

    Source: UniPELT (Mao et al. 2022), with the sizes that QPMRC-NER (Zhang and Wang 2023) uses for
    every encoder. The mean of a gate goes over the words of its row; padding does not count, so
    that a sentence alone and in a batch gets the same.

    Args:
        adapter: width of the adapters; ``None`` for none.
        prefix: length of the prefixes; ``None`` for none.
        prefix_mid: width of the maps that make the prefixes.
        lora: rank of LoRA, on queries and values; ``None`` for none.
        gates: ``False``: all parts are open, LoRA with factor 1.

    Raises:
        ConfigurationError: a size below 1, or no part at all.
    """

    adapter: int | None = 48
    prefix: int | None = 10
    prefix_mid: int = 512
    lora: int | None = 8
    gates: bool = True

    def __post_init__(self) -> None:
        check_positive(
            adapter=self.adapter, prefix=self.prefix, prefix_mid=self.prefix_mid, lora=self.lora
        )
        if self.adapter is None and self.prefix is None and self.lora is None:
            raise ConfigurationError(
                "adapter, prefix and lora are all null, so that nothing would be trained; for that "
                "leave tuning away and set the encoder's frozen"
            )

    def attach(self, transformer: PreTrainedModel) -> TunedParts:
        """See the base class."""
        sizes = PartSizes(
            adapter=self.adapter,
            prefix=self.prefix,
            prefix_mid=self.prefix_mid,
            lora=self.lora,
            gates=self.gates,
        )
        return TunedParts(transformer, sizes)


@EncoderTuning.register("tango_ie::adapter")
@dataclass(frozen=True)
class Adapter(EncoderTuning):
    """A bottleneck behind the feed-forward network of each layer.

    Args:
        size: of the bottleneck.
        gate: whether it is behind a gate.

    Raises:
        ConfigurationError: a size below 1.
    """

    size: int = 48
    gate: bool = False

    def __post_init__(self) -> None:
        check_positive(size=self.size)

    def attach(self, transformer: PreTrainedModel) -> TunedParts:
        """See the base class."""
        return TunedParts(transformer, PartSizes(adapter=self.size, gates=self.gate))


@EncoderTuning.register("tango_ie::prefix")
@dataclass(frozen=True)
class Prefix(EncoderTuning):
    """Trained keys and values in each layer, which all sub-words attend to.

    Args:
        length: how many.
        mid_size: width of the maps that make them.
        gate: whether they are behind a gate.

    Raises:
        ConfigurationError: a size below 1.
    """

    length: int = 10
    mid_size: int = 512
    gate: bool = False

    def __post_init__(self) -> None:
        check_positive(length=self.length, mid_size=self.mid_size)

    def attach(self, transformer: PreTrainedModel) -> TunedParts:
        """See the base class."""
        sizes = PartSizes(prefix=self.length, prefix_mid=self.mid_size, gates=self.gate)
        return TunedParts(transformer, sizes)


@EncoderTuning.register("tango_ie::lora")
@dataclass(frozen=True)
class Lora(EncoderTuning):
    """Maps of low rank beside those of queries and values in each layer.

    Args:
        rank: of the maps.
        alpha: the maps count ``alpha / rank`` times; ``None``: once. A gate takes its place.
        gate: whether each is behind a gate.

    Raises:
        ConfigurationError: a rank below 1, an alpha that is not positive, or one beside a gate.
    """

    rank: int = 8
    alpha: float | None = None
    gate: bool = False

    def __post_init__(self) -> None:
        check_positive(rank=self.rank)
        if self.alpha is not None and self.alpha <= 0:
            raise ConfigurationError(f"must be above 0, found {self.alpha}", "alpha")
        if self.alpha is not None and self.gate:
            raise ConfigurationError("a gate takes its place; leave one of them away", "alpha")

    def attach(self, transformer: PreTrainedModel) -> TunedParts:
        """See the base class."""
        factor = 1.0 if self.alpha is None else self.alpha / self.rank
        sizes = PartSizes(lora=self.rank, lora_factor=factor, gates=self.gate)
        return TunedParts(transformer, sizes)
