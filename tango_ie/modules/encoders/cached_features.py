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
from torch import Tensor

from tango_ie.data.annotations import Sentence
from tango_ie.modules.encoders.base import Encoder
from tango_ie.modules.encoders.encoded_corpus import EncodedCorpus, content_digest
from tango_ie.modules.encoders.frozen_transformer import LazyTransformer
from tango_ie.modules.encoders.subwords import SubwordBatch, SubwordFeatures
from tango_ie.modules.encoders.transformer import TransformerEncoder
from tango_ie.modules.tensor_batch import TensorBatch


@dataclass(frozen=True, slots=True)
class CachedSentence:
    """One sentence: where its vectors are kept, or else what the encoder has to read.

    Args:
        cost: that of the encoder, so that batches are the same with and without kept vectors.
        num_words: T.
        start: the first of its words among the kept vectors; ``None`` if it is not there.
        subwords: only looked at where there is no ``start``.
    """

    cost: int
    num_words: int
    start: int | None
    subwords: SubwordFeatures | None = None


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
class CachedFeatures(LazyTransformer):
    """The frozen transformer of an ``encode_corpus`` step, which need not run again.

    Sentences are found by what the encoder reads of them (words and context), so that samples and
    other splits of the corpus are served as well. Those that are not there go through the encoder
    in every pass; how many is said in a warning, and only then the encoder is loaded. In float32
    vectors are the encoder's own but for the last bits: these depend on how a batch is padded,
    with or without kept vectors.

    An archive of a model gets the encoder itself, as ``tango_ie::frozen_transformer``.

    Args:
        features: the result of an ``encode_corpus`` step.

    Raises:
        DataError: the result is damaged.
    """

    def __init__(self, features: EncodedCorpus) -> None:
        super().__init__(features.encoder)
        self.features = features

    @classmethod
    def around(
        cls, encoder: TransformerEncoder | LazyTransformer, features: EncodedCorpus
    ) -> CachedFeatures:
        """The same encoder, with its mix, that looks vectors up first."""
        cached = cls(features)
        cached.mix = encoder.mix
        if isinstance(encoder, LazyTransformer):
            cached._place, cached._built = encoder._place, encoder._built
        else:
            cached._built = [encoder]
            cached._place = next(encoder.parameters()).detach()[:0]
        return cached.train(encoder.training)

    def encode(self, sentences: Sequence[Sentence]) -> list[CachedSentence]:
        """See :meth:`Encoder.encode`; sentences that are known by their words are not split."""
        kept = [self._kept(sentence) for sentence in sentences]
        # Where context is read no sentence is known by its words: all are read, with what is
        # around them.
        unknown = [place for place, item in enumerate(kept) if item is None]
        read = super().encode([sentences[place] for place in unknown]) if unknown else []
        for place, item in zip(unknown, read, strict=True):
            start = self.features.find(content_digest(item))
            kept[place] = CachedSentence(item.cost, item.num_words, start, item)
        found = [item for item in kept if item is not None]
        missing = sum(item.start is None for item in found)
        if missing:
            self._said.warn(
                "%d of %d sentences are not among the cached features; they go through the encoder "
                "in every pass",
                missing,
                len(found),
            )
        return found

    def collate(self, features: Sequence[CachedSentence]) -> CachedBatch:
        """See :meth:`Encoder.collate`."""
        num_words = np.array([item.num_words for item in features], np.int64)  # (B,)
        word_mask = np.arange(num_words.max(initial=0)) < num_words[:, None]  # (B, T)
        kept = np.array([item.start is not None for item in features], np.bool_)  # (B,)
        others = [item.subwords for item in features if item.start is None and item.subwords]
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

    def forward(self, batch: CachedBatch) -> Tensor:
        """See :meth:`Encoder.forward`."""
        layers = batch.vectors.float().unbind(dim=1)  # L × (K, H)
        kept = layers[0] if self.mix is None else self.mix(layers)  # (K, H)
        words = kept.new_zeros(batch.word_mask.numel(), self.output_size)  # (B * T, H)
        words = words.index_copy(0, batch.slots, kept)
        if batch.missing is not None:
            made = super().forward(batch.missing).flatten(0, 1)[batch.missing_cells]  # (M, H)
            words = words.index_copy(0, batch.missing_slots, made)
        return words.unflatten(0, batch.word_mask.shape)  # (B, T, H)

    def _kept(self, sentence: Sentence) -> CachedSentence | None:
        """What is kept of a sentence, as far as its words alone say so."""
        known = self.features.find_words(sentence.words)
        if known is None:
            return None
        return CachedSentence(known.cost, len(sentence.words), known.start)

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
