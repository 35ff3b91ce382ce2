"""Frozen transformers that are not built before a sentence needs them.

Legend: B batch, T words, H hidden.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.archived import archived_folder, archived_name
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.context import DocumentContext
from tango_ie.modules.encoders.pooling import Pooling
from tango_ie.modules.encoders.stored_encoder import WEIGHTS, StoredEncoder
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.said_once import SaidOnce
from tango_ie.modules.scalar_mix import ScalarMix

logger = logging.getLogger(__name__)


class LazyTransformer(Encoder):
    """A frozen transformer whose weights stay on disk until a sentence has to go through it.

    It is no part of the module: its weights are neither parameters nor in the state, go into no
    checkpoint and no archive, and cost nothing where all vectors are kept. Only a learned mix of
    its layers is the module's own.

    Args:
        stored: where it lies.

    Raises:
        DataError: it is not there, or damaged.
    """

    def __init__(self, stored: StoredEncoder) -> None:
        super().__init__()
        self.stored = stored
        self.output_size = stored.output_size
        self.reach = stored.reach
        self.mix = None if stored.num_mixed is None else ScalarMix(stored.num_mixed)
        self._said = SaidOnce(logger)
        # Where a later encoder belongs, and in which precision; no buffer, for it holds nothing.
        self._place = torch.zeros(0)
        self._built: list[TransformerEncoder] = []  # in a list, it is no submodule

    @property
    def is_built(self) -> bool:
        """Whether the transformer had to be loaded."""
        return bool(self._built)

    def built(self) -> TransformerEncoder:
        """The transformer, loaded when this is first called; it shares the mix.

        Raises:
            DataError: its files are gone or damaged.
        """
        if not self._built:
            self._built.append(self.stored.build().to(self._place))
        self._built[0].mix = self.mix
        return self._built[0]

    def encode(self, sentences: Sequence[Sentence]) -> list[Any]:
        """See :meth:`Encoder.encode`."""
        return self.built().encode(sentences)

    def collate(self, features: Sequence[Any]) -> Any:
        """See :meth:`Encoder.collate`."""
        return self.built().collate(features)

    def forward(self, batch: Any) -> Tensor:
        """See :meth:`Encoder.forward`."""
        vectors: Tensor = self.built()(batch)  # (B, T, H)
        return vectors

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`; the files are linked, if the disk allows it."""
        self.stored.link_into(folder)
        return {
            "type": "tango_ie::frozen_transformer",
            "model": archived_name(folder),
            "output_size": self.output_size,
            **self.stored.settings,
        }

    def _apply(self, fn: Callable[[Tensor], Tensor], recurse: bool = True) -> LazyTransformer:
        super()._apply(fn, recurse)
        self._place = fn(self._place)
        for encoder in self._built:
            encoder._apply(fn)
        return self


@Encoder.register("tango_ie::frozen_transformer")
class FrozenTransformer(LazyTransformer):
    """The transformer of an archive whose model was trained on kept vectors.

    Archives write this; configs say ``tango_ie::transformer`` with ``frozen``. Loading the archive
    does not load the transformer; the first sentence that needs it does.

    Args:
        model: its folder in the archive, with weights of its own.
        output_size: H.
        pooling: see :class:`TransformerEncoder`.
        layers: see :class:`TransformerEncoder`.
        max_length: see :class:`TransformerEncoder`.
        window_overlap: see :class:`TransformerEncoder`.
        context: see :class:`TransformerEncoder`.

    Raises:
        ConfigurationError: no archive is being loaded, or it lacks the folder.
        DataError: the weights are not there, or damaged.
    """

    def __init__(
        self,
        model: str,
        output_size: int,
        pooling: Pooling,
        layers: Literal["last", "mix"],
        max_length: int,
        window_overlap: int,
        context: DocumentContext | None = None,
    ) -> None:
        folder = archived_folder(model)
        if folder is None:
            raise ConfigurationError(
                f"is for archives alone, found {model!r}; a config says type: "
                "'tango_ie::transformer', frozen: true",
                "model",
            )
        settings = {
            "pooling": pooling,
            "layers": layers,
            "max_length": max_length,
            "window_overlap": window_overlap,
            "context": None if context is None else asdict(context),
        }
        mend = "copy the archive anew, as a whole"
        super().__init__(StoredEncoder(folder, folder / WEIGHTS, output_size, settings, mend))
