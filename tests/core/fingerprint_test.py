"""Which code belongs to a class."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tango_ie.core.fingerprint import source_closure, source_fingerprint

FILES = {
    "__init__.py": "from .parts import Part",
    "base.py": "class Base:\n    def run(self):\n        return 0\n",
    "maths.py": "LIMIT: int = 3\ndef add(a, b):\n    return a + b + LIMIT\ndef other(): ...\n",
    "bars.py": "AFFECTS_RESULTS = False\n\ndef show():\n    pass\n",
    "late.py": "def late():\n    return 1\n",
    "typed.py": "class OnlyForTypes:\n    pass\n",
    "parts.py": '''
from __future__ import annotations
from typing import TYPE_CHECKING
import json
import {package}.maths as sums
from tango_ie.core.errors import DataError
from .base import Base
from .bars import show
if TYPE_CHECKING:
    from .typed import OnlyForTypes

class Part(Base):
    """What it does."""
    def run(self) -> OnlyForTypes:
        """Doc."""
        from .late import late
        show()
        if late():
            raise DataError(json.dumps(1))
        return sums.add(1, 2)
''',
}


@pytest.fixture
def part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[type]:
    package = f"toyprint_{tmp_path.name.replace('-', '_')}"
    folder = tmp_path / package
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text.format(package=package) if name == "parts.py" else text)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module(package).Part
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]


def test_closure_follows_what_is_named_in_the_project_and_nothing_else(part: type) -> None:
    names = {key.split(".", 1)[1] for key in source_closure(part)}
    assert names == {"parts:Part", "base:Base", "maths:add", "maths:LIMIT", "late:late"}


def test_documentation_is_no_code(part: type) -> None:
    assert not any(
        "What it does" in code or "Doc." in code for code in source_closure(part).values()
    )


def test_fingerprint_is_stable_and_of_the_class(part: type) -> None:
    assert source_fingerprint(part) == source_fingerprint(part)
    assert source_fingerprint(part) != source_fingerprint(part.__base__)
    assert len(source_fingerprint(part)) == 32


def test_a_class_without_source_is_said_to_be_so(caplog: pytest.LogCaptureFixture) -> None:
    unknown = type("Unknown", (), {"__module__": "nowhere_at_all"})
    assert source_closure(unknown) == {"nowhere_at_all:Unknown": "no source"}
    assert "cannot be read" in caplog.text
