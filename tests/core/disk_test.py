from __future__ import annotations

import errno
from pathlib import Path

import pytest

from tango_ie.core.disk import disk_errors_explained, disk_fault, size_of
from tango_ie.core.errors import DataError, WorkspaceError


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "the disk quota is used up"),
        (PermissionError(errno.EACCES, "Permission denied"), "the permission is missing"),
        (OSError(errno.EROFS, "Read-only file system"), "the disk is read-only"),
        # As safetensors and Arrow say it.
        (RuntimeError("I/O error: No space left on device (os error 28)"), "the disk is full"),
        (OSError("[Errno 28] Error writing bytes to file"), "the disk is full"),
        (FileNotFoundError(errno.ENOENT, "No such file"), None),
        (ValueError("28 sentences"), None),
    ],
)
def test_faults(error: Exception, fault: str | None) -> None:
    assert disk_fault(error) == fault


def test_causes_are_searched() -> None:
    error = RuntimeError("cannot save")
    error.__cause__ = OSError(errno.ENOSPC, "No space left on device")
    assert disk_fault(error) == "the disk is full"
    hidden = RuntimeError("something else")
    hidden.__context__, hidden.__suppress_context__ = error, True
    assert disk_fault(hidden) is None


def test_permissions_can_be_left_out() -> None:
    assert disk_fault(PermissionError(errno.EACCES, ""), only_full=True) is None


def test_explanation(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "yet"
    with (
        pytest.raises(WorkspaceError, match=r"writing x in .*yet: the disk is full \(.* free\)"),
        disk_errors_explained("writing x", folder),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")


def test_other_errors_pass(tmp_path: Path) -> None:
    with pytest.raises(DataError), disk_errors_explained("writing x", tmp_path):
        raise DataError("(os error 28)")
    with pytest.raises(KeyError), disk_errors_explained("writing x", tmp_path):
        raise KeyError("a")


def test_size(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "a").write_bytes(bytes(10))
    (tmp_path / "b").write_bytes(bytes(5))
    (tmp_path / "link").symlink_to("b")
    assert size_of(tmp_path) == 15
    assert size_of(tmp_path / "nothing") == 0
