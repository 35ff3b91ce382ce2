"""Writing sentences to files that others can read."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Iterable
from pathlib import Path

from tango_ie.data.annotations import Sentence
from tango_ie.data.records import to_json_line


def write_jsonl(sentences: Iterable[Sentence], path: str | Path) -> int:
    """Write JSON lines that ``tango_ie::jsonl`` reads back as equal sentences.

    The file appears when it is complete, or not at all.

    Args:
        sentences: may be an iterator; one sentence is held at a time.
        path: compressed with gzip where it ends in ``.gz``.

    Returns:
        the number of sentences.
    """
    target = Path(path)
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    count = 0
    try:
        with partial.open("wb") as raw:
            # Neither name nor time in the header: equal sentences give equal files.
            packed = gzip.GzipFile("", "wb", fileobj=raw, mtime=0) if _is_gzip(target) else raw
            with io.TextIOWrapper(packed, encoding="utf-8", newline="\n") as stream:
                for sentence in sentences:
                    stream.write(to_json_line(sentence) + "\n")
                    count += 1
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return count


def _is_gzip(path: Path) -> bool:
    return path.suffix == ".gz"
