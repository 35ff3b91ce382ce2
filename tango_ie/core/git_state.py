"""Which code is running: the commit, and whether the working tree differs from it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_TIMEOUT = 20.0
_MOST_NAMES = 20


@dataclass(frozen=True)
class GitState:
    """State of the repository around a folder.

    Attributes:
        commit: None before the first commit.
        branch: None with a detached head.
        remote: URL of ``origin``; None where there is none.
        dirty: whether tracked files differ from the commit.
        changed: the first of those files.
        untracked: the first files and folders that git neither tracks nor ignores.
    """

    commit: str | None
    branch: str | None
    remote: str | None
    dirty: bool
    changed: tuple[str, ...]
    untracked: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The fields by name."""
        return asdict(self)


def git_state(folder: Path | None = None) -> GitState | None:
    """State of the repository that ``folder`` (by default the current one) lies in.

    None outside a repository, and where git is not installed or refuses.
    """
    folder = folder or Path.cwd()
    status = _git(folder, "status", "--porcelain=v2", "--branch", "-z")
    if status is None:
        return None
    header: dict[str, str] = {}
    changed: list[str] = []
    untracked: list[str] = []
    entries = iter(status.split("\0"))
    for entry in entries:
        kind, _, rest = entry.partition(" ")
        if kind == "#":
            key, _, value = rest.partition(" ")
            header[key] = value
        elif kind == "?":
            untracked.append(rest)
        elif kind == "1":
            changed.append(rest.split(" ", 7)[-1])
        elif kind == "2":  # renamed: the old name follows as an entry of its own
            changed.append(rest.split(" ", 8)[-1])
            next(entries, None)
        elif kind == "u":
            changed.append(rest.split(" ", 9)[-1])
    commit, branch = header.get("branch.oid"), header.get("branch.head")
    remote = _git(folder, "config", "--get", "remote.origin.url")
    return GitState(
        commit=None if commit == "(initial)" else commit,
        branch=None if branch == "(detached)" else branch,
        remote=remote.strip() if remote else None,
        dirty=bool(changed),
        changed=tuple(changed[:_MOST_NAMES]),
        untracked=tuple(untracked[:_MOST_NAMES]),
    )


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints, or None if it fails in any way; never anything on the screen."""
    # Without optional locks a `git commit` that the user types meanwhile cannot collide with us.
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            env=environment,
            timeout=_TIMEOUT,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace") if done.returncode == 0 else None
