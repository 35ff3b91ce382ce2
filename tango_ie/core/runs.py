"""The runs of a workspace: what was asked for, by which command, on which code."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import petname
from filelock import FileLock
from tango.common.util import get_extra_imported_modules
from tango.step import Step

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.provenance import start_facts
from tango_ie.core.records import now, read_json, replace_link, write_json
from tango_ie.core.step_records import describe

CONFIG_FILE = "config.json"
RUN_FILE = "run.json"
LOG_FILE = "out.log"
_RESERVED = frozenset({CONFIG_FILE, RUN_FILE, LOG_FILE, ".", "..", ""})
_OF_START = ("created", "command", "cwd", "user", "host", "git")

RunRecord = dict[str, Any]


class Runs:
    """The folder ``runs/`` of a workspace and the link ``latest``.

    Args:
        workspace_dir: the workspace's folder.
    """

    def __init__(self, workspace_dir: Path) -> None:
        self.dir = workspace_dir / "runs"
        self.dir.mkdir(parents=True, exist_ok=True)
        self._latest = workspace_dir / "latest"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """While this holds, no run is registered or removed elsewhere."""
        with FileLock(self.dir / ".lock"):
            yield

    def folder(self, name: str) -> Path:
        """Where a run is kept, or will be."""
        return self.dir / name

    def names(self) -> list[str]:
        """All runs, the earliest first."""
        entries = [entry for entry in self.dir.iterdir() if (entry / RUN_FILE).is_file()]
        return sorted(
            (entry.name for entry in entries),
            key=lambda name: (self.record(name)["created"], name),
        )

    def latest(self) -> str | None:
        """The run that was started last."""
        if self._latest.is_symlink():
            name = self._latest.readlink().name
            if (self.folder(name) / RUN_FILE).is_file():
                return name
        names = self.names()
        return names[-1] if names else None

    def record(self, name: str) -> RunRecord:
        """What is kept about a run.

        Raises:
            KeyError: there is no such run.
        """
        record = read_json(self.folder(name) / RUN_FILE)
        if record is None:
            raise KeyError(name)
        return record

    def config(self, name: str) -> dict[str, Any]:
        """The evaluated configs of the steps of a run, by name; None for steps made in Python."""
        config = read_json(self.folder(name) / CONFIG_FILE)
        if config is None:
            raise KeyError(name)
        return dict(config["steps"])

    def register(self, targets: Sequence[Step[Any]], name: str | None = None) -> str:
        """Keep a run and make it the latest.

        A name that was used for other steps is taken from the old run, which is kept as
        ``name~1`` (then ``name~2``, …).

        Returns:
            The name; invented where none was given.
        """
        everything = set(targets).union(*(step.recursive_dependencies for step in targets))
        named = {step.name: step for step in (*targets, *everything)}
        for word in (*named, *([name] if name is not None else [])):
            _check_word(word)
        record = _new_record(named)
        config = {
            "steps": {
                key: getattr(step, "_config", None)
                for key, step in named.items()
                if key != step.unique_id
            }
        }
        with self.locked():
            name = name if name is not None else self._invent_name()
            old = read_json(self.folder(name) / RUN_FILE)
            if old is not None and old["steps"] == record["steps"]:
                start = {key: old.get(key) for key in _OF_START}
                record["earlier_starts"] = [*old.get("earlier_starts", []), start]
            elif old is not None:
                self._keep_aside(name)
            self._fill(name, record, config, [step for step in targets if step.cache_results])
            replace_link(self._latest, f"{self.dir.name}/{name}")
        return name

    def remove(self, name: str) -> None:
        """Forget a run; the results of its steps stay until nothing refers to them."""
        (self.folder(name) / RUN_FILE).unlink()
        shutil.rmtree(self.folder(name))
        remaining = self.names()
        if remaining and not self._latest.exists():
            replace_link(self._latest, f"{self.dir.name}/{remaining[-1]}")
        elif not remaining:
            self._latest.unlink(missing_ok=True)

    def links(self, name: str) -> list[Path]:
        """The links of a run to its steps."""
        return [entry for entry in self.folder(name).iterdir() if entry.is_symlink()]

    def _invent_name(self) -> str:
        while True:
            name: str = petname.generate()
            if not self.folder(name).exists():
                return name

    def _keep_aside(self, name: str) -> None:
        """Copy a run to ``name~k``; hard links, so that a run still writing its log goes on there.

        The folder itself stays where it is, so that ``latest`` is valid at every moment.
        """
        place = 1
        while self.folder(f"{name}~{place}").exists():
            place += 1
        copy = self.dir / f".{name}~{place}.{os.getpid()}.tmp"
        shutil.copytree(self.folder(name), copy, symlinks=True, copy_function=_link_or_copy)
        copy.rename(self.folder(f"{name}~{place}"))
        (self.folder(name) / LOG_FILE).unlink(missing_ok=True)

    def _fill(
        self, name: str, record: RunRecord, config: dict[str, Any], linked: Sequence[Step[Any]]
    ) -> None:
        folder = self.folder(name)
        folder.mkdir(exist_ok=True)
        wanted = {step.name: f"../../cache/{step.unique_id}" for step in linked}
        for link in self.links(name):
            if link.name not in wanted:
                link.unlink()
        for link_name, target in wanted.items():
            replace_link(folder / link_name, target)
        write_json(folder / CONFIG_FILE, config)
        write_json(folder / RUN_FILE, {"name": name, **record})


def _new_record(named: dict[str, Step[Any]]) -> RunRecord:
    facts = start_facts()
    return {
        "steps": {name: step.unique_id for name, step in named.items()},
        "created": now(),
        **{key: facts[key] for key in _OF_START if key in facts},
        "include_package": sorted(get_extra_imported_modules()),
        # Enough to show the steps that have not run yet.
        "details": {step.unique_id: {**describe(step), "config": None} for step in named.values()},
    }


def _check_word(word: str) -> None:
    if word in _RESERVED or "/" in word or "\\" in word or word.startswith("."):
        raise ConfigurationError(
            f"{word!r} cannot name a run or a step, because it is used as the name of a file: "
            f"no slashes, no dot at the start, not {CONFIG_FILE}, {RUN_FILE} or {LOG_FILE}"
        )


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
