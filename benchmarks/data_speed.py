"""Time of the steps around a model: reading, opening, batching, resampling.

    python benchmarks/data_speed.py --data ../shared/data/conll2003/iob1/eng.*

Prints the best of several tries, in milliseconds of processor time.
"""

from __future__ import annotations

import argparse
import gc
import logging
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from tango_ie.data.batching import plan_batches
from tango_ie.data.conversion import convert
from tango_ie.data.corpus import Corpus
from tango_ie.data.readers import ColumnReader
from tango_ie.metrics.significance import paired_bootstrap


def split_lines(path: Path) -> Iterator[list[list[str]]]:
    """The bare loop that reading is held against."""
    sentence: list[list[str]] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if cells := line.split():
                sentence.append(cells)
            elif sentence:
                yield sentence
                sentence = []
    if sentence:
        yield sentence


def milliseconds(work: Callable[[], object], repeats: int) -> float:
    """Processor time of the quickest try."""
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        kept = work()
        times.append(time.process_time() - start)
        del kept
    return 1000 * min(times)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, nargs="+", required=True, help="CoNLL-2003")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()

    reader = ColumnReader(["word", "pos", "chunk", "entities"])
    splits = {f"part{number}": path for number, path in enumerate(options.data)}
    corpus = convert(reader, splits)

    def bare() -> Iterator[object]:
        return chain.from_iterable(map(split_lines, options.data))

    def read() -> Iterator[object]:
        return chain.from_iterable(map(reader.read, options.data))

    def convert_quietly() -> Corpus:
        logging.disable()
        return convert(reader, splits)

    generator = np.random.default_rng(0)
    costs = (generator.gamma(2.0, 8.0, 200_000).astype(int) + 3).tolist()
    runs = [generator.integers(0, 3, size=(3453, 3)) for _ in range(10)]
    with tempfile.TemporaryDirectory() as folder:
        corpus.save(Path(folder))
        work: dict[str, Callable[[], object]] = {
            "bare loop, sentences kept": lambda: list(bare()),
            "read into sentences, kept": lambda: list(read()),
            "bare loop, sentences thrown away": lambda: deque(bare(), maxlen=0),
            "read into sentences, thrown away": lambda: deque(read(), maxlen=0),
            "convert, with statistics and leakage": convert_quietly,
            "sentences of the converted corpus": lambda: [
                corpus[split].sentences() for split in corpus
            ],
            "open a converted corpus": lambda: Corpus.load(Path(folder)),
            "plan batches of 200,000 sentences": lambda: plan_batches(costs, 4096, 32, seed=0),
            "bootstrap, 5 × 2 runs, 1,000 resamples": lambda: paired_bootstrap(
                runs[:5], runs[5:], 1000
            ),
        }
        print("| what | ms |\n| --- | --- |")
        for name, one in work.items():
            print(f"| {name} | {milliseconds(one, options.repeats):.1f} |")


if __name__ == "__main__":
    main()
