"""Where a process ran: command, commit, versions and machine."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import PurePath
from typing import Any

# The versions that are named; of all others only differences are.
NAMED_PACKAGES = ("torch", "transformers", "datasets", "numpy", "ai2-tango", "tango-ie")
_COMMIT_DIGITS = 10


@dataclass(frozen=True)
class Environment:
    """What the steps of one command have in common.

    Args:
        run: name of the run in the workspace, where there was one.
        command: as it was typed.
        folder: in which.
        host, platform, python: the machine.
        commit: of the repository around the folder; ``None`` outside a repository.
        changed: files that differed from the commit, the first of them; ``dirty`` with or without.
        packages: name → version of all that is installed.
    """

    run: str | None = None
    command: tuple[str, ...] = ()
    folder: str = ""
    host: str = ""
    platform: str = ""
    python: str = ""
    commit: str | None = None
    dirty: bool = False
    changed: tuple[str, ...] = ()
    packages: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> Environment:
        """From ``provenance.json``, or from what is said of a process that has just begun."""
        git = facts.get("git") or {}
        return cls(
            run=facts.get("run"),
            command=tuple(map(str, facts.get("command") or ())),
            folder=str(facts.get("cwd") or ""),
            host=str(facts.get("host") or ""),
            platform=str(facts.get("platform") or ""),
            python=str(facts.get("python") or ""),
            commit=git.get("commit"),
            dirty=bool(git.get("dirty")),
            changed=tuple(git.get("changed") or ()),
            packages=dict(facts.get("packages") or {}),
        )

    @property
    def command_line(self) -> str:
        """The command without the folder of the program.

        >>> Environment(command=("/venv/bin/tango", "run", "a b.jsonnet")).command_line
        "tango run 'a b.jsonnet'"
        """
        if not self.command:
            return ""
        program = PurePath(self.command[0])
        if program.name == "__main__.py":
            return shlex.join(["python", "-m", program.parent.name, *self.command[1:]])
        return shlex.join([program.name, *self.command[1:]])

    @property
    def code(self) -> str:
        """The commit and whether files differed from it.

        >>> Environment(commit="943bd6ca734ae19e", dirty=True, changed=("a.py", "b.py")).code
        '943bd6ca73 with uncommitted changes in a.py, b.py'
        """
        if self.commit is None:
            return "no commit"
        commit = self.commit[:_COMMIT_DIGITS]
        if not self.dirty:
            return f"{commit}, clean"
        files = f" in {', '.join(self.changed)}" if self.changed else ""
        return f"{commit} with uncommitted changes{files}"

    def facts(self) -> dict[str, str]:
        """What is shown, by name; empty where it is not known."""
        return {
            "run": self.run or "",
            "command": self.command_line,
            "commit": self.code,
            "folder": self.folder,
            "host": self.host,
            "platform": self.platform,
            "python": self.python,
            **{name: self.packages.get(name, "") for name in NAMED_PACKAGES},
        }

    def to_json(self) -> dict[str, Any]:
        """JSON-able form; :meth:`from_json` reads it."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Environment:
        """The inverse of :meth:`to_json`."""
        lists = {name: tuple(value[name]) for name in ("command", "changed")}
        return cls(**{**value, **lists})


def other_versions(environments: list[Environment]) -> dict[str, tuple[str, ...]]:
    """Packages beyond the named ones of which there are several versions.

    >>> old, new = Environment(packages={"scipy": "1.1"}), Environment(packages={"scipy": "1.2"})
    >>> other_versions([old, new])
    {'scipy': ('1.1', '1.2')}
    """
    listed = [found.packages for found in environments if found.packages]
    names = sorted({name for packages in listed for name in packages} - {*NAMED_PACKAGES})
    found = {
        name: tuple(dict.fromkeys(packages.get(name, "none") for packages in listed))
        for name in names
    }
    return {name: versions for name, versions in found.items() if len(versions) > 1}
