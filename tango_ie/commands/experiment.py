"""From config files to one graph of steps."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from rjsonnet import evaluate_file
from tango.common.params import (
    Params,
    _environment_variables,
    parse_overrides,
    with_overrides,
)
from tango.step_graph import StepGraph

from tango_ie.core.errors import ConfigurationError
from tango_ie.core.reading import near_matches

_KEYS = ("steps", "include_package")
Steps = dict[str, Any]


@dataclass(frozen=True)
class ConfigFile:
    """An evaluated config file."""

    path: Path
    steps: Steps
    include_package: tuple[str, ...]


def parse_variables(pairs: Sequence[str]) -> dict[str, str]:
    """
    >>> parse_variables(["data=../conll", "query=a=b"])
    {'data': '../conll', 'query': 'a=b'}
    """
    variables = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise ConfigurationError(f"expected NAME=VALUE after -D, found {pair!r}")
        variables[key] = value
    return variables


def read_configs(
    paths: Sequence[Path], variables: Mapping[str, str], overrides: str
) -> list[ConfigFile]:
    """Evaluate config files; a file that is named twice counts once.

    Args:
        paths: Jsonnet, JSON or YAML.
        variables: Jsonnet's external variables.
        overrides: JSON or Jsonnet of values to be replaced, by their path in the config; each must
            occur in at least one of the files.

    Raises:
        ConfigurationError: a file cannot be evaluated, or is not a config.
    """
    distinct = list({path.resolve(): path for path in paths}.values())
    try:
        changes = parse_overrides(overrides, ext_vars=dict(variables))
    except (RuntimeError, ValueError) as error:
        raise ConfigurationError(f"the overrides are not Jsonnet: {error}") from error
    used: Counter[str] = Counter()
    configs = [_read_config(path, variables, changes, used) for path in distinct]
    unused = [key for key in changes if not used[key]]
    if unused:
        raise ConfigurationError(f"no config has {', '.join(unused)}, which -o was to replace")
    return configs


def merge(configs: Sequence[ConfigFile]) -> Steps:
    """The steps of all files; with several files, names get the name of their file in front."""
    if len(configs) == 1:
        return configs[0].steps
    merged: Steps = {}
    for prefix, config in zip(_prefixes([config.path for config in configs]), configs, strict=True):
        names = {name: f"{prefix}.{name}" for name in config.steps}
        for name, step in config.steps.items():
            merged[names[name]] = rename_references(step, names)
    return merged


def join_equal_steps(steps: Steps) -> tuple[Steps, dict[str, str]]:
    """Keep the first of the steps that have one id, so that each is listed and run once.

    Returns:
        The remaining steps, and for each name that was dropped the one that stands for it.
    """
    graph = build_graph(steps)
    first: dict[str, str] = {}
    dropped = {}
    for name in steps:
        kept = first.setdefault(graph[name].unique_id, name)
        if kept != name:
            dropped[name] = kept
    remaining = {
        name: rename_references(step, dropped)
        for name, step in steps.items()
        if name not in dropped
    }
    return remaining, dropped


def build_graph(steps: Mapping[str, Any]) -> StepGraph:
    """The graph of the steps; everything in their configs is checked on the way."""
    params = Params({"steps": deepcopy(dict(steps))})
    return StepGraph.from_params(params.pop("steps"))


def rename_references(value: Any, names: Mapping[str, str]) -> Any:
    """A config in which references lead to the steps' new names.

    >>> rename_references({"corpus": {"type": "ref", "ref": "read"}}, {"read": "a.read"})
    {'corpus': {'type': 'ref', 'ref': 'a.read'}}
    """
    if isinstance(value, Mapping):
        if StepGraph._dict_is_ref(dict(value)):
            return {**value, "ref": names.get(value["ref"], value["ref"])}
        return {key: rename_references(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [rename_references(item, names) for item in value]
    return value


def _read_config(
    path: Path, variables: Mapping[str, str], changes: Mapping[str, Any], used: Counter[str]
) -> ConfigFile:
    config = _evaluate(path, variables)
    for key, value in changes.items():
        try:
            config = with_overrides(config, {key: value})
        except ValueError:
            continue
        used[key] += 1
    for key in config:
        if key not in _KEYS:
            raise ConfigurationError(
                f"{path} has {key!r} at its top, where only {' and '.join(_KEYS)} can stand; "
                f"{near_matches(key, _KEYS)} (a field that only other fields use is written `::`)"
            )
    steps = config.get("steps")
    if not isinstance(steps, dict) or not steps:
        raise ConfigurationError(f"{path} has no steps")
    return ConfigFile(path, steps, tuple(config.get("include_package") or ()))


def _evaluate(path: Path, variables: Mapping[str, str]) -> dict[str, Any]:
    """Like Tango, but for local files alone, which spares the import of clients for clouds."""
    try:
        if path.suffix in (".yml", ".yaml"):
            config = yaml.safe_load(path.read_text(encoding="utf-8"))
        else:
            known = {**_environment_variables(), **variables}
            config = json.loads(evaluate_file(path.name, str(path.parent), ext_vars=known))
    except (RuntimeError, ValueError, OSError, yaml.YAMLError) as error:
        hint = "; give it with -D NAME=VALUE" if "external variable" in str(error) else ""
        raise ConfigurationError(f"{path} cannot be evaluated: {error}{hint}") from error
    if not isinstance(config, dict):
        raise ConfigurationError(f"{path} holds no object")
    return config


def _prefixes(paths: Sequence[Path]) -> list[str]:
    """The files' stems; equal ones with the names of as many parent folders as it takes."""
    parts = [path.resolve().with_suffix("").parts[1:] for path in paths]
    depths = [1] * len(paths)
    while True:
        names = ["_".join(part[-depth:]) for part, depth in zip(parts, depths, strict=True)]
        equal = [place for place, name in enumerate(names) if names.count(name) > 1]
        deeper = [place for place in equal if depths[place] < len(parts[place])]
        if not deeper:  # nothing is equal, or only the endings (.json, .yaml) differ
            for place in equal:
                names[place] += paths[place].suffix.replace(".", "_")
            return names
        for place in deeper:
            depths[place] += 1
