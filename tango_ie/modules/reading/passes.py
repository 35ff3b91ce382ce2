"""Which queries are asked of which sentences in one pass of an encoder.

A pair of sentence and query exists only while its pass runs: memory does not grow with the number
of queries. Pairs of similar length share a pass.

Legend: B batch, T words, P pairs of a pass, R rows of it (one for each window of each pair), S
sub-words of a row, W windows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from tango_ie.data.batching import plan_batches
from tango_ie.modules.reading.pair_format import PairFormat, QueryTable
from tango_ie.modules.reading.sentence_rows import SentenceRows


@dataclass(frozen=True)
class PairPass:
    """The rows of some pairs, padded.

    Args:
        padded: there is padding among the sub-words.

    Shapes:
        sentences, queries (P,) int, on the CPU: which pairs these are
        ids (R, S) int; mask (R, S) bool, True = real; of_sentence (R, S) bool: sub-words of the
        sentence, without special tokens; second (R, S) bool: all that stands behind the query
        first_cells, last_cells (P, T) int into the flat (R, S); word_mask (P, T) bool
    """

    sentences: NDArray[np.int64]
    queries: NDArray[np.int64]
    ids: Tensor
    mask: Tensor
    of_sentence: Tensor
    second: Tensor
    first_cells: Tensor
    last_cells: Tensor
    word_mask: Tensor
    padded: bool


def all_pairs(num_sentences: int, num_queries: int) -> NDArray[np.int64]:
    """Every query of every sentence: (P, 2), sentence and query.

    >>> all_pairs(2, 2).tolist()
    [[0, 0], [0, 1], [1, 0], [1, 1]]
    """
    return np.stack(np.divmod(np.arange(num_sentences * num_queries), max(num_queries, 1)), axis=1)


def passes(
    pairs: NDArray[np.int64],
    rows: SentenceRows,
    table: QueryTable,
    pair_format: PairFormat,
    budget: int,
) -> Iterator[PairPass]:
    """All pairs, in passes of similar length.

    Args:
        pairs: sentence and query of each.
        rows: the sentences.
        table: the queries, on the device of the sentences.
        pair_format: how the two stand in a row.
        budget: sub-words of a pass, padding counted; a pair that is longer has one of its own.

    Shapes:
        pairs (N, 2) int
    """
    lengths = rows.sizes[pairs[:, 0]] + table.sizes[pairs[:, 1]]  # (N,)
    costs = lengths * rows.counts[pairs[:, 0]]
    for chosen in plan_batches(costs.tolist(), budget):
        yield _pass(pairs[chosen], rows, table, pair_format)


def _pass(
    pairs: NDArray[np.int64], rows: SentenceRows, table: QueryTable, pair_format: PairFormat
) -> PairPass:
    device = rows.ids.device
    sentences, queries = pairs.T  # (P,) each
    counts = rows.counts[sentences]  # (P,) windows
    first_rows = np.cumsum(counts) - counts  # (P,) of each pair, in this pass
    first_windows = (np.cumsum(rows.counts) - rows.counts)[sentences]  # (P,) among all sentences'
    pair_of_row = np.repeat(np.arange(len(pairs)), counts)  # (R,)
    windows = np.arange(len(pair_of_row)) + (first_windows - first_rows)[pair_of_row]  # (R,)

    def moved(values: NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(values)).to(device, non_blocking=True)

    heads = moved(table.sizes[queries])  # (P,) sub-words before the sentence
    before = heads[moved(pair_of_row)].unsqueeze(1)  # (R, 1)
    chosen = moved(windows)  # (R,)
    ends = before + rows.lengths[chosen].unsqueeze(1)  # (R, 1)
    width = int((table.sizes[queries] + rows.sizes[sentences]).max(initial=1))  # S
    place = torch.arange(width, device=device).expand(len(windows), -1)  # (R, S)
    mask, second = place < ends, place >= before
    query_ids = table.ids[moved(queries[pair_of_row])]  # (R, ·)
    ids = torch.where(
        second,
        _taken(rows.ids[chosen], place - before),
        _taken(query_ids, place),
    )  # (R, S)

    size = int(rows.num_words[sentences].max(initial=0))  # T
    of_pair = moved(sentences)  # (P,)
    shift = moved((first_windows - first_rows) * rows.ids.size(1))  # (P,)

    def cells(all_cells: Tensor) -> Tensor:
        within = all_cells[of_pair, :size] - shift.unsqueeze(1)  # (P, T) as if S were that of rows
        row, column = within // rows.ids.size(1), within % rows.ids.size(1)
        return row * width + column + heads.unsqueeze(1)

    word_mask = rows.word_mask[of_pair, :size]  # (P, T)
    return PairPass(
        sentences=sentences,
        queries=queries,
        ids=ids.masked_fill(~mask, pair_format.pad_id),
        mask=mask,
        of_sentence=second & (place < ends - len(pair_format.after)),
        second=second & mask,
        first_cells=cells(rows.first_cells).masked_fill(~word_mask, 0),
        last_cells=cells(rows.last_cells).masked_fill(~word_mask, 0),
        word_mask=word_mask,
        padded=bool((table.sizes[queries] + rows.sizes[sentences] < width).any())
        or bool((counts > 1).any()),
    )


def _taken(ids: Tensor, places: Tensor) -> Tensor:
    """Ids at places; anything where there is no such place."""
    return ids.gather(1, places.clamp(0, ids.size(1) - 1))
