"""The vectors that a frozen encoder gives to the words of a corpus, kept on disk.

Legend: N sentences, W words of all sentences, L layers, H hidden.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file
from tango.common import PathOrStr
from tango.format import Format

from tango_ie.core.errors import DataError
from tango_ie.core.linking import link_or_copy
from tango_ie.modules.encoders.archived import ARCHIVE_SCHEME
from tango_ie.modules.encoders.stored_encoder import SETTINGS, WEIGHTS, StoredEncoder
from tango_ie.modules.encoders.subwords import SubwordFeatures

Storage = Literal["float32", "float16"]
INFO, INDEX = "info.json", "index.safetensors"
VECTORS = "vectors.bin"
DIGEST_SIZE = 16
_KIND = "tango_ie encoded corpus"
_MEND = "encode the corpus anew"


class KnownWords(NamedTuple):
    """A sentence that is known by its words: its first word among the vectors, and its cost."""

    start: int
    cost: int


class EncodedCorpus:
    """A folder of word vectors together with the encoder that made them.

    ``vectors.bin`` holds W × L × H numbers, mapped into memory; ``index.safetensors`` says at which
    word each sentence begins. A sentence is found by its content (:func:`content_digest`), wherever
    it lies, so that samples of a corpus and corpora made from it are served too; where the encoder
    reads no context, by its words, too, which need not be split into sub-words then. L is 1 where
    one layer is used; for a learned mix it is the number of layers. The encoder's architecture,
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

    @cached_property
    def encoder(self) -> StoredEncoder:
        """The encoder that gave the vectors.

        Raises:
            DataError: the description lacks it.
        """
        try:
            params, size = self.info["encoder"], int(self.info["shape"][-1])
            architecture = self.folder / params["model"].removeprefix(ARCHIVE_SCHEME)
            settings = {name: params[name] for name in SETTINGS}
        except (AttributeError, KeyError, LookupError, TypeError) as error:
            raise DataError(
                f"damaged: it describes no encoder ({error!r})", self.folder / INFO
            ) from error
        return StoredEncoder(architecture, self.folder / WEIGHTS, size, settings, _MEND)

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
            raise DataError(f"has {size} bytes instead of {expected}; {_MEND}", path)
        if not expected:
            return np.zeros(shape, dtype)
        # A plain array on top of the map: slices of np.memmap cost several times as much.
        return np.asarray(np.memmap(path, dtype, "r", shape=shape))

    def find(self, digest: bytes) -> int | None:
        """The first word of a sentence among the vectors; ``None`` if it is not there."""
        return self._starts.get(digest)

    def find_words(self, words: Sequence[str]) -> KnownWords | None:
        """A sentence of these words; ``None`` if it is not there or words alone do not tell."""
        known = self._known
        return known.get(words_digest(words)) if known else None

    def __len__(self) -> int:
        """Sentences that differ."""
        return len(self._starts)

    @cached_property
    def _starts(self) -> dict[bytes, int]:
        index = self._index
        return dict(zip(_digests(index["digests"]), index["starts"].tolist(), strict=True))

    @cached_property
    def _known(self) -> dict[bytes, KnownWords]:
        index = self._index
        if "words" not in index:
            return {}
        found = map(KnownWords, index["words_starts"].tolist(), index["words_costs"].tolist())
        return dict(zip(_digests(index["words"]), found, strict=True))

    @cached_property
    def _index(self) -> dict[str, NDArray[Any]]:
        path = self.folder / INDEX
        try:
            index: dict[str, NDArray[Any]] = load_file(path)
            if not {"digests", "starts"} <= index.keys():
                raise KeyError("digests or starts")
        except (OSError, KeyError, SafetensorError) as error:
            raise DataError(f"damaged: {error}; {_MEND}", path) from error
        return index

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
        shutil.copytree(artifact.folder, dir, dirs_exist_ok=True, copy_function=link_or_copy)

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


def words_digest(words: Sequence[str]) -> bytes:
    """Hash of a sentence's words.

    >>> words_digest(["ab", "c"]) == words_digest(["a", "bc"])
    False
    """
    text, kind = "\0".join(words), b"words"
    if text.count("\0") != len(words) - 1:  # no words, or one with the sign that parts them
        text, kind = f"{[len(word) for word in words]}{text}", b"lengths, words"
    data = text.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(data, digest_size=DIGEST_SIZE, person=kind).digest()


def _digests(together: NDArray[np.uint8]) -> list[bytes]:
    """The rows of (N, DIGEST_SIZE) as bytes."""
    data = together.tobytes()
    return [data[start : start + DIGEST_SIZE] for start in range(0, len(data), DIGEST_SIZE)]
