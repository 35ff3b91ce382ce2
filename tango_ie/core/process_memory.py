"""The most memory that this process has held while a step ran."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_CLEAR_REFS = Path("/proc/self/clear_refs")
_STATUS = Path("/proc/self/status")
_RESET_PEAK = "5"


class PeakMemory:
    """Measures from the moment when it is made.

    Where the system cannot forget an earlier peak, the figure is that of the whole process, and
    ``scope`` says so.

    >>> peak = PeakMemory()
    >>> sorted(peak.read())
    ['children_bytes', 'cuda_bytes', 'process_bytes', 'scope']
    """

    def __init__(self) -> None:
        self._was_reset = _reset()
        self._children_before = _children_peak()
        self._cuda_before = _reset_cuda()

    def read(self) -> dict[str, Any]:
        """Peaks in bytes.

        ``children_bytes`` is that of the largest process started meanwhile (training on several
        ranks), or None where it cannot be told; ``cuda_bytes`` is None where no GPU was used.
        """
        children = _children_peak()
        grown = children is not None and children != self._children_before
        return {
            "process_bytes": (_high_water() if self._was_reset else None) or _own_peak(),
            "scope": "step" if self._was_reset else "process",
            "children_bytes": children if grown else None,
            "cuda_bytes": self._cuda_peak(),
        }

    def _cuda_peak(self) -> int | None:
        cuda = _used_cuda()
        if cuda is None:
            return None
        peak = int(cuda.max_memory_allocated())
        return peak if peak > self._cuda_before else None


def _reset() -> bool:
    try:
        _CLEAR_REFS.write_text(_RESET_PEAK)
    except OSError:
        return False
    return _high_water() is not None


def _high_water() -> int | None:
    try:
        match = re.search(r"VmHWM:\s*(\d+) kB", _STATUS.read_text())
    except OSError:
        return None
    return int(match[1]) * 1024 if match else None


def _own_peak() -> int | None:
    return None if resource is None else _in_bytes(resource.getrusage(resource.RUSAGE_SELF))


def _children_peak() -> int | None:
    return None if resource is None else _in_bytes(resource.getrusage(resource.RUSAGE_CHILDREN))


def _in_bytes(usage: Any) -> int:
    return int(usage.ru_maxrss) * (1 if sys.platform == "darwin" else 1024)


def _used_cuda() -> Any:
    """``torch.cuda`` if this process has a GPU in use; torch is not imported for the question."""
    torch = sys.modules.get("torch")
    cuda = getattr(torch, "cuda", None)
    return cuda if cuda is not None and cuda.is_initialized() else None


def _reset_cuda() -> int:
    cuda = _used_cuda()
    if cuda is None:
        return 0
    cuda.reset_peak_memory_stats()
    return int(cuda.memory_allocated())
