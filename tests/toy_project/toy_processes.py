"""Processes for tests, started fast: they are forked from one that has imported Tango already."""

from __future__ import annotations

import functools
import json
import multiprocessing
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import pytest

_CONTEXT = multiprocessing.get_context("forkserver")
_HERE = Path(__file__).parent
_ROOT = _HERE.parents[1]
_DEADLINE = 60.0


@functools.cache
def _start_server() -> None:
    """Start the process that is forked; it imports once what all of them need."""
    commands = [f"tango_ie.commands.{name}" for name in ("run", "check", "rerun", "gc")]
    _CONTEXT.set_forkserver_preload(["pytest", "tango_ie.cli", *commands, "toy_steps"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(_HERE), str(_ROOT)]))
        forkserver.ensure_running()


class Running:
    """A process whose output goes to a file."""

    def __init__(self, function: Callable[..., Any], output: Path, *arguments: Any) -> None:
        _start_server()
        self.output = output
        self._process = _CONTEXT.Process(target=_main, args=(function, str(output), arguments))
        self._process.start()

    @property
    def pid(self) -> int:
        """Its number."""
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> None:
        """``kill -9``."""
        self._process.kill()
        self._process.join(_DEADLINE)

    def wait(self) -> int:
        """Its exit code."""
        self._process.join(_DEADLINE)
        code = self._process.exitcode
        assert code is not None, f"still running: {self.text}"
        return code

    @property
    def text(self) -> str:
        """What it has written so far, to both streams."""
        return self.output.read_text() if self.output.exists() else ""


def until(condition: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + _DEADLINE
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.01)


def compute(folder: str, step_type: str, arguments: Mapping[str, Any]) -> None:
    """Get the result of one step in a workspace, and print it as JSON."""
    import toy_steps  # noqa: F401
    from tango.step import Step

    from tango_ie.core.workspace import TangoIEWorkspace

    step = Step.from_params({"type": step_type, **arguments}, step_name=step_type)
    sys.stdout.write(json.dumps(step.result(TangoIEWorkspace(folder))))


def compute_in_parallel(folder: str, steps: Mapping[str, Any]) -> None:
    """Run steps with Tango's parallel executor, and print the names of those that succeeded."""
    import toy_steps  # noqa: F401
    from tango.common.params import Params
    from tango.executors import MulticoreExecutor
    from tango.step_graph import StepGraph

    from tango_ie.core.workspace import TangoIEWorkspace

    os.environ["PYTHONPATH"] = os.pathsep.join([str(_HERE), str(_ROOT)])
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    get_state = MulticoreExecutor._get_state

    def get_state_politely(self: Any, step: Any) -> Any:
        time.sleep(0.05)  # Tango asks without a pause, at the cost of the children
        return get_state(self, step)

    MulticoreExecutor._get_state = get_state_politely  # type: ignore[method-assign]
    workspace = TangoIEWorkspace(folder)
    graph = StepGraph.from_params(Params({"steps": dict(steps)}).pop("steps"))
    run = workspace.register_run(graph.values())
    packages = ["tango_ie.core.workspace", "toy_steps"]
    executor = MulticoreExecutor(workspace, include_package=packages, parallelism=2)
    output = executor.execute_step_graph(graph, run_name=run.name)
    sys.stdout.write(json.dumps(sorted(output.successful)))


def command(folder: str, arguments: Sequence[str]) -> None:
    """``cd folder; tango-ie arguments``."""
    from tango_ie.cli import main
    from tango_ie.commands import session

    # The whole library takes seconds to import, and the toy steps need none of it.
    session._OWN_PACKAGES = ("tango_ie.core",)  # type: ignore[assignment]
    os.chdir(folder)
    sys.argv = ["tango-ie", *arguments]
    main()


def open_workspace(folder: str) -> None:
    """Only make the workspace."""
    from tango_ie.core.workspace import TangoIEWorkspace

    TangoIEWorkspace(folder)


def _main(function: Callable[..., Any], output: str, arguments: Sequence[Any]) -> None:
    descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", closefd=False)
    os.environ["COLUMNS"] = "150"
    # Tango logs otherwise in processes that Python's multiprocessing has started.
    multiprocessing.process._parent_process = None  # type: ignore[attr-defined]
    from tango.common.logging import initialize_logging

    if function is not command:
        initialize_logging(enable_cli_logs=True)
    try:
        function(*arguments)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
