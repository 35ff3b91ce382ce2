from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tango_ie.core.git_state import git_state


def _git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def repository_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository without commits; what surrounds the test's folder cannot be seen from it."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "repository"
    folder.mkdir()
    _git(folder, "init", "-b", "main")
    return folder


def test_outside_a_repository(tmp_path: Path, repository_folder: Path) -> None:
    assert git_state(tmp_path) is None


def test_without_commits_and_origin(repository_folder: Path) -> None:
    state = git_state(repository_folder)
    assert state is not None
    assert (state.commit, state.branch, state.remote) == (None, "main", None)
    assert not state.dirty


def test_dirty_flag_and_names(repository_folder: Path) -> None:
    (repository_folder / "a file.py").write_text("a = 1\n")
    (repository_folder / "b.py").write_text("b = 1\n" * 30)
    _git(repository_folder, "add", ".")
    _git(repository_folder, "commit", "-m", "first")
    _git(repository_folder, "remote", "add", "origin", "https://example.org/x.git")
    clean = git_state(repository_folder)
    assert clean is not None
    assert clean.commit is not None
    assert len(clean.commit) == 40
    assert clean.remote == "https://example.org/x.git"
    assert (clean.dirty, clean.changed, clean.untracked) == (False, (), ())
    (repository_folder / "new.txt").touch()
    _git(repository_folder, "mv", "b.py", "c.py")
    (repository_folder / "a file.py").write_text("a = 2\n")
    changed = git_state(repository_folder)
    assert changed is not None
    assert changed.dirty
    assert set(changed.changed) == {"a file.py", "c.py"}
    assert changed.untracked == ("new.txt",)
    assert changed.commit == clean.commit


def test_from_a_subfolder(repository_folder: Path) -> None:
    (repository_folder / "sub").mkdir()
    (repository_folder / "sub" / "a.py").touch()
    _git(repository_folder, "add", ".")
    _git(repository_folder, "commit", "-m", "first")
    _git(repository_folder, "checkout", "--detach")
    state = git_state(repository_folder / "sub")
    assert state is not None
    assert state.commit is not None
    assert state.branch is None


def test_without_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert git_state(tmp_path) is None
    assert capfd.readouterr() == ("", "")
