"""The sample files of ``tests/fixtures``: sound ones with their counts, broken ones with errors.

``sound/<family>/cases.json`` maps the name of a case to its reader, its path and what it holds;
``broken/<family>/cases.json`` to its reader, its path, and the line and words of the error.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tango_ie.core.config import build
from tango_ie.data.readers import Reader

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"


@dataclass(frozen=True)
class Case:
    """One file or folder and how it is read."""

    name: str
    folder: Path
    path: Path
    values: dict[str, Any]

    def reader(self) -> Reader:
        """A reader from the case's config; ``$HERE`` in it is the folder of the case."""
        config = json.loads(json.dumps(self.values["reader"]).replace("$HERE", str(self.folder)))
        reader = build(Reader, config)
        assert isinstance(reader, Reader)
        return reader


def cases(kind: str) -> list[Case]:
    """All cases of ``sound`` or ``broken``."""
    found = []
    for file in sorted((FIXTURES / kind).glob("*/cases.json")):
        for name, values in json.loads(file.read_text(encoding="utf-8")).items():
            path = file.parent / values["path"]
            found.append(Case(f"{file.parent.name}/{name}", file.parent, path, values))
    return found
