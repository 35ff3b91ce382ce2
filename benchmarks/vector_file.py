"""What it costs to take the vectors of a corpus from a large file: time and memory of one pass.

    python benchmarks/vector_file.py --rows 2000000 --gzip

Writes a file of random vectors in the form of GloVe and reads the rows of some words, in a process
of its own. The values of 499 rows go round, which makes writing fast and does not help gzip. Memory
is the most that this process has held, imports included.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tango_ie.core.process_memory import PeakMemory
from tango_ie.data.vector_files import read_vectors

MEGABYTE = 1 << 20


def blocks(rows: int, size: int, per_block: int = 2000) -> Iterator[bytes]:
    """Rows ``w0 …``, ``w1 …``; the vectors of a few hundred of them go round."""
    generator = np.random.default_rng(0)
    tails = [
        " " + " ".join(f"{value:.5g}" for value in vector) + "\n"
        for vector in generator.normal(size=(499, size))
    ]
    for start in range(0, rows, per_block):
        numbers = range(start, min(start + per_block, rows))
        yield "".join(f"w{number}{tails[number % 499]}" for number in numbers).encode()


def make(path: Path, rows: int, size: int, compress: bool) -> None:
    """Write the file."""
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    with path.open("wb") as stream:
        for block in blocks(rows, size):
            stream.write(packer.compress(block) if compress else block)
        if compress:
            stream.write(packer.flush())


def one(path: Path, rows: int, kept: int) -> dict[str, float]:
    """Read, in this process."""
    wanted = {f"w{number}" for number in random.Random(0).sample(range(rows), kept)}
    memory, start, used = PeakMemory(), time.perf_counter(), time.process_time()
    found = read_vectors(path, wanted)
    seconds, used = time.perf_counter() - start, time.process_time() - used
    if len(found.words) != kept or found.num_rows != rows:
        raise SystemExit(f"kept {len(found.words)} of {found.num_rows} rows")
    return {"seconds": seconds, "used": used, "peak": memory.read()["process_bytes"] / MEGABYTE}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000_000)
    parser.add_argument("--size", type=int, default=300)
    parser.add_argument("--kept", type=int, default=30_000)
    parser.add_argument("--gzip", action="store_true")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(Path(options.one), options.rows, options.kept)))
        return
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "vectors.txt.gz" if options.gzip else "vectors.txt")
        make(path, options.rows, options.size, options.gzip)
        print(
            "| rows | values | file, MB | kept | read, s | of it processor, s | peak memory, MB |"
        )
        print("| --- | --- | --- | --- | --- | --- | --- |")
        command = [sys.executable, __file__, "--one", str(path)]
        command += ["--rows", str(options.rows), "--kept", str(options.kept)]
        output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        found = json.loads(output)
        print(
            f"| {options.rows:,} | {options.size} | {path.stat().st_size / MEGABYTE:,.0f} "
            f"| {options.kept:,} | {found['seconds']:.1f} | {found['used']:.1f} "
            f"| {found['peak']:.0f} |"
        )


if __name__ == "__main__":
    main()
