"""Projects in which ``tango-ie`` runs as a process of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from toy_processes import Running, command


class Project:
    """A folder with a ``tango.yml`` and configs, in which commands run as processes of their own.

    Args:
        folder: an empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "log"
        self.workspace = folder / "workspace"
        self._outputs = 0
        (folder / "tango.yml").write_text(
            "include_package: [toy_steps]\nworkspace: {type: 'tango_ie::local', dir: workspace}\n"
        )

    def config(self, name: str, steps: dict[str, Any]) -> Path:
        """Write a config file; ``LOG`` in it stands for the log."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"steps": steps}).replace("LOG", str(self.log)))
        return path

    def start(self, *arguments: str, cwd: str = ".") -> Running:
        """Start ``tango-ie`` with arguments."""
        self._outputs += 1
        output = self.folder / f"output{self._outputs}"
        return Running(command, output, str(self.folder / cwd), arguments)

    def run(self, *arguments: str, cwd: str = ".", code: int = 0) -> str:
        """Run ``tango-ie`` and give what it prints."""
        process = self.start(*arguments, cwd=cwd)
        assert process.wait() == code, process.text
        return process.text

    @property
    def executed(self) -> list[str]:
        """What the steps have noted, in the order in which they ran."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [line.split()[0] for line in lines]

    def ids(self, run: str = "latest") -> dict[str, str]:
        """Unique ids of the steps of a run."""
        folder = self.workspace / ("latest" if run == "latest" else f"runs/{run}")
        return dict(json.loads((folder / "run.json").read_text())["steps"])


def add(*numbers: int, **more: Any) -> dict[str, Any]:
    """Config of a step that adds numbers."""
    return {"type": "toy::add", "log": "LOG", "numbers": list(numbers), **more}


def total(*parts: str, **more: Any) -> dict[str, Any]:
    """Config of a step that reads other steps."""
    references = [{"type": "ref", "ref": part} for part in parts]
    return {"type": "toy::total", "log": "LOG", "parts": references, **more}
