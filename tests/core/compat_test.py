"""Tango's faults, each shown mended through the ``tango`` command itself."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tango.common.from_params
import tango.common.logging
import tango.common.registrable
from tango.cli import prepare_workspace
from tango.common import Params, Registrable
from tango.step import Step as TangoStep
from tango.step_graph import StepGraph
from tango.step_info import EnvironmentMetadata, GitMetadata, get_pip_packages
from tango.version import VERSION

from tango_ie.core import compat
from tango_ie.core.errors import ConfigurationError

REPOSITORY = Path(__file__).parents[2]
TOY = """
from tango.format import JsonFormat
from tango_ie.core import Step

@Step.register("toycompat::double")
class Double(Step):
    FORMAT = JsonFormat()
    def run(self, number: int, table: dict | None = None) -> int:
        return 2 * number
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a package of one step, a tango.yml and a config."""
    (tmp_path / "toycompat").mkdir()
    (tmp_path / "toycompat" / "__init__.py").write_text(TOY)
    (tmp_path / "tango.yml").write_text(
        "include_package: [toycompat]\nworkspace: {type: 'tango_ie::local', dir: results}\n"
    )
    write_config(tmp_path, {"type": "toycompat::double", "number": 4})
    return tmp_path


def write_config(project: Path, step: Any) -> None:
    config = {"include_package": ["toycompat"], "steps": {"twice": step}}
    (project / "config.json").write_text(json.dumps(config))


def tango_run(
    project: Path, folder: Path | None = None, config: str = "config.json", *arguments: str
) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(project), str(REPOSITORY)]),
        "GIT_CEILING_DIRECTORIES": str(project.parent),
        "COLUMNS": "200",
    }
    return subprocess.run(
        [sys.executable, "-m", "tango", "run", config, *arguments],
        cwd=folder or project,
        env=environment,
        capture_output=True,
        text=True,
    )


def git(project: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.invalid"]
    subprocess.run(["git", *identity, *arguments], cwd=project, check=True, capture_output=True)


@pytest.mark.parametrize("state", ["no repository", "no commit", "no origin"])
def test_runs_quietly_whatever_the_repository(project: Path, state: str) -> None:
    if state != "no repository":
        git(project, "init")
    if state == "no origin":
        git(project, "add", ".")
        git(project, "commit", "-m", "first")
    result = tango_run(project)
    output = result.stdout + result.stderr
    assert result.returncode == 0, output
    assert "Traceback" not in output and "ERROR" not in output
    assert "Finished step" in output


def test_a_subfolder_uses_the_workspace_of_its_project(project: Path) -> None:
    (project / "sub").mkdir()
    assert tango_run(project).returncode == 0
    result = tango_run(project, project / "sub", "../config.json")
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Found output" in result.stdout + result.stderr
    assert not (project / "sub" / "workspace").exists()


MISSPELT = {"type": "toycompat::duoble", "number": 1}


def test_a_config_error_is_one_message_and_imports_nothing(project: Path) -> None:
    (project / "innocent.py").write_text("raise SystemExit('imported from the current directory')")
    write_config(project, MISSPELT)
    result = tango_run(project)
    output = result.stdout + result.stderr
    assert result.returncode == 1
    expected = "steps.twice.type: 'toycompat::duoble' is not a registered step; did you mean"
    assert expected in " ".join(output.split())
    assert "Traceback" not in output and "imported from the current directory" not in output


@pytest.mark.parametrize(
    ("step", "message"),
    [
        (MISSPELT, "steps.twice.type: 'toycompat::duoble' is not a registered step; did you mean"),
        ({"type": "toycompat::double", "nubmer": 1},
         "steps.twice.nubmer: toycompat::double has no argument 'nubmer'; did you mean 'number'?"),
        ({"type": "toycompat::double"}, "steps.twice.number: toycompat::double needs a value here"),
        ({"type": "toycompat::double", "number": "four"},
         "steps.twice.number: expected a whole number, found 'four'"),
        ({"type": "toycompat::double", "number": {"type": "ref", "ref": "twize"}},
         "steps.twice.number: there is no step 'twize'; did you mean 'twice'?"),
        ("toycompat::double", "steps.twice: a step is an object with a type"),
        ({"number": 4}, "steps.twice.type: say which step"),
    ],
)  # fmt: skip
def test_config_errors_name_their_path(
    project: Path, monkeypatch: pytest.MonkeyPatch, step: Any, message: str
) -> None:
    monkeypatch.syspath_prepend(str(project))
    if "toycompat::double" not in Registrable._registry[TangoStep]:
        importlib.import_module("toycompat")
    with pytest.raises(ConfigurationError) as caught:
        StepGraph.from_params(Params({"steps": {"twice": step}}).pop("steps", keep_as_dict=True))
    assert message in str(caught.value)


def test_packages_are_recorded_without_pkg_resources() -> None:
    packages = dict(EnvironmentMetadata().packages or [])
    assert packages["ai2-tango"] == VERSION


def test_any_stays_what_it_is() -> None:
    value = tango.common.from_params.construct_arg(
        "Owner", "value", Params({"a": {"b": 1}}), Any, inspect.Parameter.empty
    )
    assert value == {"a": {"b": 1}}


def test_another_version_of_tango_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compat, "VERSION", "9.9.9")
    with pytest.raises(ConfigurationError, match=r"ai2-tango 1\.3\.2"):
        compat.install()


def test_what_is_patched_still_looks_as_it_did() -> None:
    """Fails loudly when Tango changes under the patches."""

    def arguments(function: Any) -> list[str]:
        return list(inspect.signature(inspect.unwrap(function)).parameters)

    assert arguments(prepare_workspace) == ["settings", "workspace_url"]
    assert arguments(StepGraph.from_params.__func__) == ["cls", "params"]  # type: ignore[attr-defined]
    assert arguments(tango.common.logging.log_exc_info) == [
        "exctype", "value", "traceback", "logger",
    ]  # fmt: skip
    assert arguments(tango.common.from_params.construct_arg)[:4] == [
        "class_name", "argument_name", "popped_params", "annotation",
    ]  # fmt: skip
    assert arguments(EnvironmentMetadata.__init__)[0] == "self"
    assert {"packages", "git"} <= set(arguments(EnvironmentMetadata.__init__))
    assert callable(get_pip_packages) and hasattr(GitMetadata, "check_for_repo")
    assert isinstance(tango.common.logging._EXCEPTIONS_LOGGED, list)
