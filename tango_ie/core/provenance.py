"""Where a result comes from: code, versions, machine, time and memory of one execution."""

from __future__ import annotations

import getpass
import importlib.metadata
import os
import platform
import re
import socket
import sys
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from tango.step import Step

from tango_ie.core.git_state import git_state
from tango_ie.core.process_memory import PeakMemory
from tango_ie.core.records import now, read_json, write_json

PROVENANCE_FILE = "provenance.json"
_MOST_ATTEMPTS = 20
_KEPT_OF_ATTEMPTS = ("state", "start_time", "end_time", "wall_seconds", "host", "pid")


class Execution:
    """Measures one execution of a step and keeps its ``provenance.json`` up to date.

    Args:
        step: the step that is about to run.
        folder: where the file is kept.
        run_name: the run that asked for the step, where it is known.
    """

    def __init__(self, step: Step[Any], folder: Path, run_name: str | None = None) -> None:
        self._path = folder / PROVENANCE_FILE
        self._earlier = _earlier_attempts(read_json(self._path))
        facts = {**start_facts(), "packages": packages()}  # before the clock starts
        self._facts: dict[str, Any] = {
            "step": step.name,
            "unique_id": step.unique_id,
            "config": getattr(step, "_config", None),
            "key": getattr(step, "key_material", None),
            "run": run_name,
            "state": "running",
            "start_time": now(),
            "end_time": None,
            "wall_seconds": None,
            "peak_memory": None,
            "device": None,
            **facts,
            "earlier_attempts": self._earlier,
        }
        write_json(self._path, self._facts)
        self._memory = PeakMemory()
        self._started = time.monotonic()

    @property
    def start_time(self) -> str:
        """When the execution began, as in the file."""
        return str(self._facts["start_time"])

    def finish(self, state: str) -> str:
        """Complete the file.

        Args:
            state: ``completed``, ``failed`` or ``interrupted``.

        Returns:
            The time of the end, as in the file.
        """
        self._facts |= {
            "state": state,
            "end_time": now(),
            "wall_seconds": round(time.monotonic() - self._started, 3),
            "peak_memory": self._memory.read(),
        }
        self._facts["device"] = device(self._facts["peak_memory"]["cuda_bytes"] is not None)
        write_json(self._path, self._facts)
        return str(self._facts["end_time"])


def start_facts() -> dict[str, Any]:
    """What can be said about this process before any work: command, machine, git."""
    state = git_state()
    return {
        "command": list(sys.argv),
        "cwd": str(Path.cwd()),
        "user": user(),
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "git": None if state is None else state.as_json(),
    }


@lru_cache(maxsize=1)
def packages() -> dict[str, str]:
    """Names and versions of all installed packages."""
    found: dict[str, str] = {}
    for distribution in importlib.metadata.distributions():
        metadata = distribution.metadata  # parsed anew at every access
        if metadata["Name"]:  # the first one found is the one that gets imported
            name = re.sub(r"[-_.]+", "-", metadata["Name"]).lower()
            found.setdefault(name, metadata["Version"])
    return dict(sorted(found.items()))


def user() -> str | None:
    """The user's name; None for a number without a name, as containers have it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return None


def device(uses_cuda: bool) -> dict[str, Any]:
    """The processors that an execution had at its disposal.

    Args:
        uses_cuda: whether it has put anything on a GPU.
    """
    torch = sys.modules.get("torch")
    affinity = getattr(os, "sched_getaffinity", None)
    facts: dict[str, Any] = {
        "kind": "cuda" if uses_cuda else "cpu",
        "name": cpu_model(),
        "cores": os.cpu_count(),
        "usable_cores": len(affinity(0)) if affinity else os.cpu_count(),
        "torch_threads": getattr(torch, "get_num_threads", lambda: None)(),
    }
    if uses_cuda and torch is not None:
        facts["cpu"] = facts["name"]
        facts["name"] = torch.cuda.get_device_name()
        facts["count"] = torch.cuda.device_count()
    return facts


@lru_cache(maxsize=1)
def cpu_model() -> str:
    """The processor's name."""
    try:
        match = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(), re.M)
    except OSError:
        match = None
    return match[1].strip() if match else platform.processor() or platform.machine()


def _earlier_attempts(last: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Attempts that did not end in this result; work that they left may have been used by it."""
    if last is None or last.get("state") == "completed":
        return []
    kept = {key: last.get(key) for key in _KEPT_OF_ATTEMPTS}
    if kept["state"] == "running":
        kept["state"] = "killed"
    return [*last.get("earlier_attempts", []), kept][-_MOST_ATTEMPTS:]
