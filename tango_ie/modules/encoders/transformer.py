"""Pretrained transformers as encoders of words.

Legend: B batch, T words, R rows of sub-words, S sub-words per row, H hidden.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, Literal

import torch
from torch import Tensor

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.input_files import PretrainedName
from tango_ie.modules.encoders.archived import archived_folder, archived_name
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.encoder_archive import EncoderArchive
from tango_ie.modules.encoders.pooling import Pooling, pool
from tango_ie.modules.encoders.pretrained import load_architecture, load_pretrained, max_pieces
from tango_ie.modules.encoders.subwords import (
    Layout,
    Selection,
    SubwordBatch,
    SubwordFeatures,
    collate_subwords,
)
from tango_ie.modules.encoders.windows import plan_windows
from tango_ie.modules.scalar_mix import ScalarMix

_SELECTIONS: dict[Pooling, Selection] = {
    "first": "first",
    "last": "last",
    "mean": "all",
    "max": "all",
}


@Encoder.register("tango_ie::transformer")
class TransformerEncoder(Encoder):
    """A Hugging Face encoder (BERT, RoBERTa, XLM-R, DeBERTa and their relatives).

    A sentence with more sub-words than the encoder can read goes through overlapping windows and
    comes back whole: each sub-word's vector is taken from the window in which it is most central.
    The attention is PyTorch's fused one wherever the architecture has it.

    Args:
        model: a Hugging Face name, a local folder, ``pkg://PACKAGE/FOLDER`` (a folder inside an
            installed package), or the result of a ``train_encoder`` step.
        revision: branch, tag or commit, for a Hugging Face name.
        pooling: how the sub-words of a word become its vector.
        layers: the last layer, a learned mix of all (embeddings included), or one layer by its
            number from 1 (from the top: -1 and down); layers above that one are not even built.
        frozen: the transformer is not trained and never drops out; a mix still is trained.
        max_length: sub-words per window, special tokens included; ``None``: the encoder's limit.
        window_overlap: sub-words that neighbouring windows share; ``None``: a quarter of a window.

    Raises:
        ConfigurationError: the weights cannot be loaded, or a length does not fit.
    """

    def __init__(
        self,
        model: PretrainedName | EncoderArchive,
        revision: str | None = None,
        pooling: Pooling = "first",
        layers: Literal["last", "mix"] | int = "last",
        frozen: bool = False,
        max_length: int | None = None,
        window_overlap: int | None = None,
    ) -> None:
        super().__init__()
        keep = layers if isinstance(layers, int) else None
        folder = None if isinstance(model, EncoderArchive) else archived_folder(model)
        if folder is not None:
            self.transformer, self.tokenizer = load_architecture(folder)
        else:
            name = str(model.folder) if isinstance(model, EncoderArchive) else model
            self.transformer, self.tokenizer = load_pretrained(name, revision, keep)
        self.output_size = int(self.transformer.config.hidden_size)
        self.pooling = pooling
        self.frozen = frozen
        depth = self.transformer.config.num_hidden_layers
        self.mix = ScalarMix(depth + 1) if layers == "mix" else None
        self.max_length = self._checked_length(max_length)
        self._capacity = self.max_length - len(self.tokenizer.prefix) - len(self.tokenizer.suffix)
        self.window_overlap = self._checked_overlap(window_overlap)
        self._layout = Layout(
            capacity=self._capacity,
            prefix=self.tokenizer.prefix,
            suffix=self.tokenizer.suffix,
            pad_id=self.tokenizer.pad_id,
            selection=_SELECTIONS[pooling],
        )
        if frozen:
            self.transformer.requires_grad_(False)
        self.train()  # transformers hands out models in eval mode

    def train(self, mode: bool = True) -> TransformerEncoder:
        """Switch dropout on or off; a frozen transformer stays as it is."""
        super().train(mode)
        if self.frozen:
            self.transformer.eval()
        return self

    def encode(self, sentences: Sequence[Sequence[str]]) -> list[SubwordFeatures]:
        """See :meth:`Encoder.encode`."""
        special = len(self.tokenizer.prefix) + len(self.tokenizer.suffix)
        features = []
        for pieces, sizes in self.tokenizer.split(sentences):
            count = len(pieces)
            windows = plan_windows(count, self._capacity, self.window_overlap)
            rows = len(windows.starts)
            cost = rows * (min(count, self._capacity) + special)
            features.append(SubwordFeatures(pieces, sizes, windows, max(1, cost)))
        return features

    def collate(self, features: Sequence[SubwordFeatures]) -> SubwordBatch:
        """See :meth:`Encoder.collate`."""
        return collate_subwords(features, self._layout)

    def forward(self, batch: SubwordBatch) -> Tensor:
        """See :meth:`Encoder.forward`; vectors are in float32 even if the weights are halved."""
        hidden = self._encode_rows(batch)  # (R, S, H)
        words = pool(
            hidden.flatten(0, 1), batch.cells, batch.slots, batch.word_mask.numel(), self.pooling
        )  # (B * T, H)
        words = words.unflatten(0, batch.word_mask.shape)  # (B, T, H)
        return words.float() if words.dtype in (torch.bfloat16, torch.float16) else words

    def archived_params(self, folder: Path) -> dict[str, Any]:
        """See :meth:`Encoder.archived_params`."""
        folder.mkdir(parents=True, exist_ok=True)
        config = copy.deepcopy(self.transformer.config)
        config.name_or_path = ""
        config.save_pretrained(folder)
        self.tokenizer.save(folder)
        return {
            "type": "tango_ie::transformer",
            "model": archived_name(folder),
            "revision": None,
            "pooling": self.pooling,
            # Layers above a chosen one were not built, so that it is the last one now.
            "layers": "last" if self.mix is None else "mix",
            "frozen": self.frozen,
            "max_length": self.max_length,
            "window_overlap": self.window_overlap,
        }

    def _encode_rows(self, batch: SubwordBatch) -> Tensor:
        with torch.no_grad() if self.frozen else nullcontext():
            output = self.transformer(
                input_ids=batch.input_ids,
                # Without padding there is nothing to mask, and attention is faster.
                attention_mask=batch.attention_mask if batch.padded else None,
                output_hidden_states=self.mix is not None,
            )
        if self.mix is None:
            last: Tensor = output.last_hidden_state
            return last
        mixed: Tensor = self.mix(output.hidden_states)
        return mixed

    def _checked_length(self, wanted: int | None) -> int:
        limit = max_pieces(self.transformer, self.tokenizer)
        special = len(self.tokenizer.prefix) + len(self.tokenizer.suffix)
        if wanted is not None and not special < wanted <= limit:
            raise ConfigurationError(
                f"max_length must lie between {special + 1} and {limit} for this encoder, "
                f"found {wanted}"
            )
        return limit if wanted is None else wanted

    def _checked_overlap(self, wanted: int | None) -> int:
        if wanted is not None and not 0 <= wanted < self._capacity:
            raise ConfigurationError(
                f"window_overlap must lie between 0 and {self._capacity - 1} (a window holds "
                f"{self._capacity} sub-words), found {wanted}"
            )
        return self._capacity // 4 if wanted is None else wanted
