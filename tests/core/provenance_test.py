from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tango.step import Step
from toy_steps import Add

from tango_ie.core import provenance
from tango_ie.core.provenance import Execution, device, packages
from tango_ie.core.records import parse_time
from tango_ie.core.workspace import TangoIEWorkspace


def test_content(
    workspace: TangoIEWorkspace, log: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    subprocess.run(["git", "init"], cwd=tmp_path, check=True, capture_output=True)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path / "sub")
    monkeypatch.setattr(sys, "argv", ["tango", "run", "x.jsonnet"])
    config = {"type": "toy::add", "log": log, "numbers": [1]}
    step = Step.from_params(config, step_name="a")
    run = workspace.register_run([step], "mine")
    step.result(workspace)
    facts = workspace.provenance(step)
    assert facts == json.loads((workspace.step_dir(step) / "provenance.json").read_text())
    assert (facts["step"], facts["unique_id"], facts["run"]) == ("a", step.unique_id, run.name)
    assert facts["config"] == config
    assert facts["state"] == "completed"
    assert facts["command"] == ["tango", "run", "x.jsonnet"]
    assert facts["cwd"] == str(tmp_path / "sub")
    assert facts["pid"] == os.getpid()
    assert facts["python"] == platform.python_version()
    assert facts["packages"]["ai2-tango"] == "1.3.2"
    assert facts["git"]["commit"] is None
    assert facts["git"]["remote"] is None
    assert 0 <= facts["wall_seconds"] < 30
    start, end = parse_time(facts["start_time"]), parse_time(facts["end_time"])
    assert start.utcoffset() == timedelta(0)
    assert abs((end - start).total_seconds() - facts["wall_seconds"]) < 1
    assert facts["peak_memory"]["process_bytes"] > 1_000_000
    assert facts["device"]["kind"] == "cpu"
    assert facts["device"]["name"]
    assert facts["device"]["cores"] == os.cpu_count()
    assert facts["earlier_attempts"] == []


def test_written_at_the_start(tmp_path: Path, log: str) -> None:
    execution = Execution(Add(step_name="a", log=log, numbers=[1]), tmp_path)
    facts = json.loads((tmp_path / "provenance.json").read_text())
    assert (facts["state"], facts["end_time"]) == ("running", None)
    execution.finish("failed")
    facts = json.loads((tmp_path / "provenance.json").read_text())
    assert facts["state"] == "failed"


def test_attempts_add_up_until_one_succeeds(tmp_path: Path, log: str) -> None:
    step = Add(step_name="a", log=log, numbers=[1])
    Execution(step, tmp_path)
    Execution(step, tmp_path).finish("failed")
    last = Execution(step, tmp_path)
    last.finish("completed")
    facts = json.loads((tmp_path / "provenance.json").read_text())
    assert [attempt["state"] for attempt in facts["earlier_attempts"]] == ["killed", "failed"]
    Execution(step, tmp_path)
    facts = json.loads((tmp_path / "provenance.json").read_text())
    assert facts["earlier_attempts"] == []


def test_packages_are_all_that_is_installed() -> None:
    assert packages()["pytest"] == importlib.metadata.version("pytest")
    assert list(packages()) == sorted(packages())


def test_user_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_name() -> str:
        raise KeyError("uid not found")

    monkeypatch.setattr(provenance.getpass, "getuser", no_name)
    assert provenance.user() is None


def test_gpu_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    class Torch:
        class cuda:  # noqa: N801
            get_device_name = staticmethod(lambda: "H200")
            device_count = staticmethod(lambda: 2)

        get_num_threads = staticmethod(lambda: 3)

    monkeypatch.setitem(sys.modules, "torch", Torch)  # type: ignore[arg-type]
    facts: dict[str, Any] = device(uses_cuda=True)
    assert (facts["kind"], facts["name"], facts["count"]) == ("cuda", "H200", 2)
    assert facts["torch_threads"] == 3
    assert device(uses_cuda=False)["kind"] == "cpu"
