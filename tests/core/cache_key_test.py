"""What moves a step's id and what does not; each case loads its config through Tango."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tango.common import Params
from tango.step_graph import StepGraph

SOURCE = '''
from __future__ import annotations
from tango.format import JsonFormat
from tango_ie.core import InputFile, Lazy, Registrable, Step
from {package}.arithmetic import scale

class Part(Registrable):
    pass

@Part.register("{package}::outer")
class Outer(Part):
    SKIP_ID_ARGUMENTS = frozenset({{"device"}})
    def __init__(self, factor: float = 2.0, inner: Part | None = None, device: str = "cpu") -> None:
        self.factor, self.inner, self.device = factor, inner, device

@Part.register("{package}::inner")
class Inner(Part):
    """A docstring."""
    def __init__(self, size: int = 1) -> None:
        self.size = size

@Step.register("{package}::load")
class Load(Step):
    FORMAT = JsonFormat()
    SKIP_ID_ARGUMENTS = {{"workers"}}
    def run(self, file: InputFile, workers: int = 1) -> list:
        return file.resolve().read_text().split()

@Step.register("{package}::use")
class Use(Step):
    FORMAT = JsonFormat()
    def run(self, data: list, part: Lazy[Part], rate: float = 0.1, flag: bool = False) -> list:
        return [scale(len(item)) for item in data]
'''
ARITHMETIC = """
def scale(x):
    return helper(x) * FACTOR
def helper(x):
    return x
def unused(x):
    return x
FACTOR = 3
"""

CONFIG = """
{ steps: {
    read: { type: '%(p)s::load', file: '%(file)s', workers: 1 },
    use: { type: '%(p)s::use', data: { type: 'ref', ref: 'read' },
           part: { type: '%(p)s::outer', inner: { type: '%(p)s::inner', size: 7 } },
           rate: 1 },
} }
"""

Ids = Callable[..., dict[str, str]]


@pytest.fixture
def ids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Ids]:
    """Ids of the steps of a config, with the given texts replaced in code or config."""
    monkeypatch.syspath_prepend(str(tmp_path))
    package = "toykeys"
    folder = tmp_path / package
    folder.mkdir()
    words = tmp_path / "words.txt"
    words.write_text("a b c")

    def compute(
        code: tuple[str, str] | None = None,
        arithmetic: tuple[str, str] | None = None,
        config: tuple[str, str] | None = None,
    ) -> dict[str, str]:
        from tango.common import Registrable

        from tango_ie.core.fingerprint import _load, source_closure

        for name in [name for name in sys.modules if name.split(".")[0] == package]:
            del sys.modules[name]
        for registry in Registrable._registry.values():
            for name in [name for name in registry if name.startswith(package)]:
                del registry[name]
        _load.cache_clear()
        source_closure.cache_clear()
        texts = {
            "__init__.py": SOURCE.format(package=package),
            "arithmetic.py": textwrap.dedent(ARITHMETIC),
        }
        for file, change in (("__init__.py", code), ("arithmetic.py", arithmetic)):
            if change:
                assert change[0] in texts[file]
                texts[file] = texts[file].replace(*change)
            (folder / file).write_text(texts[file])
        importlib.invalidate_caches()
        sys.dont_write_bytecode, before = True, sys.dont_write_bytecode
        importlib.import_module(package)
        sys.dont_write_bytecode = before
        text = CONFIG % {"p": package, "file": words}
        if config:
            assert config[0] in text
            text = text.replace(*config)
        path = tmp_path / "config.jsonnet"
        path.write_text(text)
        graph = StepGraph.from_params(Params.from_file(str(path)).pop("steps", keep_as_dict=True))
        return {step.class_name: step.unique_id for step in graph.values()}

    yield compute
    for name in [name for name in sys.modules if name.split(".")[0] == package]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "change",
    [
        {"config": ("rate: 1 }", "rate: 1.0 }")},
        {"config": ("rate: 1 }", "rate: 1, flag: false }")},
        {"config": ("size: 7", "/* seven */ size: 3 + 4")},
        {"config": ("::outer', inner", "::outer', factor: 2, inner")},
        {"config": ("::outer', inner", "::outer', device: 'cuda', inner")},
        {"config": ("workers: 1", "workers: 8")},
        {"config": ("read", "load_it")},
        {"config": ("type: 'toykeys::outer', inner: { type: 'toykeys::inner', size: 7 }",
                    "inner: { size: 7, type: 'toykeys::inner' }, type: 'toykeys::outer'")},
        {"code": ('"""A docstring."""', '"""Another docstring."""  # and a comment')},
        {"code": ("self.size = size", "self.size    =   ( size )")},
        {"arithmetic": ("def unused(x):\n    return x", "def unused(x):\n    return x + 1")},
    ],
    ids=lambda change: str(next(iter(change.values()))[1])[:40],
)  # fmt: skip
def test_does_not_move(ids: Ids, change: dict[str, tuple[str, str]]) -> None:
    before = ids()
    assert ids(**change) == before


@pytest.mark.parametrize(
    ("change", "moved"),
    [
        ({"config": ("rate: 1 }", "rate: 2 }")}, {"Use"}),
        ({"config": ("size: 7", "size: 8")}, {"Use"}),
        ({"code": ("self.size = size", "self.size = size + 1")}, {"Use"}),
        ({"arithmetic": ("return helper(x)", "return 1 + helper(x)")}, {"Use"}),
        ({"arithmetic": ("FACTOR = 3", "FACTOR = 4")}, {"Use"}),
        (
            {"arithmetic": ("def helper(x):\n    return x", "def helper(x):\n    return -x")},
            {"Use"},
        ),
        ({"code": (".split()", ".split(' ')")}, {"Load", "Use"}),
    ],
    ids=lambda value: str(next(iter(value.values()))[1])[:40] if isinstance(value, dict) else "",
)
def test_moves(ids: Ids, change: dict[str, tuple[str, str]], moved: set[str]) -> None:
    before, after = ids(), ids(**change)
    assert {name for name in before if before[name] != after[name]} == moved


def test_content_of_input_files_moves_and_their_place_does_not(ids: Ids, tmp_path: Path) -> None:
    before = ids()
    (tmp_path / "words.txt").write_text("a b c d")
    changed = ids()
    assert changed["Load"] != before["Load"] and changed["Use"] != before["Use"]
    (tmp_path / "elsewhere.txt").write_text("a b c")
    assert ids(config=("words.txt", "elsewhere.txt")) == before


def test_ids_do_not_depend_on_the_hash_seed(ids: Ids, tmp_path: Path) -> None:
    import os
    import subprocess

    ids()
    code = (
        "import toykeys\nfrom tango.common import Params\nfrom tango.step_graph import StepGraph\n"
        f"g = StepGraph.from_params(Params.from_file({str(tmp_path / 'config.jsonnet')!r})"
        ".pop('steps', keep_as_dict=True))\nprint(sorted(s.unique_id for s in g.values()))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed,
                 "PYTHONPATH": os.pathsep.join([str(tmp_path), str(Path.cwd())])},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(outputs) == 1
