from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tango_ie.commands.experiment import (
    build_graph,
    join_equal_steps,
    merge,
    parse_variables,
    read_configs,
)
from tango_ie.core.errors import ConfigurationError


def _add(*numbers: int) -> dict[str, Any]:
    return {"type": "toy::add", "log": "log", "numbers": list(numbers)}


def _total(*parts: str) -> dict[str, Any]:
    references: list[dict[str, str]] = [{"type": "ref", "ref": parts[0]}]
    references += [{"ref": part} for part in parts[1:]]
    return {"type": "toy::total", "log": "log", "parts": references}


def _write(path: Path, steps: dict[str, Any], **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"steps": steps, **more}))
    return path


def _merged(*paths: Path) -> dict[str, Any]:
    return merge(read_configs(paths, {}, ""))


def test_one_config_keeps_its_names(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.json", {"a": _add(1), "t": _total("a")})
    assert _merged(path) == {"a": _add(1), "t": _total("a")}
    assert list(_merged(path, tmp_path / "." / "x.json")) == ["a", "t"], "the same file twice"


def test_several_configs(tmp_path: Path) -> None:
    first = _write(tmp_path / "x.json", {"a": _add(1), "t": _total("a", "a")})
    second = _write(tmp_path / "y.v2.json", {"a": _add(2), "t": _total("a")})
    assert _merged(first, second) == {
        "x.a": _add(1),
        "x.t": _total("x.a", "x.a"),
        "y.v2.a": _add(2),
        "y.v2.t": _total("y.v2.a"),
    }


def test_equal_names_of_files(tmp_path: Path) -> None:
    names = ["one/deep/x.json", "two/deep/x.json", "two/x.json", "y.json", "y.yaml"]
    paths = [_write(tmp_path / name, {"a": _add(1)}) for name in names]
    assert list(_merged(*paths)) == [
        "one_deep_x.a", "two_deep_x.a", "two_x.a",
        *(f"{'_'.join((*tmp_path.parts[1:], 'y'))}_{ending}.a" for ending in ("json", "yaml")),
    ]  # fmt: skip


def test_equal_steps_become_one(tmp_path: Path) -> None:
    first = _write(tmp_path / "x.json", {"a": _add(1), "t": _total("a")})
    second = _write(
        tmp_path / "y.json", {"b": _add(1), "c": _add(3), "t": _total("b"), "u": _total("b", "c")}
    )
    steps, dropped = join_equal_steps(_merged(first, second))
    assert steps == {
        "x.a": _add(1),
        "x.t": _total("x.a"),
        "y.c": _add(3),
        "y.u": _total("x.a", "y.c"),
    }
    assert dropped == {"y.b": "x.a", "y.t": "x.t"}
    graph = build_graph(steps)
    assert list(graph) == ["x.a", "x.t", "y.c", "y.u"]
    assert {step.name for step in graph["y.u"].dependencies} == {"x.a", "y.c"}


def test_variables(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonnet"
    path.write_text(
        "{steps: {a: {type: 'toy::add', log: std.extVar('TIE_TEST_LOG'), numbers: []}}}"
    )
    (config,) = read_configs([path], {"TIE_TEST_LOG": "here"}, "")
    assert config.steps["a"]["log"] == "here"
    with pytest.raises(ConfigurationError, match=r"x.jsonnet cannot.*TIE_TEST_LOG.*-D NAME=VALUE"):
        read_configs([path], {}, "")
    with pytest.raises(ConfigurationError, match=r"NAME=VALUE after -D, found 'x'"):
        parse_variables(["x"])


def test_overrides_reach_the_configs_that_have_the_path(tmp_path: Path) -> None:
    paths = [
        _write(tmp_path / "x.json", {"a": _add(1), "b": _add(2)}),
        _write(tmp_path / "y.json", {"b": _add(3)}),
    ]
    first, second = read_configs(paths, {}, '{"steps.a.numbers": [7], "steps.b.log": "new"}')
    assert first.steps["a"]["numbers"] == [7]
    assert first.steps["b"]["log"] == second.steps["b"]["log"] == "new"
    with pytest.raises(ConfigurationError, match=r"no config has steps.c.log"):
        read_configs(paths, {}, '{"steps.c.log": "new"}')
    with pytest.raises(ConfigurationError, match="overrides are not Jsonnet"):
        read_configs(paths, {}, "{")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"x.jsonnet cannot be evaluated"),
        ("{}", r"x.jsonnet has no steps"),
        ("{steps: []}", r"x.jsonnet has no steps"),
        ("{steps: {a: {}}, include_packages: ['x']}", r"did you mean 'include_package'\?"),
        ("{steps: {a: {}}, local_value: 1}", r"only other fields use is written `::`"),
    ],
)
def test_files_that_are_no_configs(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "x.jsonnet").write_text(text)
    with pytest.raises(ConfigurationError, match=message):
        read_configs([tmp_path / "x.jsonnet"], {}, "")
