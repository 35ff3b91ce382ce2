from __future__ import annotations

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from tango_ie.core import locks
from tango_ie.core.locks import StepLock, describe_owner, is_locked, this_process


def test_state_is_seen_without_taking_the_lock(tmp_path: Path) -> None:
    assert not is_locked(tmp_path)
    lock = StepLock(tmp_path)
    assert lock.try_acquire()
    assert is_locked(tmp_path)
    assert not StepLock(tmp_path).try_acquire()
    lock.release()
    assert not is_locked(tmp_path)


def test_removing_the_folder_frees_the_lock(tmp_path: Path) -> None:
    lock = StepLock(tmp_path / "step")
    lock.try_acquire()
    lock.remove_folder()
    assert not (tmp_path / "step").exists()
    again = StepLock(tmp_path / "step")
    assert again.try_acquire()
    again.release()


def test_waits_with_notes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(locks, "_PATIENCE", 0.01)
    monkeypatch.setattr(locks, "_FIRST_NOTE", 0.02)
    monkeypatch.setattr(locks.cli_logger, "propagate", True)
    monkeypatch.setattr(locks.cli_logger, "disabled", False)
    monkeypatch.setattr(locks.cli_logger, "handlers", [])
    owner = {**this_process(), "pid": 2**22 + 1}
    lock = StepLock(tmp_path)
    lock.try_acquire()
    waited = []
    with caplog.at_level("INFO", logger=locks.cli_logger.name):
        thread = threading.Thread(
            target=lambda: waited.append(StepLock(tmp_path).acquire("train", lambda: owner))
        )
        thread.start()
        deadline = time.monotonic() + 20
        while len(caplog.messages) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        lock.release()
        thread.join(20)
    assert waited == [True]
    assert f"process {2**22 + 1} on {socket.gethostname()}" in caplog.messages[0]
    assert 'Still waiting for step "train"' in caplog.messages[1]
    assert "That process is gone" in caplog.messages[1]


def test_owner_in_words() -> None:
    assert describe_owner(None) == "another process"
    assert describe_owner(this_process()).startswith(f"process {os.getpid()} on ")
