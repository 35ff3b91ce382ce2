"""Peak memory of a contender, measured in a process of its own."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path


def peak() -> float:
    """Megabytes that this process has ever held (not the one it was forked from)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    assert found is not None
    return int(found[1]) / 1024


def peaks_of(script: str, name: str) -> tuple[float, float]:
    """In all, and above what it has after a small step.

    The benchmark is started once more with ``--alone NAME``; there it prints both figures of
    :func:`peak`, before and after.
    """
    command = [sys.executable, script, *sys.argv[1:], "--alone", name]
    run = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    before, after = map(float, run.stdout.split())
    return after, after - before
