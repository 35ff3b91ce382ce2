"""Writing the vectors of words as they are computed.

Legend: B batch, T words, K words of a batch, L layers, H hidden.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from safetensors.torch import save_model
from torch import Tensor

from tango_ie.core.errors import DataError
from tango_ie.modules.encoders.encoded_corpus import (
    DIGEST_SIZE,
    INDEX,
    INFO,
    VECTORS,
    EncodedCorpus,
    KnownWords,
    Storage,
    describe,
    words_digest,
)
from tango_ie.modules.encoders.stored_encoder import WEIGHTS
from tango_ie.modules.encoders.transformer import TransformerEncoder

_ENCODER = "encoder"


class EncodedWriter:
    """Writes an :class:`EncodedCorpus`, one batch after the other; memory does not grow with it.

    A context manager: its file is closed at the end of the block, finished or not.

    Args:
        encoder: whose vectors they are.
        folder: empty.
        dtype: of the numbers on disk.
    """

    def __init__(self, encoder: TransformerEncoder, folder: Path, dtype: Storage) -> None:
        self.folder = folder
        self.dtype: Storage = dtype
        self._params = encoder.archived_params(folder / _ENCODER)
        save_model(encoder, str(folder / WEIGHTS))
        self._num_layers = 1 if encoder.mix is None else len(encoder.mix.weights)
        self._hidden = encoder.output_size
        self._starts: dict[bytes, int] = {}
        self._known: dict[bytes, KnownWords] = {}
        self._num_words = 0
        self._stream = (folder / VECTORS).open("wb")

    def __enter__(self) -> EncodedWriter:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    @property
    def bytes_per_word(self) -> int:
        """What a word takes on disk."""
        return self._num_layers * self._hidden * np.dtype(self.dtype).itemsize

    def __contains__(self, digest: object) -> bool:
        return digest in self._starts

    def write(self, digests: Sequence[bytes], lengths: Sequence[int], vectors: Tensor) -> None:
        """Append the words of some sentences.

        Args:
            lengths: words of each sentence.

        Shapes:
            vectors (K, L, H)

        Raises:
            DataError: numbers that the storage cannot hold.
        """
        with np.errstate(over="ignore"):
            stored = vectors.cpu().numpy().astype(self.dtype)
        if not np.isfinite(stored).all():
            raise DataError(
                f"the encoder gives numbers that are no finite {self.dtype}; "
                + ("choose float32" if self.dtype == "float16" else "its weights are damaged")
            )
        self._stream.write(stored.tobytes())
        for digest, length in zip(digests, lengths, strict=True):
            self._starts[digest] = self._num_words
            self._num_words += length

    def know(self, words: Sequence[str], digest: bytes, cost: int) -> None:
        """Let a sentence be found by its words; only for encoders that read nothing else.

        Args:
            digest: of a sentence that has been written, unless it has no words.
            cost: of its features.
        """
        self._known[words_digest(words)] = KnownWords(self._starts[digest] if words else 0, cost)

    def finish(self, info: Mapping[str, Any]) -> EncodedCorpus:
        """Close the files; without this the folder is no encoded corpus.

        Args:
            info: more to be known about it (JSON).
        """
        self._stream.close()
        index = {"digests": _rows(self._starts), "starts": _numbers(self._starts.values())}
        if self._known:
            index["words"] = _rows(self._known)
            index["words_starts"] = _numbers([item.start for item in self._known.values()])
            index["words_costs"] = _numbers([item.cost for item in self._known.values()])
        save_file(index, self.folder / INDEX)
        shape = (self._num_words, self._num_layers, self._hidden)
        text = json.dumps({**describe(self._params, shape, self.dtype), **info}, indent=2)
        (self.folder / INFO).write_text(text + "\n", encoding="utf-8")
        return EncodedCorpus(self.folder)


def _rows(digests: Iterable[bytes]) -> NDArray[Any]:
    """(N, DIGEST_SIZE)"""
    return np.frombuffer(b"".join(digests), np.uint8).reshape(-1, DIGEST_SIZE)


def _numbers(values: Collection[int]) -> NDArray[Any]:
    return np.fromiter(values, np.int64, len(values))
