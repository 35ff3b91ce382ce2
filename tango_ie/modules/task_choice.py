"""Which tasks a model of several tasks may be told to have; see the multi-task tagger."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from torch import nn

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches
from tango_ie.modules.task_head import ENTITIES, Task

_NAME = re.compile(r"[a-z][a-z0-9_]*")


def main_task(tasks: Mapping[str, Task], main: str | None) -> str:
    """The task that it is all about: ``main``, else ``ner``, else the only one.

    Raises:
        ConfigurationError: there is no task, not this one, or several and none said.
    """
    if not tasks:
        raise ConfigurationError("name at least one task, for example {ner: {}}", "tasks")
    if main is None:
        if "ner" not in tasks and len(tasks) > 1:
            raise ConfigurationError(f"say which of {', '.join(sorted(tasks))}", "main")
        return "ner" if "ner" in tasks else next(iter(tasks))
    return known_tasks([main], tasks, "main")[0]


def known_tasks(names: Collection[str], tasks: Mapping[str, Any], argument: str) -> list[str]:
    """The names, each of a task and there once.

    Raises:
        ConfigurationError: under the name of the ``argument``.
    """
    for name in names:
        if name not in tasks:
            raise ConfigurationError(
                f"there is no task {name!r}; {near_matches(name, tasks)}", argument
            )
    if len({*names}) < len(names) or not names:
        raise ConfigurationError(f"name each task once, found {[*names]}", argument)
    return list(names)


def check_tasks(
    tasks: Mapping[str, Task], layers: Mapping[str, str], inputs: Sequence[str]
) -> None:
    """Names that a module can have, a layer for each task, and no layer twice.

    Raises:
        ConfigurationError: whatever is not so.
    """
    reserved = nn.ModuleDict()
    for name, task in tasks.items():
        if not _NAME.fullmatch(name) or hasattr(reserved, name):
            raise ConfigurationError(
                f"{name!r} cannot name a task; choose another name of a–z, 0–9 and _, and say "
                "what it tags with `layer`",
                "tasks",
            )
        if task.shuffle and layers[name] == ENTITIES:
            raise ConfigurationError(
                "entities cannot be shuffled: their tags would break the scheme",
                f"tasks.{name}.shuffle",
            )
        if list(layers.values()).count(layers[name]) > 1:
            raise ConfigurationError(f"two tasks tag the layer {layers[name]!r}", "tasks")
    for layer in inputs:
        if layer in layers.values() or list(inputs).count(layer) > 1:
            raise ConfigurationError(
                f"the layer {layer!r} is there twice: as an input, and as a task or input again",
                "inputs",
            )
