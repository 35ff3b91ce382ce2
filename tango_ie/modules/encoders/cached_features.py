"""A frozen encoder whose vectors have been computed beforehand.

Legend: B batch, T words, K words that are kept, M words that are not, L layers, H hidden.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_model
from torch import Tensor

from tango_ie.core.config import Object, read, realise
from tango_ie.core.errors import DataError
from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.archived import open_archive
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.encoded_corpus import WEIGHTS, EncodedCorpus, content_digest
from tango_ie.modules.encoders.subwords import SubwordBatch, SubwordFeatures
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass(frozen=True, slots=True)
class CachedSentence:
    """One sentence: what the encoder would read, and where its vectors are kept, if they are."""

    subwords: SubwordFeatures
    start: int | None

    @property
    def cost(self) -> int:
        """That of the encoder, so that batches are the same with and without kept vectors."""
        return self.subwords.cost

    @property
    def num_words(self) -> int:
        """T."""
        return self.subwords.num_words


@dataclass
class CachedBatch(TensorBatch):
    """Kept vectors, and the sentences that have none.

    Shapes:
        word_mask (B, T) bool; vectors (K, L, H); slots (K,), missing_slots (M,) int: flat places in
        (B, T); missing_cells (M,) int: flat places in the word mask of ``missing``
    """

    word_mask: Tensor
    vectors: Tensor
    slots: Tensor
    missing: SubwordBatch | None
    missing_cells: Tensor
    missing_slots: Tensor


@Encoder.register("tango_ie::cached_features")
class CachedFeatures(TransformerEncoder):
    """The frozen transformer of an ``encode_corpus`` step, which need not run again.

    Sentences are found by what the encoder reads of them (words and context), so that samples and
    other splits of the corpus are served as well. Those that are not there go through the encoder
    in every pass; how many is said in a warning. In float32 vectors are the encoder's own but for
    the last bits: these depend on how a batch is padded, with or without kept vectors.

    An archive of a model gets the encoder itself, as ``tango_ie::transformer``.

    Args:
        features: the result of an ``encode_corpus`` step.

    Raises:
        DataError: the result is damaged.
    """

    def __init__(self, features: EncodedCorpus) -> None:
        with open_archive(features.folder):
            node = read(Encoder, features.encoder_params)
            if not isinstance(node, Object):
                raise DataError("damaged: it names no encoder", features.folder)
            super().__init__(**{key: realise(item) for key, item in node.arguments.items()})
        load_model(self, str(features.folder / WEIGHTS), strict=True)
        self.features = features

    def encode(  # type: ignore[override]
        self, sentences: Sequence[Sentence]
    ) -> list[CachedSentence]:
        """See :meth:`Encoder.encode`."""
        found = [
            CachedSentence(item, self.features.find(content_digest(item)))
            for item in super().encode(sentences)
        ]
        missing = sum(item.start is None for item in found)
        if missing:
            self._said.warn(
                "%d of %d sentences are not among the cached features; they go through the encoder "
                "in every pass",
                missing,
                len(found),
            )
        return found

    def collate(self, features: Sequence[CachedSentence]) -> CachedBatch:  # type: ignore[override]
        """See :meth:`Encoder.collate`."""
        num_words = np.array([item.num_words for item in features], np.int64)  # (B,)
        word_mask = np.arange(num_words.max(initial=0)) < num_words[:, None]  # (B, T)
        kept = np.array([item.start is not None for item in features], np.bool_)  # (B,)
        others = [item.subwords for item in features if item.start is None]
        missing = super().collate(others) if others else None
        cells = np.zeros(0, np.int64) if missing is None else _places(missing.word_mask.numpy())
        return CachedBatch(
            word_mask=torch.from_numpy(word_mask),
            vectors=torch.from_numpy(self._kept_vectors(features)),
            slots=torch.from_numpy(_places(word_mask & kept[:, None])),
            missing=missing,
            missing_cells=torch.from_numpy(cells),
            missing_slots=torch.from_numpy(_places(word_mask & ~kept[:, None])),
        )

    def forward(self, batch: CachedBatch) -> Tensor:  # type: ignore[override]
        """See :meth:`Encoder.forward`."""
        layers = batch.vectors.float().unbind(dim=1)  # L × (K, H)
        kept = layers[0] if self.mix is None else self.mix(layers)  # (K, H)
        words = kept.new_zeros(batch.word_mask.numel(), self.output_size)  # (B * T, H)
        words = words.index_copy(0, batch.slots, kept)
        if batch.missing is not None:
            made = super().forward(batch.missing).flatten(0, 1)[batch.missing_cells]  # (M, H)
            words = words.index_copy(0, batch.missing_slots, made)
        return words.unflatten(0, batch.word_mask.shape)  # (B, T, H)

    def _kept_vectors(self, features: Sequence[CachedSentence]) -> NDArray[Any]:
        """The vectors of all words that have some, end to end: (K, L, H)."""
        vectors = self.features.vectors
        parts = [
            vectors[item.start : item.start + item.num_words]
            for item in features
            if item.start is not None
        ]
        return np.concatenate([vectors[:0], *parts])


def _places(mask: NDArray[np.bool_]) -> NDArray[np.int64]:
    return np.flatnonzero(mask)
