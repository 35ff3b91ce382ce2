"""The thin layer over Tango: config, cache keys, steps, workspace; see ``compat`` for its mends."""

from tango_ie.core.compat import install
from tango_ie.core.config import Lazy, build
from tango_ie.core.errors import ConfigurationError, DataError, TangoIEError, WorkspaceError
from tango_ie.core.input_files import InputFile, PretrainedName
from tango_ie.core.registry import Registrable
from tango_ie.core.step import Step
from tango_ie.core.workspace import TangoIEWorkspace

install()

__all__ = [
    "ConfigurationError",
    "DataError",
    "InputFile",
    "Lazy",
    "PretrainedName",
    "Registrable",
    "Step",
    "TangoIEError",
    "TangoIEWorkspace",
    "WorkspaceError",
    "build",
]
