"""What conversion and opening cost as a corpus grows: time and memory for repeated sentences.

    python benchmarks/corpus_size.py --sentences 10000 100000 1000000

Writes a column file of that many sentences (those of the corpus that ships, repeated), converts it
and opens the result, each in a process of its own that has done the same for ten sentences before.
Memory is what the process then needs beyond that: its own (anonymous) pages, and for opening also
the pages of mapped files that it has touched.
"""

from __future__ import annotations

import argparse
import gc
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

from tango_ie.data.conversion import convert
from tango_ie.data.corpus import Corpus
from tango_ie.data.embedded import load_embedded
from tango_ie.data.readers import ColumnReader
from tango_ie.data.writers import ColumnWriter

MEGABYTE = 1 << 20


def memory(*keys: str) -> float:
    """Megabytes of this process, such as ``RssAnon`` (its own) and ``RssFile`` (mapped files)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    values = dict(line.split(":", 1) for line in lines)
    return sum(int(values[key].split()[0]) for key in keys) / 1024


class Peak(threading.Thread):
    """Looks at the memory of the process a hundred times a second."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.anonymous = 0.0
        self.stopped = threading.Event()

    def run(self) -> None:
        while not self.stopped.wait(0.01):
            self.anonymous = max(self.anonymous, memory("RssAnon"))


def measured(work: Callable[[], object]) -> dict[str, float]:
    """Seconds and megabytes of one piece of work."""
    gc.collect()
    before, all_before = memory("RssAnon"), memory("RssAnon", "RssFile")
    peak = Peak()
    peak.start()
    start = time.perf_counter()
    kept = work()
    seconds = time.perf_counter() - start
    peak.stopped.set()
    held = memory("RssAnon", "RssFile") - all_before
    del kept
    return {"seconds": seconds, "peak": peak.anonymous - before, "held": held}


def make(folder: Path, count: int) -> Path:
    """A column file of ``count`` sentences."""
    path = folder / f"{count}.conll"
    sentences = load_embedded("news")["train"]
    ColumnWriter().write(islice(cycle(sentences), count), path)
    return path


def convert_and_save(path: Path, target: Path) -> None:
    reader = ColumnReader(["word", "entities"], separator="\t")
    convert(reader, {"train": path}, work_dir=path.parent).save(target)


def in_process(*arguments: str) -> dict[str, float]:
    """Run this script for one measurement."""
    command = [sys.executable, __file__, "--one", *arguments]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    result: dict[str, float] = json.loads(output.splitlines()[-1])
    return result


def one(what: str, source: Path, target: Path) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as name:  # so that imports and caches are not measured
        convert_and_save(make(Path(name), 10), Path(name, "corpus"))
        print(Corpus.load(Path(name, "corpus"))["train"][2])
    if what == "convert":
        return measured(lambda: convert_and_save(source, target))
    return measured(lambda: Corpus.load(source)["train"][12])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sentences", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        what, source, target = options.one
        print(json.dumps(one(what, Path(source), Path(target))))
        return
    print(
        "| sentences | file, MB | convert, s | peak memory, MB | open and read one sentence, ms "
        "| memory, MB |\n| --- | --- | --- | --- | --- | --- |"
    )
    for count in options.sentences:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = make(folder, count)
            size = path.stat().st_size / MEGABYTE
            made = in_process("convert", str(path), str(folder / "corpus"))
            opened = in_process("open", str(folder / "corpus"), "-")
            print(
                f"| {count:,} | {size:.0f} | {made['seconds']:.1f} | {made['peak']:.0f} "
                f"| {1000 * opened['seconds']:.0f} | {opened['held']:.0f} |"
            )


if __name__ == "__main__":
    main()
