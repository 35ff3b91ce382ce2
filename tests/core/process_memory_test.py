from __future__ import annotations

from pathlib import Path

import pytest

from tango_ie.core import process_memory
from tango_ie.core.process_memory import PeakMemory

_MEGABYTE = 1_000_000


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux")
def test_earlier_peaks_do_not_count() -> None:
    before = PeakMemory()
    block = bytearray(200 * _MEGABYTE)
    block[::4096] = b"x" * len(block[::4096])
    high = before.read()["process_bytes"]
    del block
    after = PeakMemory().read()
    assert after["scope"] == "step"
    assert after["process_bytes"] < high - 150 * _MEGABYTE
    assert after["cuda_bytes"] is None


def test_falls_back_to_the_whole_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_memory, "_CLEAR_REFS", tmp_path / "no" / "such")
    figures = PeakMemory().read()
    assert figures["scope"] == "process"
    assert figures["process_bytes"] > 10 * _MEGABYTE


class _Cuda:
    """What PyTorch would say."""

    def __init__(self) -> None:
        self.peak = self.allocated = 100

    def is_initialized(self) -> bool:
        return True

    def reset_peak_memory_stats(self) -> None:
        self.peak = self.allocated

    def memory_allocated(self) -> int:
        return self.allocated

    def max_memory_allocated(self) -> int:
        return self.peak


def test_gpu_memory_counts_if_the_step_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    cuda = _Cuda()
    monkeypatch.setattr(process_memory, "_used_cuda", lambda: cuda)
    peak = PeakMemory()
    assert peak.read()["cuda_bytes"] is None, "the 100 bytes belong to an earlier step"
    cuda.peak = 300
    assert peak.read()["cuda_bytes"] == 300
