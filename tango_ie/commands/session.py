"""What every command needs: the settings that govern the current folder, packages, a workspace."""

from __future__ import annotations

import importlib.util
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.markup import escape
from tango.cli import cleanup_cli, initialize_cli
from tango.common.exceptions import ConfigurationError as TangoConfigurationError
from tango.common.params import Params
from tango.common.util import import_extra_module
from tango.settings import TangoGlobalSettings
from tango.workspace import Workspace

from tango_ie.core.errors import ConfigurationError, WorkspaceError
from tango_ie.core.settings_file import find_settings_file, find_workspace_dir
from tango_ie.core.workspace import TangoIEWorkspace

_OWN_PACKAGES = ("tango_ie", "steps")
_WIDTH_OF_FILES = 160


@dataclass(frozen=True)
class Session:
    """The settings of one command.

    Attributes:
        settings: from the nearest ``tango.yml``, or the user's own, or Tango's defaults.
        root: the folder of that file; the current folder without one.
    """

    settings: TangoGlobalSettings
    root: Path

    def import_packages(self, more: Iterable[str] = ()) -> list[str]:
        """Import what registers the parts that configs name.

        Args:
            more: packages named by a config or on the command line.

        Returns:
            All packages, each once.

        Raises:
            ConfigurationError: there is no such package.
        """
        own = [name for name in _OWN_PACKAGES if importlib.util.find_spec(name) is not None]
        names = list(dict.fromkeys([*own, *(self.settings.include_package or ()), *more]))
        for name in names:
            try:
                import_extra_module(name)
            except ModuleNotFoundError as error:
                if error.name != name.split(".")[0]:
                    raise
                raise ConfigurationError(
                    f"include_package names {name!r}, which cannot be imported from {self.root}"
                ) from error
        return names

    def workspace(self, url: str | None = None) -> Workspace:
        """The workspace that was asked for, or that the settings name.

        Args:
            url: a folder, or a URL such as ``tie:///data/workspace``.
        """
        if url is not None:
            return Workspace.from_url(url) if "://" in url else TangoIEWorkspace(url)
        params = self.settings.workspace
        if params is None:
            return TangoIEWorkspace(str(find_workspace_dir(Path.cwd())))
        params = dict(params)
        if isinstance(params.get("dir"), str):
            params["dir"] = str(self.root / Path(params["dir"]).expanduser())
        workspace: Workspace = Workspace.from_params(params)
        return workspace

    def own_workspace(self, url: str | None = None) -> TangoIEWorkspace:
        """Like :meth:`workspace`, where only one of ours will do.

        Raises:
            WorkspaceError: it is of another kind.
        """
        workspace = self.workspace(url)
        if not isinstance(workspace, TangoIEWorkspace):
            raise WorkspaceError(
                f"this command works on a workspace of type tango_ie::local, and the settings name "
                f"a {type(workspace).__name__}; give another one with -w"
            )
        return workspace


@contextmanager
def session() -> Iterator[Session]:
    """Read the settings, and log as Tango does until the command ends."""
    path = find_settings_file(Path.cwd())
    settings = TangoGlobalSettings.default() if path is None else _read_settings(path)
    root = Path.cwd() if path is None else path.parent
    _make_importable(root)
    # Tango insists on choosing the start method itself, once.
    multiprocessing.set_start_method(None, force=True)
    initialize_cli(settings=settings)
    try:
        yield Session(settings, root)
    finally:
        cleanup_cli()


def show(*renderables: Any) -> None:
    """Print to the terminal, or with room for tables into a file."""
    console = Console(soft_wrap=True)
    if not console.is_terminal and "COLUMNS" not in os.environ:
        console.width = _WIDTH_OF_FILES
    console.print(*renderables, highlight=False)


def show_error(message: str) -> None:
    """One red message."""
    Console(stderr=True, soft_wrap=True).print(f"[red]error:[/] {escape(message)}", highlight=False)


def _read_settings(path: Path) -> TangoGlobalSettings:
    # Tango's own function imports the clients of three clouds first.
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        return TangoGlobalSettings.from_params(Params({**values, "_path": path}))
    except (TangoConfigurationError, yaml.YAMLError, TypeError, ValueError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}") from error


def _make_importable(root: Path) -> None:
    """Packages beside ``tango.yml`` are found from its subfolders too."""
    sys.path.insert(0, str(root))
    if root != Path.cwd():
        _prepend("PYTHONPATH", str(root))
    # Tango's parallel executor starts `tango`, which lies beside the Python that runs us.
    _prepend("PATH", str(Path(sys.executable).parent))


def _prepend(variable: str, folder: str) -> None:
    """Put a folder in front of a list of folders that child processes inherit."""
    inherited = os.environ.get(variable)
    os.environ[variable] = os.pathsep.join([folder, *([inherited] if inherited else [])])
