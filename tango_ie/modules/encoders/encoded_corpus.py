"""The vectors that a frozen encoder gives to the words of a corpus, kept on disk.

Legend: N sentences, W words of all sentences, L layers, H hidden.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tango.common import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.modules.encoders.subwords import SubwordFeatures

Storage = Literal["float32", "float16"]
INFO, INDEX = "info.json", "index.safetensors"
VECTORS, WEIGHTS = "vectors.bin", "weights.safetensors"
DIGEST_SIZE = 16
_KIND = "tango_ie encoded corpus"


class EncodedCorpus:
    """A folder of word vectors together with the encoder that made them.

    ``vectors.bin`` holds W × L × H numbers, mapped into memory; ``index.safetensors`` says at which
    word each sentence begins. A sentence is found by its content (:func:`content_digest`), wherever
    it lies, so that samples of a corpus and corpora made from it are served too. L is 1 where one
    layer is used; for a learned mix it is the number of layers. The encoder's architecture,
    tokenizer and weights lie beside them, so that the folder needs nothing else.

    Args:
        folder: as :class:`tango_ie.modules.encoders.encoded_writer.EncodedWriter` has written it.

    Raises:
        DataError: the folder holds no vectors, or is damaged.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder)
        path = self.folder / INFO
        try:
            info = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise DataError(f"there is no encoded corpus here: {error}", path) from error
        if not isinstance(info, dict) or info.get("kind") != _KIND:
            raise DataError("not the description of an encoded corpus", path)
        self.info: dict[str, Any] = info

    @property
    def encoder_params(self) -> dict[str, Any]:
        """The encoder's config, with names that hold while the folder is the open archive."""
        params: dict[str, Any] = self.info["encoder"]
        return params

    @cached_property
    def vectors(self) -> NDArray[np.float32] | NDArray[np.float16]:
        """All vectors, read when they are looked at. Shape (W, L, H).

        Raises:
            DataError: the file is cut short or too long.
        """
        shape = tuple(self.info["shape"])
        dtype = np.dtype(self.info["dtype"])
        path = self.folder / VECTORS
        expected = int(np.prod(shape)) * dtype.itemsize
        size = path.stat().st_size if path.exists() else 0
        if size != expected:
            raise DataError(f"has {size} bytes instead of {expected}; encode the corpus anew", path)
        if not expected:
            return np.zeros(shape, dtype)
        # A plain array on top of the map: slices of np.memmap cost several times as much.
        return np.asarray(np.memmap(path, dtype, "r", shape=shape))

    def find(self, digest: bytes) -> int | None:
        """The first word of a sentence among the vectors; ``None`` if it is not there."""
        return self._starts.get(digest)

    def __len__(self) -> int:
        """Sentences that differ."""
        return len(self._starts)

    @cached_property
    def _starts(self) -> dict[bytes, int]:
        path = self.folder / INDEX
        try:
            index = load_file(path)
            digests, starts = index["digests"].tobytes(), index["starts"].tolist()
        except (OSError, KeyError, SafetensorError) as error:
            raise DataError(f"damaged: {error}; encode the corpus anew", path) from error
        return {
            digests[place * DIGEST_SIZE : (place + 1) * DIGEST_SIZE]: start
            for place, start in enumerate(starts)
        }

    def __reduce__(self) -> tuple[object, ...]:
        # Mapped data go to another process by their place, not by value.
        return EncodedCorpus, (self.folder,)

    def __deepcopy__(self, memo: dict[int, Any]) -> EncodedCorpus:
        return self


class EncodedCorpusFormat(Format[EncodedCorpus]):
    """Puts the folder into the cache; without a second copy where the file system allows it."""

    VERSION = "001"

    def write(self, artifact: EncodedCorpus, dir: PathOrStr) -> None:  # noqa: A002
        """Write into an empty folder."""
        shutil.copytree(artifact.folder, dir, dirs_exist_ok=True, copy_function=_link_or_copy)

    def read(self, dir: PathOrStr) -> EncodedCorpus:  # noqa: A002
        """Open what :meth:`write` has written; the vectors stay on disk."""
        return EncodedCorpus(Path(dir))


def content_digest(item: SubwordFeatures) -> bytes:
    """Hash of all that the encoder sees of a sentence: its sub-words, its words, its context."""
    digest = hashlib.blake2b(digest_size=DIGEST_SIZE)
    digest.update(np.array([item.left, item.right, len(item.word_sizes)], "<i8").tobytes())
    digest.update(item.word_sizes.astype("<i4").tobytes())
    digest.update(item.pieces.astype("<i4").tobytes())
    return digest.digest()


def describe(encoder: dict[str, Any], shape: tuple[int, ...], dtype: Storage) -> dict[str, Any]:
    """The head of ``info.json``."""
    return {"kind": _KIND, "encoder": encoder, "shape": list(shape), "dtype": dtype}


def _link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
    return target
