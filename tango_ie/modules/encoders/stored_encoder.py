"""A frozen transformer on disk: architecture, tokenizer, weights, and how words are read off it.

Nothing of it is read before it is asked for. What is asked for most, the shapes of its weights,
stands in the first bytes of their file.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, load_model
from torch import Tensor

from tango_ie.core.errors import DataError
from tango_ie.core.linking import link_or_copy
from tango_ie.modules.encoders.archived import archived_name, open_archive
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.transformer import TransformerEncoder

WEIGHTS = "weights.safetensors"
SETTINGS = ("pooling", "layers", "max_length", "window_overlap", "context")
_MIX = "mix."  # what stands on a frozen transformer, and is each model's own


@dataclass(frozen=True)
class StoredEncoder:
    """Where a frozen transformer lies.

    Args:
        architecture: folder of its config and tokenizer.
        weights: file of its weights; a mix of layers among them is as it was before training.
        output_size: H of the words' vectors.
        settings: arguments of :class:`TransformerEncoder`, those named in ``SETTINGS``.
        mend: what helps if the files are damaged.
    """

    architecture: Path
    weights: Path
    output_size: int
    settings: Mapping[str, Any]
    mend: str

    @cached_property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The shapes of the transformer's weights, by their names.

        Raises:
            DataError: there are no weights, or they are damaged.
        """
        return {name: shape for name, shape in self._shapes.items() if not name.startswith(_MIX)}

    @property
    def num_parameters(self) -> int:
        """Of the transformer."""
        return sum(math.prod(shape) for shape in self.shapes.values())

    @property
    def num_mixed(self) -> int | None:
        """How many layers are mixed; ``None`` without a mix.

        Raises:
            DataError: there are no weights, or they are damaged.
        """
        shape = self._shapes.get("mix.weights")
        return None if shape is None else shape[0]

    @property
    def reach(self) -> int:
        """See :class:`tango_ie.modules.encoders.base.Encoder`."""
        context = self.settings["context"]
        return 0 if context is None else int(context["tokens"])

    def build(self) -> TransformerEncoder:
        """The encoder itself, in eval mode, on the CPU.

        Raises:
            DataError: files are missing or damaged.
        """
        if not self.architecture.is_dir():
            raise self._missing(self.architecture)
        # Its weights must serve training, too, even if it is prediction that first needs them.
        with torch.inference_mode(False), open_archive(self.architecture.parent):
            encoder: TransformerEncoder = Encoder.from_params(
                {
                    "type": "tango_ie::transformer",
                    "model": archived_name(self.architecture),
                    "frozen": True,
                    **self.settings,
                }
            )
            try:
                load_model(encoder, str(self.weights), strict=True)
            except FileNotFoundError as error:
                raise self._missing(self.weights) from error
            except (SafetensorError, RuntimeError, OSError) as error:
                raise self._damaged(error) from error
        return encoder.eval()

    def link_into(self, folder: Path) -> None:
        """Put all files side by side into a folder; they take room only on another disk."""
        folder.mkdir(parents=True, exist_ok=True)
        if not self.architecture.is_dir():
            raise self._missing(self.architecture)
        if not self.weights.is_file():
            raise self._missing(self.weights)
        for path in self.architecture.iterdir():
            link_or_copy(path, folder / path.name)
        link_or_copy(self.weights, folder / WEIGHTS)

    def same_vectors(self, other: StoredEncoder) -> bool:
        """Whether both give the same vectors: same settings, same weights to the last bit.

        Raises:
            DataError: files are missing or damaged.
        """
        if dict(self.settings) != dict(other.settings) or self.shapes != other.shapes:
            return False
        if self.weights.samefile(other.weights):
            return True
        mine, others = self.load_weights(), other.load_weights()
        return all(torch.equal(mine[name], others[name]) for name in mine)

    def load_weights(self) -> dict[str, Tensor]:
        """The transformer's weights.

        Raises:
            DataError: there are none, or they are damaged.
        """
        try:
            weights: dict[str, Tensor] = load_file(self.weights)
        except FileNotFoundError as error:
            raise self._missing(self.weights) from error
        except (OSError, SafetensorError) as error:
            raise self._damaged(error) from error
        return {name: value for name, value in weights.items() if not name.startswith(_MIX)}

    @cached_property
    def _shapes(self) -> dict[str, tuple[int, ...]]:
        try:
            # Opening compares the length of the file with what it should be.
            with safe_open(self.weights, "pt") as file:
                return {name: tuple(file.get_slice(name).get_shape()) for name in file.keys()}  # noqa: SIM118
        except FileNotFoundError as error:
            raise self._missing(self.weights) from error
        except (OSError, SafetensorError) as error:
            raise self._damaged(error) from error

    def _missing(self, path: Path) -> DataError:
        return DataError(
            "a frozen encoder was looked for here and is not there; if its folder has been moved "
            f"since the model was loaded, load the model from where it is now; else {self.mend}",
            path,
        )

    def _damaged(self, error: Exception) -> DataError:
        reason = " ".join(str(error).split())[:300]
        return DataError(f"damaged: {reason}; {self.mend}", self.weights)
