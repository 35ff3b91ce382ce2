from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import toy_steps  # noqa: F401
from toy_commands import add, total

from tango_ie.commands.experiment import (
    build_graph,
    join_equal_steps,
    merge,
    parse_variables,
    read_configs,
)
from tango_ie.core.errors import ConfigurationError


def _write(path: Path, steps: dict[str, Any], **more: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"steps": steps, **more}))
    return path


def _merged(*paths: Path) -> dict[str, Any]:
    return merge(read_configs(paths, {}, ""))


def test_one_config_keeps_its_names(tmp_path: Path) -> None:
    path = _write(tmp_path / "x.json", {"a": add(1), "t": total("a")})
    assert _merged(path) == {"a": add(1), "t": total("a")}
    assert list(_merged(path, tmp_path / "." / "x.json")) == ["a", "t"], "the same file twice"


def test_several_configs(tmp_path: Path) -> None:
    first = _write(tmp_path / "x.json", {"a": add(1), "t": total("a", "a")})
    second = _write(tmp_path / "y.v2.json", {"a": add(2), "t": total("a")})
    assert _merged(first, second) == {
        "x.a": add(1),
        "x.t": total("x.a", "x.a"),
        "y.v2.a": add(2),
        "y.v2.t": total("y.v2.a"),
    }


def test_equal_names_of_files(tmp_path: Path) -> None:
    names = ["one/deep/x.json", "two/deep/x.json", "two/x.json", "y.json", "y.yaml"]
    paths = [_write(tmp_path / name, {"a": add(1)}) for name in names]
    assert list(_merged(*paths)) == [
        "one_deep_x.a", "two_deep_x.a", "two_x.a",
        *(f"{'_'.join((*tmp_path.parts[1:], 'y'))}_{ending}.a" for ending in ("json", "yaml")),
    ]  # fmt: skip


def test_equal_steps_become_one(tmp_path: Path) -> None:
    first = _write(tmp_path / "x.json", {"a": add(1), "t": total("a")})
    second = _write(
        tmp_path / "y.json", {"b": add(1), "c": add(3), "t": total("b"), "u": total("b", "c")}
    )
    steps, dropped = join_equal_steps(_merged(first, second))
    assert steps == {
        "x.a": add(1),
        "x.t": total("x.a"),
        "y.c": add(3),
        "y.u": total("x.a", "y.c"),
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
    with pytest.raises(ConfigurationError, match=r"(?s)x.jsonnet cannot.*TIE_TEST_LOG.*-D NAME"):
        read_configs([path], {}, "")
    with pytest.raises(ConfigurationError, match=r"NAME=VALUE after -D, found 'x'"):
        parse_variables(["x"])


def test_overrides_reach_the_configs_that_have_the_path(tmp_path: Path) -> None:
    paths = [
        _write(tmp_path / "x.json", {"a": add(1), "b": add(2)}),
        _write(tmp_path / "y.json", {"b": add(3)}),
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
