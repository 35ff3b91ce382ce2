from __future__ import annotations

import json
from typing import TYPE_CHECKING

from toy_processes import until

if TYPE_CHECKING:
    from conftest import Project

import pytest

Steps = pytest.importorskip("toy_steps")


def _add(*numbers: int, **more: object) -> dict[str, object]:
    return {"type": "toy::add", "log": "LOG", "numbers": list(numbers), **more}


def _total(*parts: str, **more: object) -> dict[str, object]:
    references = [{"type": "ref", "ref": part} for part in parts]
    return {"type": "toy::total", "log": "LOG", "parts": references, **more}
