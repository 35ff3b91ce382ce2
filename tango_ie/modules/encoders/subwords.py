"""Features and batches of sub-words.

Legend: B batch, R rows (one per window, at least one per sentence), S sub-words per row,
T words, P sub-words of one sentence and of its context, N selected cells of the (R, S) grid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.modules.encoders.windows import Windows
from tango_ie.modules.tensor_batch import TensorBatch

Selection = Literal["first", "last", "all"]


@dataclass(frozen=True, slots=True)
class SubwordFeatures:
    """The sub-words of one sentence, without special tokens, amid those of its context.

    Args:
        windows: over the sentence's own sub-words; one where there is context.
        cost: length for batching, context and special tokens included.
        left: how many of the first sub-words are context.
        right: how many of the last ones are.

    Shapes:
        pieces (P,) int; word_sizes (T,) int: sub-words of each word, at least one
    """

    pieces: NDArray[np.int32]
    word_sizes: NDArray[np.int32]
    windows: Windows
    cost: int
    left: int = 0
    right: int = 0

    @property
    def num_words(self) -> int:
        """T."""
        return len(self.word_sizes)


@dataclass
class SubwordBatch(TensorBatch):
    """Padded sub-words, and where the words' vectors are to be found among them.

    Shapes:
        input_ids, attention_mask (R, S) int; word_mask (B, T) bool
        cells, slots (N,) int: the sub-word in flat cell ``cells[n]`` of (R, S) belongs to the word
        in flat slot ``slots[n]`` of (B, T)
    """

    input_ids: Tensor
    attention_mask: Tensor
    word_mask: Tensor
    cells: Tensor
    slots: Tensor
    padded: bool


@dataclass(frozen=True)
class Layout:
    """How rows are built.

    Args:
        capacity: sub-words per row, special tokens not counted.
        prefix: ids that begin a row.
        suffix: ids that end a row.
        selection: which sub-words of a word are wanted.
        separator: id that parts a sentence from its context; ``None`` for none.
    """

    capacity: int
    prefix: Sequence[int]
    suffix: Sequence[int]
    pad_id: int
    selection: Selection
    separator: int | None = None


def collate_subwords(features: Sequence[SubwordFeatures], layout: Layout) -> SubwordBatch:
    """Pad sentences into a batch; loops over sentences only to join their arrays."""
    pieces = _join([item.pieces for item in features])
    num_pieces = np.array([len(item.pieces) for item in features], np.int64)  # (B,)
    left = np.array([item.left for item in features], np.int64)  # (B,)
    right = np.array([item.right for item in features], np.int64)  # (B,)
    if layout.separator is not None:
        pieces = _with_separators(pieces, num_pieces, left, right, layout.separator)
        num_pieces = num_pieces + (left > 0) + (right > 0)
        left, right = left + (left > 0), right + (right > 0)
    num_windows = np.array([len(item.windows.starts) for item in features], np.int64)  # (B,)
    starts = _join([item.windows.starts for item in features])  # (R,) within the sentence
    owned = _join([item.windows.owned for item in features])  # (R,)

    row_pieces = np.repeat(np.minimum(num_pieces, layout.capacity), num_windows)  # (R,)
    row_bases = np.repeat(np.cumsum(num_pieces) - num_pieces, num_windows)  # (R,)
    input_ids, sizes = _fill_rows(pieces, row_bases + starts, row_pieces, layout)
    width = input_ids.shape[1]

    # From here on only a sentence's own sub-words count, not its context.
    own = num_pieces - left - right  # (B,)
    row_of_piece = np.repeat(np.arange(len(starts)), owned)  # one per own sub-word of the batch
    place = np.arange(len(row_of_piece)) - np.repeat(np.cumsum(own) - own - left, own)
    cells = row_of_piece * width + len(layout.prefix) + place - starts[row_of_piece]

    num_words = np.array([item.num_words for item in features], np.int64)  # (B,)
    word_sizes = _join([item.word_sizes for item in features])
    word_mask = np.arange(num_words.max(initial=0)) < num_words[:, None]  # (B, T)
    slots = np.flatnonzero(word_mask)  # one per word
    if layout.selection == "all":
        slots = np.repeat(slots, word_sizes)
    else:
        ends = np.cumsum(word_sizes)
        cells = cells[ends - word_sizes if layout.selection == "first" else ends - 1]

    attention_mask = np.arange(width) < np.maximum(sizes, 1)[:, None]  # (R, S)
    return SubwordBatch(
        input_ids=torch.from_numpy(input_ids),
        attention_mask=torch.from_numpy(attention_mask.astype(np.int64)),
        word_mask=torch.from_numpy(word_mask),
        cells=torch.from_numpy(cells),
        slots=torch.from_numpy(slots),
        padded=not bool(attention_mask.all()),
    )


def _fill_rows(
    pieces: NDArray[np.int64], sources: NDArray[np.int64], counts: NDArray[np.int64], layout: Layout
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Rows of ids with special tokens, and their lengths.

    Shapes:
        sources, counts (R,): row r holds ``pieces[sources[r] : sources[r] + counts[r]]``
        returns ids (R, S), lengths (R,)
    """
    before, after = len(layout.prefix), len(layout.suffix)
    sizes = counts + before + after  # (R,)
    ids = np.full((len(counts), max(1, sizes.max(initial=1))), layout.pad_id, np.int64)  # (R, S)
    row = np.repeat(np.arange(len(counts)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    ids[row, before + within] = pieces[np.repeat(sources, counts) + within]
    ids[:, :before] = layout.prefix
    rows = np.arange(len(counts))[:, None]  # (R, 1)
    ids[rows, (before + counts)[:, None] + np.arange(after)] = layout.suffix
    return ids, sizes


def _with_separators(
    pieces: NDArray[np.int64],
    num_pieces: NDArray[np.int64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
    separator: int,
) -> NDArray[np.int64]:
    """The same sub-words with a separator at each border between context and sentence."""
    ends = np.cumsum(num_pieces)
    before = (ends - num_pieces + left)[left > 0]
    after = (ends - right)[right > 0]
    return np.insert(pieces, np.concatenate([before, after]), separator)


def _join(arrays: Sequence[NDArray[np.int32] | NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate([np.zeros(0, np.int64), *arrays])
