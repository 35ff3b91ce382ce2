"""Mends ai2-tango 1.3.2 on today's stack, in one place.

Each function below names the fault that it mends. :func:`install` is called when ``tango_ie.core``
is imported and may be called again. It refuses any other version of Tango: what is patched here is
Tango's inside, and a silent mismatch would be worse.
"""

from __future__ import annotations

import difflib
import functools
import importlib
import logging
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import tango.cli
import tango.common.from_params
import tango.common.logging
import tango.common.registrable
from rich.markup import escape
from tango.common import Params, Registrable
from tango.settings import TangoGlobalSettings
from tango.step import Step as TangoStep
from tango.step_graph import StepGraph
from tango.step_info import EnvironmentMetadata, GitMetadata
from tango.version import VERSION
from tango.workspace import Workspace

from tango_ie.core.errors import ConfigurationError, TangoIEError
from tango_ie.core.git_state import git_state
from tango_ie.core.provenance import packages
from tango_ie.core.reading import near_matches, plain, resolve_class

SUPPORTED_VERSION = "1.3.2"
_MARK = "_tango_ie_installed"


def install() -> None:
    """Mend Tango; calling it again does nothing.

    Raises:
        ConfigurationError: another version of Tango is installed.
    """
    if VERSION != SUPPORTED_VERSION:
        raise ConfigurationError(
            f"tango_ie mends ai2-tango {SUPPORTED_VERSION}, but {VERSION} is installed; "
            f"run: pip install ai2-tango=={SUPPORTED_VERSION}"
        )
    if getattr(tango, _MARK, False):
        return
    _record_environment_quietly()
    _search_no_directories()
    _leave_any_alone()
    _show_our_errors_plainly()
    _read_our_steps()
    _check_references()
    _use_our_workspace_by_default()
    setattr(tango, _MARK, True)


def _record_environment_quietly() -> None:
    """Tango asks ``pkg_resources``, which is gone, and dies without a commit or an ``origin``."""
    metadata = EnvironmentMetadata
    original = metadata.__init__

    @functools.wraps(original)
    def record(self: Any, *args: Any, **kwargs: Any) -> None:
        if not args:
            kwargs.setdefault("packages", list(packages().items()))
            if "git" not in kwargs:
                state = git_state()
                kwargs["git"] = state and GitMetadata(state.commit, state.remote)
        original(self, *args, **kwargs)

    metadata.__init__ = record  # type: ignore[method-assign]


def _search_no_directories() -> None:
    """An unknown name must not import every script of the current directory."""

    def search_modules(cls: type[Registrable], name: str) -> None:
        if name in Registrable._registry[cls]:
            return
        for module in ("workspaces", "executors", "step_caches", "format"):
            importlib.import_module(f"tango.{module}")
        package = name.split("::")[0]
        if "::" in name and package in ("torch", "datasets", "gs"):
            importlib.import_module(f"tango.integrations.{package}")

    def suggest(name: str, available: list[str]) -> str | None:
        near = difflib.get_close_matches(name, available, n=1)
        return near[0] if near else None

    Registrable.search_modules = classmethod(search_modules)  # type: ignore
    tango.common.registrable._get_suggestion = suggest


def _leave_any_alone() -> None:
    """Since Python 3.11 ``typing.Any`` is a class, which Tango tries to instantiate."""
    original = tango.common.from_params.construct_arg

    @functools.wraps(original)
    def construct_arg(
        class_name: str,
        argument_name: str,
        popped_params: Any,
        annotation: Any,
        *args: Any,
        **kw: Any,
    ) -> Any:
        if annotation is Any:
            return plain(popped_params)
        return original(class_name, argument_name, popped_params, annotation, *args, **kw)

    tango.common.from_params.construct_arg = construct_arg


def _show_our_errors_plainly() -> None:
    """One message, no traceback, and square brackets that rich does not take for markup."""
    original = tango.common.logging.log_exc_info

    @functools.wraps(original)
    def log_exc_info(
        exctype: Any, value: Any, traceback: Any, logger: logging.Logger | None = None
    ) -> None:
        seen = tango.common.logging._EXCEPTIONS_LOGGED
        if not isinstance(value, TangoIEError):
            original(exctype, value, traceback, logger)
        elif value not in seen:
            seen.append(value)
            # At this level Tango prints the message alone, without time and place in our source.
            tango.common.logging.cli_logger.info("[red]error:[/] %s", escape(str(value)))

    tango.common.logging.log_exc_info = log_exc_info


def _read_our_steps() -> None:
    """Steps of ours read their config themselves; unknown names get near matches and a path."""
    from tango_ie.core.step import Step

    original: Callable[..., TangoStep[Any]] = TangoStep.from_params.__func__  # type: ignore

    @functools.wraps(original)
    def from_params(
        cls: type[TangoStep[Any]], params: Any, *args: Any, **kwargs: Any
    ) -> TangoStep[Any]:
        step_name = kwargs.get("step_name")
        config = params if isinstance(params, (Params, Mapping)) else {"type": params}
        path = f"steps.{step_name}" if step_name else "step"
        choice = config.get("type")
        if not isinstance(choice, str):
            raise ConfigurationError(
                f"say which step; {near_matches('', TangoStep.list_available())}",
                f"{path}.type",
            )
        if choice not in TangoStep.list_available():
            TangoStep.search_modules(choice)
        step_class, _, full_name = resolve_class(TangoStep, choice, f"{path}.type")
        if issubclass(step_class, Step):
            return step_class.from_config(config, step_name)
        config = Params({**plain(config), "type": full_name})
        return original(cls, config, *args, **kwargs)

    TangoStep.from_params = classmethod(from_params)  # type: ignore


def _check_references() -> None:
    """A reference to a step that does not exist names its place and the near matches."""
    original = StepGraph.from_params.__func__  # type: ignore[attr-defined]

    @functools.wraps(original)
    def from_params(cls: type[StepGraph], params: Mapping[str, Any]) -> StepGraph:
        for name, config in params.items():
            if not isinstance(config, (Params, Mapping)):
                raise ConfigurationError("a step is an object with a type", f"steps.{name}")
            for path, reference in _references(plain(config), f"steps.{name}"):
                if reference not in params:
                    raise ConfigurationError(
                        f"there is no step {reference!r}; {near_matches(str(reference), params)}",
                        path,
                    )
        graph: StepGraph = original(cls, params)
        return graph

    StepGraph.from_params = classmethod(from_params)  # type: ignore


def _references(value: Any, path: str) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        if StepGraph._dict_is_ref(value):  # type: ignore[arg-type]
            return [(path, value["ref"])]
        pairs = [(str(key), item) for key, item in value.items()]
    elif isinstance(value, list):
        pairs = [(str(place), item) for place, item in enumerate(value)]
    else:
        return []
    return [found for key, item in pairs for found in _references(item, f"{path}.{key}")]


def _use_our_workspace_by_default() -> None:
    """Below the folder of a ``tango.yml``, or without any, results are kept and not thrown away.

    Tango looks for its settings in the current folder alone and otherwise keeps results in memory.
    A path given by ``-w`` means a workspace of ours too.
    """
    original = tango.cli.prepare_workspace

    @functools.wraps(original)
    def prepare_workspace(
        settings: TangoGlobalSettings | None = None, workspace_url: str | None = None
    ) -> Workspace:
        from tango_ie.core.workspace import TangoIEWorkspace, find_workspace_dir

        if workspace_url is not None and "://" not in workspace_url:
            return TangoIEWorkspace(workspace_url)
        if workspace_url is None and (settings is None or settings.workspace is None):
            return TangoIEWorkspace(str(find_workspace_dir(Path.cwd())))
        return original(settings, workspace_url)

    tango.cli.prepare_workspace = prepare_workspace
    for name in ("tango.__main__", "__main__"):
        # The command has imported the function by name before it imports us.
        module = sys.modules.get(name)
        if getattr(module, "prepare_workspace", None) is original:
            module.prepare_workspace = prepare_workspace  # type: ignore[union-attr]
