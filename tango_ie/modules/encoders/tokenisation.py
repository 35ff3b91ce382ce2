"""From words to sub-words, for many sentences at once.

Legend: N sentences, T words and P sub-words of one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from tango_ie.core.errors import ConfigurationError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_NO_LIMIT = 10**6


class Pieces(NamedTuple):
    """The sub-words of one sentence, without special tokens.

    Shapes:
        ids (P,) int; sizes (T,) int: number of sub-words of each word, at least one
    """

    ids: NDArray[np.int32]
    sizes: NDArray[np.int32]


class JoinedPieces(NamedTuple):
    """The sub-words of many sentences, end to end, without special tokens.

    Shapes:
        ids (P,) int; sizes (T,) int: number of sub-words of each word, P and T over all sentences;
        piece_borders, word_borders (N + 1,) int: where the sentences begin and end in them
    """

    ids: NDArray[np.int32]
    sizes: NDArray[np.int32]
    piece_borders: NDArray[np.int64]
    word_borders: NDArray[np.int64]


class WordTokenizer:
    """A fast Hugging Face tokenizer, applied to words.

    Each distinct word is tokenised once, whatever the number of sentences: sub-words never cross
    words, so the result is that of ``is_split_into_words=True`` (with ``add_prefix_space=True`` for
    byte-level tokenizers, so that every word, the first one too, looks like one inside a text).
    A word that vanishes, such as a lone U+200B, becomes the unknown token: no word goes missing.

    Args:
        tokenizer: any tokenizer of ``transformers`` that is backed by the ``tokenizers`` library.

    Raises:
        ConfigurationError: the tokenizer exists only in slow Python form.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase) -> None:
        if not tokenizer.is_fast:
            raise ConfigurationError(
                f"{type(tokenizer).__name__} has no fast version; convert it to a tokenizer.json"
            )
        self.tokenizer = tokenizer
        self._backend = tokenizer.backend_tokenizer
        # Sentence-transformers ship tokenizers that cut at 128 sub-words.
        self._backend.no_truncation()
        self._backend.no_padding()
        pre_tokenizer = self._backend.pre_tokenizer
        state = b"" if pre_tokenizer is None else pre_tokenizer.__getstate__()
        self._glue = " " if '"ByteLevel"' in json.dumps(json.loads(state or b"{}")) else ""
        self.prefix, self.suffix = self._special_tokens()
        self.pad_id = self._first_id("pad_token_id", "eos_token_id", "unk_token_id")
        self.unknown_id = self._first_id("unk_token_id", "mask_token_id", "eos_token_id")

    @property
    def max_length(self) -> int:
        """The limit that the tokenizer's files name, in sub-words with special tokens."""
        return int(min(self.tokenizer.model_max_length, _NO_LIMIT))

    def split(self, sentences: Sequence[Sequence[str]]) -> list[Pieces]:
        """Sub-words of many sentences."""
        joined = self.split_joined(sentences)
        return [
            Pieces(joined.ids[piece_start:piece_end], joined.sizes[word_start:word_end])
            for piece_start, piece_end, word_start, word_end in zip(
                joined.piece_borders[:-1],
                joined.piece_borders[1:],
                joined.word_borders[:-1],
                joined.word_borders[1:],
                strict=True,
            )
        ]

    def split_joined(self, sentences: Sequence[Sequence[str]]) -> JoinedPieces:
        """Sub-words of many sentences in common arrays, of which any part can be taken."""
        lengths = np.fromiter((len(words) for words in sentences), np.int64, len(sentences))
        places: dict[str, int] = {}
        words = chain.from_iterable(sentences)
        index = np.fromiter(
            (places.setdefault(word, len(places)) for word in words), np.int64, int(lengths.sum())
        )
        ids, sizes = self._split_words(list(places))
        word_sizes = sizes[index]
        starts = (np.cumsum(sizes) - sizes)[index]  # where each word's sub-words lie in `ids`
        ends = np.cumsum(word_sizes)
        shifts = np.repeat(starts - (ends - word_sizes), word_sizes)
        word_borders = np.concatenate([[0], np.cumsum(lengths)])
        return JoinedPieces(
            ids[np.arange(len(shifts)) + shifts],
            word_sizes.astype(np.int32),
            np.concatenate([[0], ends])[word_borders],
            word_borders,
        )

    def save(self, folder: Path) -> None:
        """Write the tokenizer's files, so that they load without the original."""
        self.tokenizer.save_pretrained(folder)

    def _split_words(self, words: list[str]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Sub-words of distinct words, end to end, and how many each of them has."""
        encodings = self._backend.encode_batch_fast(
            [[self._glue + word] for word in words], is_pretokenized=True, add_special_tokens=False
        )
        ids = [encoding.ids or [self.unknown_id] for encoding in encodings]
        sizes = np.fromiter((len(item) for item in ids), np.int64, len(ids))
        flat = np.fromiter(chain.from_iterable(ids), np.int32, int(sizes.sum()))
        return flat, sizes

    def _special_tokens(self) -> tuple[list[int], list[int]]:
        """Ids that stand before and after a sentence."""
        encoding = self._backend.encode(["a"], is_pretokenized=True, add_special_tokens=True)
        own = [place for place, special in enumerate(encoding.special_tokens_mask) if not special]
        if not own:
            return list(encoding.ids), []
        return list(encoding.ids[: own[0]]), list(encoding.ids[own[-1] + 1 :])

    def _first_id(self, *names: str) -> int:
        ids = (getattr(self.tokenizer, name, None) for name in names)
        return next((int(identifier) for identifier in ids if identifier is not None), 0)
